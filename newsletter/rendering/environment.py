"""The Jinja environment of every template: sandboxed, strict about missing names, escaping by default."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter import paths, urls, words
from newsletter.config import Settings
from newsletter.rendering import dates, hours, logos, markup, places, plain, sizes, typeset, written

_FILTERS: dict[str, Callable[..., Any]] = {
    "day": dates.day,
    "span": dates.span,
    "period": dates.period,
    "leaves": dates.leaves,
    "moment": dates.moment,
    "written_day": written.day,
    "written_span": written.span,
    "written_period": written.period,
    "hours": hours.lines,
    "elsewhere": hours.is_elsewhere,
    "zone_city": places.city,
    "town": places.town,
    "bytes": sizes.told,
    "together": typeset.together,
    "clean": markup.clean,
    "linked": markup.linked,
    "plain": plain.from_html,
    "wrap": plain.wrap,
    "underlined": plain.underlined,
}
"""What templates may do to values; the functions say how."""


@functools.cache
def create(folder: Path | None = None) -> ImmutableSandboxedEnvironment:
    """Return the environment over the bundled templates, or over an office's own `folder`.

    Names are `mail/...`, `web/...`, `editor/...`, `social/...`. Files ending in `.html.j2`
    and `.xml.j2` escape; `.txt.j2` do not. The filters are functions of dates, markup and plain.
    """
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder or paths.bundled("templates")),
        autoescape=select_autoescape(enabled_extensions=("html.j2", "xml.j2"), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(_FILTERS)
    return environment


def frame(settings: Settings, language: str) -> dict[str, Any]:
    """Return the names every mail template needs: who writes, in which language and colours, and the standing words.

    `themed(name)` gives the file of the office's theme, and after it the one that stands in for a theme without.
    Templates never see the whole settings, which hold secrets.
    """
    return {
        "language": language,
        "office": settings.office,
        "publication": settings.publication,
        "look": settings.look,
        "say": words.load("mail", language),
        "tongues": (),  # further languages of the same mail
        "themed": lambda name: [f"mail/themes/{settings.look.theme}/{name}", f"mail/{name}"],
        "logo": logos.address(settings),
        "image_url": lambda image_hash: urls.image(settings, image_hash),
        "flyer_url": lambda flyer: urls.flyer(settings, flyer.hash),
        "calendar_url": lambda language, story_id: urls.story_calendar(settings, language, story_id),
        "home_url": urls.home(settings, language),
        "subscribe_url": urls.subscribe(settings, language),
    }
