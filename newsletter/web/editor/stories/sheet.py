"""The page with a story's form."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from babel import Locale
from starlette.responses import Response

from newsletter import flyers, images
from newsletter.archive import pages
from newsletter.models import Story
from newsletter.web.editor.desk import Desk
from newsletter.web.editor.stories import desk, fields, zones
from newsletter.web.editor.stories.clashes import Clash
from newsletter.web.editor.stories.form import MOST_DAYS, Form
from newsletter.web.editor.stories.saying import Wrong


def page(
    at: Desk,
    story: Story | None,
    typed: Form,
    *,
    wrong: Mapping[str, Wrong] = MappingProxyType({}),
    clashing: Sequence[Clash] = (),
    by: str = "",
) -> Response:
    """Return the form of a story, or of a new one, with what is wrong with it or undecided in it."""
    settings = at.context.settings
    return at.page(
        "story_form",
        status=422 if wrong else 409 if clashing else 200,
        here=desk.path(at, story, "edit") if story else at.links.at("stories", "new", kind=typed.kind),
        story=story,
        form=typed,
        colour={one.key: one.colour for one in settings.publication.topics}.get(typed.facts.get("topic", ""), "notice"),
        spec=fields,
        wrong={name: _sentence(at, one) for name, one in wrong.items()},
        clashes=clashing,
        by=by,
        countries=countries(at, settings.publication.countries),
        zones=[(zone, zones.label(zone, at.language)) for zone in zones.offered(settings, typed.facts.get("zone", ""))],
        focus=fields.nearest(typed.picture.focus) if typed.picture else fields.nearest((0.5, 0.5)),
        size=pages.size,
        most={
            "days": MOST_DAYS,
            "picture": images.MAX_BYTES // 1_000_000,
            "flyer": flyers.MAX_BYTES // 1_000_000,
        },
    )


def countries(at: Desk, codes: Sequence[str]) -> list[tuple[str, str]]:
    """Return the codes of countries with their names, as the settings order them."""
    territories = Locale.parse(at.language).territories
    return [(code, str(territories.get(code, code)).partition(" (")[0]) for code in codes]


def _sentence(at: Desk, wrong: Wrong) -> str:
    limits = {"picture": images.MAX_BYTES // 1_000_000, "flyer": flyers.MAX_BYTES // 1_000_000}
    pixels = images.MAX_PIXELS // 1_000_000
    return at.words(f"story_wrong.{wrong.sentence}", **{**limits, "pixels": pixels, "days": MOST_DAYS, **wrong.values})
