"""The issue names its send time: the day is printed in it, and everything is checked against it."""

from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.findings import Finding


def check(material: Material) -> Iterator[Finding]:
    """Yield an error where there is no send time."""
    if material.content.send_at is None:
        yield material.error("sending.missing")
