"""Send times as an editor gives them: a day and a time on the office's wall clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from newsletter import local_time
from newsletter.errors import NewsletterError, StateError
from newsletter.issues import printing
from newsletter.models import Issue


class TimeRefusedError(NewsletterError):
    """That time cannot be used."""

    def __init__(self, reason: str, wall: datetime | None = None, language: str = "") -> None:
        """Take the name of a sentence (`wrong.*` of the desk's words), the time and the language it is about."""
        super().__init__()
        self.reason = reason
        self.wall = wall
        self.language = language


def read(day: str, clock: str, zone: ZoneInfo, *, now: datetime, printed: date | None) -> datetime:
    """Return the moment that `day` (2026-12-01) and `clock` (10:00) are in `zone`.

    Raises TimeRefusedError: `no_time` for what is neither, `clock_change` for a time that the clocks
    skip or show twice, `past`, and `other_day` for another day than the `printed` one.
    """
    try:
        wall = datetime.combine(date.fromisoformat(day.strip()), datetime.strptime(clock.strip(), "%H:%M").time())  # noqa: DTZ007 - a wall clock
    except ValueError as error:
        raise TimeRefusedError("no_time") from error
    try:
        moment = local_time.moment(wall, zone)
    except StateError as error:
        raise TimeRefusedError("clock_change", wall) from error
    if printed is not None and wall.date() != printed:
        raise TimeRefusedError("other_day", wall)
    if moment < now:
        raise TimeRefusedError("past", wall)
    return moment


def printed_day(issue: Issue, zone: ZoneInfo, language: str = "") -> date | None:
    """Return the day printed in what was frozen of an issue: in a language, or the first without one."""
    printed = printing.span(issue, language)
    return printed[0].astimezone(zone).date() if printed else None


def is_over(issue: Issue, *, now: datetime) -> bool:
    """Return whether an issue still waits to go out although the day printed in one of its languages has passed."""
    ends = printing.first_end(issue)
    return issue.state in ("asked", "approved", "scheduled") and ends is not None and ends <= now
