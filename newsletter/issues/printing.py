"""The day printed in a frozen issue, which each language keeps to: another day needs another approval."""

import json
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from newsletter.config import Settings
from newsletter.issues import drafts, views
from newsletter.models import Issue

DAY = timedelta(days=1)
LEEWAY = timedelta(minutes=15)
"""What was due late in the evening and met a busy clock is not a day late a moment after midnight."""


def mark(session: Session, settings: Settings, issue: Issue) -> None:
    """Note the day printed in each language of the frozen revision; called where an issue is frozen."""
    content = drafts.content(session, issue, issue.frozen_revision)
    printed = {language: views.day(settings, issue, content, language) for language in content.texts}
    issue.frozen_days = json.dumps({language: _span(settings, day) for language, day in printed.items()})


def span(issue: Issue, language: str = "") -> tuple[datetime, datetime] | None:
    """Return when the day printed in a language begins and ends, the first day's without one.

    None where nothing is frozen.
    """
    if issue.frozen_until is None:
        return None
    known: dict[str, list[str]] = json.loads(issue.frozen_days or "{}")
    if language not in known:
        return issue.frozen_until - DAY, issue.frozen_until
    begin, end = (datetime.fromisoformat(moment) for moment in known[language])
    return begin, end


def first_end(issue: Issue) -> datetime | None:
    """Return when the first of the printed days is over; None where nothing is frozen."""
    days: dict[str, list[str]] = json.loads(issue.frozen_days or "{}")
    spans = [span(issue, language) for language in ("", *days)]
    return min((one[1] for one in spans if one), default=None)


def allows(issue: Issue, language: str, at: datetime) -> bool:
    """Return whether `at` is on the day printed in that language; any time is where nothing is frozen."""
    printed = span(issue, language)
    return printed is None or printed[0] <= at < printed[1]


def is_over(issue: Issue, language: str, *, now: datetime) -> bool:
    """Return whether the day printed in a language has passed; never where nothing is frozen."""
    printed = span(issue, language)
    return printed is not None and printed[1] + LEEWAY <= now


def _span(settings: Settings, day: date) -> list[str]:
    """Return the midnights before and after a day in the office's zone, which may be 23 or 25 hours apart."""
    return [datetime.combine(one, time(), settings.office.zone).isoformat() for one in (day, day + DAY)]
