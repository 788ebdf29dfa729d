"""The links lead where readers are meant to get; looked at beforehand, since checking waits for no server."""

from collections.abc import Iterator

from newsletter.checks.links import collecting
from newsletter.checks.links.collecting import Link
from newsletter.checks.material import Material
from newsletter.findings import Finding
from newsletter.models import Probe

FINE = ("fine", "closed", "sample")
"""Nothing to say; "closed" is what a site answers to programs, which tells nothing about readers."""
WRONG = ("unreadable",)


def check(material: Material) -> Iterator[Finding]:
    """Yield a warning for each link that was found dead or leading elsewhere, an error for what is no web address."""
    said: set[tuple[str, str, object]] = set()
    for link in collecting.links(material.content, material.stories):
        probe = material.probes.get(link.target)
        if probe is None or probe.outcome in FINE or (link.target, link.language, link.place) in said:
            continue
        said.add((link.target, link.language, link.place))
        yield _told(material, link, probe)


def _told(material: Material, link: Link, probe: Probe) -> Finding:
    tell = material.error if probe.outcome in WRONG and not probe.final else material.warning
    return tell(
        f"links.{probe.outcome}",
        link.language,
        link.place,
        about=(link.target, probe.outcome, probe.final),
        url=link.target,
        final=probe.final or link.target,
        status=probe.status or "",
    )
