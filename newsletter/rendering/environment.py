"""The Jinja environment of every template: sandboxed, strict about missing names, escaping by default."""

import functools
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter import paths


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
