"""What the big mail programs lack, from a table of facts made of caniemail's data."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("support.toml")


@dataclass(frozen=True)
class Feature:
    """One thing a mail may use, and who lacks it.

    `kind` is where it stands: value ("display: flex"), property, function, unit, rule, element, attribute or the
    format of a picture.
    """

    slug: str  # its page is https://www.caniemail.com/features/SLUG/
    kind: str
    name: str
    lacking: tuple[str, ...]

    @property
    def said(self) -> str:
        """Return it as one writes it."""
        forms = {"element": "<{}>", "function": "{}()", "rule": "@{}", "unit": "1{}", "format": ".{}"}
        return forms.get(self.kind, "{}").format(self.name)


@cache
def features() -> dict[tuple[str, str], Feature]:
    """Return the features that somebody lacks, by kind and name."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    known = [
        Feature(slug, row["kind"], row["name"], tuple(row["lacking"]))
        for slug, row in table.items()
        if isinstance(row, dict)
    ]
    return {(feature.kind, feature.name): feature for feature in known if feature.lacking}
