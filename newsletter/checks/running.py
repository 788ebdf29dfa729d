"""The list of checks, in the order in which an editor would mend things."""

from sqlalchemy.orm import Session

from newsletter.checks import (
    agreement,
    audience,
    choice,
    deadline,
    past,
    pictures,
    placeholder,
    post,
    sending,
    size,
    subject,
    templates,
    translation,
    unsubscribe,
    weekdays,
)
from newsletter.checks.material import Material, gather
from newsletter.config import Settings
from newsletter.findings import Finding
from newsletter.models import Issue

CHECKS = (
    sending,
    choice,
    translation,
    placeholder,
    weekdays,
    agreement,
    past,
    deadline,
    pictures,
    subject,
    templates,
    size,
    unsubscribe,
    post,
    audience,
)


def run(session: Session, settings: Settings, issue: Issue, *, speak: str = "en") -> list[Finding]:
    """Return what is wrong with the newest revision, errors first; worded in the language `speak`."""
    return examine(gather(session, settings, issue, speak=speak))


def examine(material: Material) -> list[Finding]:
    """Return what all checks find in the material, errors first."""
    found = [finding for one in CHECKS for finding in one.check(material)]
    return sorted(found, key=lambda finding: finding.severity)
