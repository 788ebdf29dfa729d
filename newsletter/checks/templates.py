"""The office's templates can be rendered."""

from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.errors import TemplateError
from newsletter.findings import Finding


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for each language whose mail cannot be made."""
    for language, edition in material.editions.items():
        if isinstance(edition, TemplateError):
            yield material.error("templates.broken", language, reason=str(edition))
