"""The days and times of a schedule form: one for the whole issue, or one a language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.content import IssueContent
from newsletter.issues import views
from newsletter.models import Issue
from newsletter.web.editor import times
from newsletter.web.editor.times import TimeRefusedError


@dataclass(frozen=True)
class Slot:
    """One day and time; without a language they are those of the whole issue."""

    language: str
    day: str
    time: str

    @property
    def suffix(self) -> str:
        """Return what follows "day" and "time" in the names of the fields."""
        return f".{self.language}" if self.language else ""


@dataclass(frozen=True)
class Slots:
    """What the form shows: the time of the whole issue, and those of its languages."""

    whole: Slot
    each: list[Slot]
    apart: bool  # the languages go out at different times


def names(spoken: Sequence[str]) -> list[str]:
    """Return the names of all fields."""
    return [f"{name}{suffix}" for name in ("day", "time") for suffix in ("", *(f".{one}" for one in spoken))]


def of(
    issue: Issue, content: IssueContent, spoken: Sequence[str], zone: ZoneInfo, *, typed: Mapping[str, str]
) -> Slots:
    """Return the slots as typed, else as scheduled, else as wished when the issue was written."""
    due = {release.language: release.due_at for release in issue.releases if release.state in ("planned", "held")}
    wishes = {one: due.get(one) or views.send_at(content, one) for one in spoken}
    known = [wish for wish in wishes.values() if wish is not None]
    whole = _slot("", min(known, default=None), zone, typed)
    each = [_slot(one, wishes[one], zone, typed) for one in spoken]
    apart = len(set(known)) > 1 or any(typed.get(f"{name}.{one}") for one in spoken for name in ("day", "time"))
    return Slots(whole, each, apart and len(spoken) > 1)


def read(
    typed: Mapping[str, str], issue: Issue, spoken: Sequence[str], zone: ZoneInfo, *, now: datetime
) -> dict[str, datetime]:
    """Return the moment of each language: its own where one is typed, else that of the whole issue.

    Raises TimeRefusedError, which names the language.
    """
    return {language: _moment(typed, issue, language, zone, now=now) for language in spoken}


def _moment(typed: Mapping[str, str], issue: Issue, language: str, zone: ZoneInfo, *, now: datetime) -> datetime:
    day, clock = (typed.get(f"{name}.{language}") or typed.get(name, "") for name in ("day", "time"))
    try:
        return times.read(day, clock, zone, now=now, printed=times.printed_day(issue, zone, language))
    except TimeRefusedError as error:
        raise TimeRefusedError(error.reason, error.wall, language) from error


def _slot(language: str, wish: datetime | None, zone: ZoneInfo, typed: Mapping[str, str]) -> Slot:
    local = wish.astimezone(zone) if wish is not None else None
    suffix = f".{language}" if language else ""
    day = typed.get(f"day{suffix}") or (f"{local:%Y-%m-%d}" if local else "")
    return Slot(language, day, typed.get(f"time{suffix}") or (f"{local:%H:%M}" if local else ""))
