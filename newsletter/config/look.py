"""How mails and pages look: a theme, and what the office does differently."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator, model_validator

from newsletter import paths
from newsletter.config.base import Colour, Section

THEMES = "templates", "mail/themes"
Fonts = Annotated[str, StringConstraints(pattern=r"^[\w ,.\-']*$", max_length=300)]
"""Names of fonts as in CSS, the last one generic; names of several words in single quotes."""


class Palette(Section):
    """Colours of one scheme."""

    paper: Colour
    wash: Colour
    line: Colour
    ink: Colour
    soft: Colour
    fairs: Colour
    food: Colour
    industry: Colour
    notice: Colour


class Look(Section):
    """The theme with the office's own colours, type and logo; what the office does not name is the theme's."""

    theme: str = "paper"
    text_font: Fonts
    heading_font: Fonts
    logo: Path | None = None
    logo_width: Annotated[int, Field(ge=16, le=240)] = 48  # pixels in the mail
    light: Palette
    dark: Palette

    @model_validator(mode="before")
    @classmethod
    def _with_its_theme(cls, given: Any) -> Any:
        return _over(theme(str(given.get("theme", "paper"))), given) if isinstance(given, dict) else given

    @field_validator("logo")
    @classmethod
    def _a_picture(cls, value: Path | None) -> Path | None:
        if value is not None and value.suffix.lower() not in (".png", ".jpg", ".jpeg"):
            message = "the logo must be a PNG or JPEG file"
            raise ValueError(message)
        return value


def themes() -> list[str]:
    """Return the names of the themes: the folders of templates/mail/themes."""
    return sorted(path.parent.name for path in _folder().glob("*/theme.toml"))


def theme(name: str) -> dict[str, Any]:
    """Return what a theme says in its theme.toml; raise ValueError for one that there is not."""
    if name not in themes():
        message = f"there is no theme {name!r}; known are {', '.join(themes())}"
        raise ValueError(message)
    try:
        return tomllib.loads((_folder() / name / "theme.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"mail/themes/{name}/theme.toml cannot be read: {error}"
        raise ValueError(message) from error


def _folder() -> Path:
    bundle, inside = THEMES
    return paths.bundled(bundle) / inside


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return `below` with the values of `above` in their place, section by section."""
    sections = [name for name, value in above.items() if isinstance(value, dict) and isinstance(below.get(name), dict)]
    return below | above | {name: _over(below[name], above[name]) for name in sections}
