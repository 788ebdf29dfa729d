"""The list of checks, in the order in which an editor would mend things."""

from sqlalchemy.orm import Session

from newsletter.checks import (
    agreement,
    audience,
    choice,
    contrast,
    deadline,
    headings,
    links,
    past,
    pictures,
    placeholder,
    post,
    programs,
    repeated,
    sending,
    size,
    subject,
    templates,
    translation,
    unsubscribe,
    weekdays,
)
from newsletter.checks.gathering import gather
from newsletter.checks.material import Material
from newsletter.config import Settings
from newsletter.findings import Finding
from newsletter.models import Issue

CHECKS = (
    sending,
    choice,
    repeated,
    translation,
    placeholder,
    weekdays,
    agreement,
    past,
    deadline,
    links,
    pictures,
    subject,
    templates,
    size,
    headings,
    contrast,
    programs,
    unsubscribe,
    post,
    audience,
)


def run(session: Session, settings: Settings, issue: Issue, *, speak: str = "en") -> list[Finding]:
    """Return what is wrong with the newest revision, errors first; worded in the language `speak`."""
    return examine(gather(session, settings, issue, speak=speak))


def examine(material: Material) -> list[Finding]:
    """Return what all checks find in the material, errors first and none twice."""
    found = {one.fingerprint: one for check in CHECKS for one in check.check(material)}
    return sorted(found.values(), key=lambda finding: finding.severity)
