"""The Jinja environment of every template: sandboxed, strict about missing names, escaping by default."""

import functools
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter import paths, urls, words
from newsletter.config import Settings


@functools.cache
def create(folder: Path | None = None) -> ImmutableSandboxedEnvironment:
    """Return the environment over the bundled templates, or over an office's own `folder`.

    Names are `mail/...`, `web/...`, `editor/...`, `social/...`. Files ending in `.html.j2`
    and `.xml.j2` escape; `.txt.j2` do not.
    """
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder or paths.bundled("templates")),
        autoescape=select_autoescape(enabled_extensions=("html.j2", "xml.j2"), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def frame(settings: Settings, language: str) -> dict[str, Any]:
    """Return the names every mail template needs: who writes, in which language and colours, and the standing words.

    Templates never see the whole settings, which hold secrets.
    """
    return {
        "language": language,
        "office": settings.office,
        "publication": settings.publication,
        "look": settings.look,
        "say": words.load("mail", language),
        "home_url": urls.home(settings, language),
        "subscribe_url": urls.subscribe(settings, language),
    }
