"""Make newsletter/checks/support.toml from caniemail's data.

`npm pack caniemail@2.0.2`, unpack it, then

    python tests/newsletter/checks/take_support.py package/data/caniemail.json 2.0.2 > newsletter/checks/support.toml

Run when a new version of that package is worth its facts; nothing of it is needed when the product runs.
"""

import json
import sys
from pathlib import Path
from typing import Any

PROGRAMS = {
    "Gmail": ("gmail", ("desktop-webmail", "ios", "android")),
    "Outlook on Windows": ("outlook", ("windows",)),
    "Outlook.com": ("outlook", ("outlook-com",)),
    "Outlook on telephones": ("outlook", ("ios", "android")),
    "Apple Mail": ("apple-mail", ("macos", "ios")),
    "Yahoo Mail": ("yahoo", ("desktop-webmail", "ios", "android")),
    "Samsung Email": ("samsung-email", ("android",)),
}
"""What nearly all readers use and the data knows (Yahoo! JAPAN is not in it): family and platforms."""

FEATURES = {
    # How a mail is laid out: where it is lacking, things fall into or over each other.
    "css-display-flex": ("value", "display: flex"),
    "css-display-grid": ("value", "display: grid"),
    "css-position": ("property", "position"),
    "css-float": ("property", "float"),
    "css-column-count": ("property", "column-count"),
    "css-flex-direction": ("property", "flex-direction"),
    "css-flex-wrap": ("property", "flex-wrap"),
    "css-justify-content": ("property", "justify-content"),
    "css-align-items": ("property", "align-items"),
    "css-gap": ("property", "gap"),
    "css-grid-template": ("property", "grid-template-columns"),
    "css-left-right-top-bottom": ("property", "top"),
    "css-inset": ("property", "inset"),
    "css-transform": ("property", "transform"),
    "css-clip-path": ("property", "clip-path"),
    "css-object-fit": ("property", "object-fit"),
    "css-aspect-ratio": ("property", "aspect-ratio"),
    "css-margin-inline-block": ("property", "margin-inline"),
    "css-padding-inline-block": ("property", "padding-inline"),
    "css-writing-mode": ("property", "writing-mode"),
    "css-variables": ("function", "var"),
    "css-unit-calc": ("function", "calc"),
    "css-function-clamp": ("function", "clamp"),
    "css-function-max": ("function", "max"),
    "css-function-min": ("function", "min"),
    "css-unit-rem": ("unit", "rem"),
    "css-unit-vw": ("unit", "vw"),
    "css-unit-vh": ("unit", "vh"),
    "css-unit-ch": ("unit", "ch"),
    # Colours: where one is lacking, text may stand on a ground it cannot be read on.
    "css-background-image": ("property", "background-image"),
    "css-linear-gradient": ("function", "linear-gradient"),
    "css-radial-gradient": ("function", "radial-gradient"),
    "css-conic-gradient": ("function", "conic-gradient"),
    "css-rgba": ("function", "rgba"),
    "css-function-light-dark": ("function", "light-dark"),
    "css-filter": ("property", "filter"),
    "css-mix-blend-mode": ("property", "mix-blend-mode"),
    "css-opacity": ("property", "opacity"),
    # Style sheets: what only they say is lost.
    "css-at-import": ("rule", "import"),
    "css-nesting": ("nesting", "nesting"),
    "html-link": ("element", "link"),
    "html-base": ("element", "base"),
    # Elements that are taken out or do nothing.
    "html-form": ("element", "form"),
    "html-button-submit": ("element", "button"),
    "html-input-text": ("element", "input"),
    "html-select": ("element", "select"),
    "html-textarea": ("element", "textarea"),
    "html-video": ("element", "video"),
    "html-audio": ("element", "audio"),
    "html-svg": ("element", "svg"),
    "html-object": ("element", "object"),
    "html-dialog": ("element", "dialog"),
    "html-meter": ("element", "meter"),
    "html-progress": ("element", "progress"),
    "html-marquee": ("element", "marquee"),
    "html-image-maps": ("element", "map"),
    "html-background": ("attribute", "background"),
    "html-popover": ("attribute", "popover"),
    # Pictures in these forms stay empty.
    "image-webp": ("format", "webp"),
    "image-avif": ("format", "avif"),
    "image-svg": ("format", "svg"),
    "image-heif": ("format", "heic"),
    "image-tiff": ("format", "tiff"),
    "image-bmp": ("format", "bmp"),
    "image-base64": ("format", "data"),
    "image-mp4": ("format", "mp4"),
}
"""Only what is missed where it is lacking; a rounded corner is not. The kind says where a mail is searched for it."""


def table(data: dict[str, Any], version: str) -> str:
    """Return the table as TOML."""
    as_of = data["last_update_date"][:10]
    known = {feature["slug"]: feature for feature in data["data"]}
    lines = [
        f"# Which big mail programs lack what. Facts from caniemail.com as of {as_of}, read from the npm",
        f"# package caniemail {version} (MIT licence) by tests/newsletter/checks/take_support.py; do not edit by hand.",
        "# Its data has nothing on Yahoo! JAPAN.",
        f'version = "{version}"',
        f'as_of = "{as_of}"',
    ]
    for slug, (kind, name) in FEATURES.items():
        lacking = [program for program, place in PROGRAMS.items() if lacks(known[slug]["stats"], *place)]
        told = ", ".join(json.dumps(program) for program in lacking)
        lines += ["", f'["{slug}"]', f'kind = "{kind}"', f'name = "{name}"', f"lacking = [{told}]"]
    return "\n".join(lines)


def lacks(stats: dict[str, Any], family: str, platforms: tuple[str, ...]) -> bool:
    """Return whether the newest version on any of the platforms does not support it at all."""
    newest = [list(versions.values())[-1] for name in platforms if (versions := stats.get(family, {}).get(name))]
    return any(support.split()[0] == "n" for support in newest)


if __name__ == "__main__":
    sys.stdout.write(table(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2]) + "\n")
