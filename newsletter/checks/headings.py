"""The headings of a mail are an outline: people who listen to it leap from one to the next."""

from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.findings import Finding

LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6")


def check(material: Material) -> Iterator[Finding]:
    """Yield a warning for a mail that does not begin with its title or leaves a level out."""
    for language, document in material.documents.items():
        level = 0
        for element in document.elements():
            if element.tag not in LEVELS:
                continue
            deeper = LEVELS.index(element.tag) + 1
            said = " ".join(element.text_content().split())
            if deeper > level + 1:
                name = "headings.skipped" if level else "headings.first"
                yield material.warning(name, language, about=said, words=said, level=deeper)
            level = deeper
        if not level:
            yield material.warning("headings.none", language)
