"""The mail needs nothing that a big mail program lacks.

What stands within a media query is an extra for those who understand it, and what only Outlook reads is a
comment to the others: neither counts.
"""

import functools
import re
from collections.abc import Iterator

from newsletter.checks import styles, support
from newsletter.checks.document import Document
from newsletter.checks.material import Material
from newsletter.checks.styles import Declaration
from newsletter.checks.support import Feature
from newsletter.findings import Finding

_FUNCTION = re.compile(r"([a-z-]+)\(")
_UNIT = re.compile(r"\d(rem|vw|vh|ch)\b")
_FORMAT = re.compile(r"\.(\w+)(?:[?#].*)?$|^(data):")
Use = tuple[str, str]
"""A kind and a name of `support.features`."""


def check(material: Material) -> Iterator[Finding]:
    """Yield a warning for each such thing in each mail, with the programs that lack it."""
    known = support.features()
    for language, document in material.documents.items():
        for use in uses(document):
            if use in known:
                yield _told(material, language, known[use])


@functools.lru_cache(maxsize=16)  # an issue is checked again each time it is looked at
def uses(document: Document) -> tuple[Use, ...]:
    """Return what a mail uses, each thing once."""
    return tuple(dict.fromkeys(_used(document)))


def _used(document: Document) -> Iterator[Use]:
    for element in document.elements():
        yield "element", element.tag
        for name, value in element.attrib.items():
            yield "attribute", name
            if name == "src":
                yield from (("format", found[1] or found[2]) for found in [_FORMAT.search(value.lower())] if found)
        for declaration in styles.attribute(element.get("style") or ""):
            yield from _declared(declaration)
    for name in styles.at_rules(document.style):
        yield "rule", name
    for rule in styles.sheet(document.style):
        if not rule.media and "[data-" not in rule.selector:
            for declaration in rule.declarations:
                yield from _declared(declaration)


def _declared(declaration: Declaration) -> Iterator[Use]:
    value = declaration.value.lower()
    yield "property", declaration.name
    yield "value", f"{declaration.name}: {value}"
    yield from (("function", name) for name in _FUNCTION.findall(value))
    yield from (("unit", name) for name in _UNIT.findall(value))


def _told(material: Material, language: str, feature: Feature) -> Finding:
    lacking = material.say("place.comma").join(feature.lacking)
    return material.warning("programs.lacking", language, about=feature.slug, what=feature.said, lacking=lacking)
