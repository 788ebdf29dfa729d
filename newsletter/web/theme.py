"""The office's colours and type as a style sheet, made from the settings."""

from newsletter.config import Look, Palette

NAME = "theme.css"


def css(look: Look) -> str:
    """Return custom properties for every colour, light and dark, and for the fonts."""
    fonts = f"--text-font: {look.text_font}; --heading-font: {look.heading_font};"
    return (
        f":root {{ {fonts} }}\n"
        f":root {{ color-scheme: light dark; {_properties(look.light)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {_properties(look.dark)} }} }}\n"
        # Paper is white: a printed page never follows a dark screen.
        f"@media print {{ :root {{ color-scheme: light; {_properties(look.light)} }} }}\n"
    )


def _properties(palette: Palette) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in palette.model_dump().items())
