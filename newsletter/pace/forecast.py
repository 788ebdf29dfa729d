"""When an issue will have left, worked out beforehand from everything that limits it; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import ceil, inf
from zoneinfo import ZoneInfo

from newsletter.config.pace import PaceSettings
from newsletter.pace.calendar import Calendar
from newsletter.pace.window import Window

REST = ""
"""The name of the group of all domains that belong to none."""
ASSUMED_PER_SECOND = 10.0
"""What an ordinary relay takes, where no issue has been sent yet that would tell."""
STEP_SECONDS = 60.0
MOST_DAYS = 60
"""After so many a prediction ends with "later than"."""
SMALL = 1e-6


@dataclass(frozen=True)
class Load:
    """Readers of an issue that are due from a moment on: how many in each group of domains."""

    start: datetime
    counts: Mapping[str, int]
    mine: bool = True  # of the issue that is asked about


@dataclass(frozen=True)
class Span:
    """From the first message to about the last."""

    begin: datetime
    end: datetime
    days: Mapping[date, int]  # how many leave on each of the office's days
    reason: str  # what decides: minute, hour, day, warmup, quiet, group, planned, measured, assumed
    group: str = ""  # the slowest group, where a group decides
    complete: bool = True  # false: it takes longer than anybody would want to know

    @property
    def people(self) -> int:
        """Return how many messages it is."""
        return sum(self.days.values())


def predict(
    settings: PaceSettings,
    zone: ZoneInfo,
    loads: Sequence[Load],
    *,
    sent: Iterable[tuple[float, int]] = (),
    per_second: float | None = None,
) -> Span | None:
    """Return when the loads that are `mine` leave; None where they are nobody.

    `loads` stand in the order in which they are sent when several are due. `sent` is what has left already
    (seconds since 1970, how many), oldest first. `per_second` is how fast the relay was last time; without it
    `ASSUMED_PER_SECOND`. Concurrency is not modelled: it is in the rate that was measured.
    """
    if not any(load.mine and sum(load.counts.values()) for load in loads):
        return None
    return _Simulation(settings, zone, loads, sent, per_second).run()


@dataclass
class _Queue:
    """A load that is being worked off."""

    start: float
    mine: bool
    left: dict[str, int] = field(default_factory=dict)


class _Simulation:
    """The sender in steps of a minute, with the same windows and the same calendar."""

    def __init__(
        self,
        settings: PaceSettings,
        zone: ZoneInfo,
        loads: Sequence[Load],
        sent: Iterable[tuple[float, int]],
        per_second: float | None,
    ) -> None:
        known = list(sent)
        self._zone = zone
        self._measured = "assumed" if per_second is None else "measured"
        self._rate = min(limit for limit in (settings.per_second, per_second or ASSUMED_PER_SECOND) if limit)
        if self._rate == settings.per_second:
            self._measured = "minute"
        limits = (("hour", settings.messages_per_hour, 3600.0), ("day", settings.messages_per_day, 86_400.0))
        self._windows = {name: Window(most, seconds, STEP_SECONDS) for name, most, seconds in limits if most}
        self._kept = {name: min(50, window.most // 20) for name, window in self._windows.items()}
        for window in self._windows.values():
            window.load(known)
        self._calendar = Calendar(settings, zone)
        self._calendar.load(known)
        self._group_rates = {group.name: group.messages_per_minute / 60 or inf for group in settings.group}
        self._queues = [_Queue(load.start.timestamp(), load.mine, dict(load.counts)) for load in loads]
        self._carried: defaultdict[str, float] = defaultdict(float)
        self._days: Counter[date] = Counter()
        self._reasons: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._first: float | None = None
        self._last = 0.0

    def run(self) -> Span:
        now = min(queue.start for queue in self._queues)
        last = max(queue.start for queue in self._queues) + MOST_DAYS * 86_400
        while now < last and self._unfinished:
            now = self._step(now)
        complete = not self._unfinished
        reason, group = max(self._reasons, key=self._reasons.__getitem__, default=(self._measured, ""))
        begin = self._first if self._first is not None else now
        end = self._last if complete else now
        return Span(_moment(begin), _moment(end), dict(self._days), reason, group, complete=complete)

    @property
    def _unfinished(self) -> bool:
        return any(queue.mine and any(queue.left.values()) for queue in self._queues)

    def _step(self, now: float) -> float:
        """Let one stretch pass; return when the next begins."""
        later = [queue.start for queue in self._queues if queue.start > now]
        active = [queue for queue in self._queues if queue.start <= now and any(queue.left.values())]
        if not active:
            return min(later)
        end = min([now + STEP_SECONDS, *later])
        self._calendar.look(_moment(now), self._first_today(now))
        room, reason = self._room(now)
        if room < 1:
            pause = max(self._calendar.wait(now), *(self._wait(name, now) for name in self._windows), 1.0)
            until = min([now + pause, *later])
            if any(queue.mine for queue in active):
                self._reasons[reason, ""] += until - now
            return until
        self._send(active, now, end - now, room, reason)
        return end

    def _send(self, active: Sequence[_Queue], now: float, seconds: float, room: float, reason: str) -> None:
        whole = self._allowed(REST, self._rate, seconds)
        left = min(room, whole)
        allowed = {name: self._allowed(name, rate, seconds) for name, rate in self._group_rates.items()}
        groups, used = Counter[str](), 0
        mine, theirs = 0, 0
        for queue in active:
            for name in sorted(queue.left, key=lambda name: name == REST):
                count = int(min(queue.left[name], left - used, allowed.get(name, inf) - groups[name]) + SMALL)
                if count <= 0:
                    continue
                queue.left[name] -= count
                groups[name] += count
                used += count
                mine, theirs = (mine + count, theirs) if queue.mine else (mine, theirs + count)
        self._carry(REST, whole - used)
        for name, most in allowed.items():
            self._carry(name, most - groups[name])
        self._account(now, used)
        self._note(active, now, seconds, _Step(mine, theirs, used, left, room, reason, allowed, groups))

    def _note(self, active: Sequence[_Queue], now: float, seconds: float, step: "_Step") -> None:
        if step.mine:
            share = max(
                [step.used / max(self._rate * seconds, SMALL)]
                + [step.groups[name] / max(rate * seconds, SMALL) for name, rate in self._group_rates.items()]
            )
            self._first = now if self._first is None else self._first
            self._last = now + seconds * min(1.0, share)
            self._days[_moment(now).astimezone(self._zone).date()] += step.mine
        waiting = {name for queue in active if queue.mine for name, count in queue.left.items() if count}
        if step.used + 1 > step.left:  # all that may leave has left
            key = ("planned", "") if step.theirs > step.mine else (step.reason if step.room <= step.used else "", "")
            self._reasons[(key[0] or self._measured), ""] += seconds
        elif waiting:
            slowest = min(waiting, key=lambda name: self._group_rates.get(name, inf))
            self._reasons["group", slowest] += seconds

    def _allowed(self, name: str, rate: float, seconds: float) -> float:
        return inf if rate == inf else self._carried[name] + rate * seconds

    def _carry(self, name: str, unused: float) -> None:
        """Keep less than one message: what is not used is lost, as with the sender."""
        self._carried[name] = 0.0 if unused == inf else min(max(unused, 0.0), 1 - SMALL)

    def _account(self, now: float, used: int) -> None:
        if used:
            for window in self._windows.values():
                window.took(now, used)
            self._calendar.load([(now, used)])

    def _room(self, now: float) -> tuple[float, str]:
        """Return how many may leave at present, and what says so."""
        rooms = {name: float(self._windows[name].room(now, kept=self._kept[name])) for name in self._windows}
        quiet = self._calendar.quiet.holds(_moment(now))
        rooms["quiet" if quiet else "warmup"] = self._calendar.room(now)
        name = min(rooms, key=lambda name: rooms[name])
        return rooms[name], name

    def _wait(self, name: str, now: float) -> float:
        return self._windows[name].wait(now, kept=self._kept[name])

    def _first_today(self, now: float) -> datetime | None:
        today = self._calendar.warmup.day(_moment(now))
        starts = [start for queue in self._queues if self._calendar.warmup.day(start := _moment(queue.start)) == today]
        return min(starts, default=None)


@dataclass(frozen=True)
class _Step:
    mine: int
    theirs: int
    used: int
    left: float
    room: float
    reason: str
    allowed: Mapping[str, float]
    groups: Mapping[str, int]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def rounded(moment: datetime) -> datetime:
    """Return a predicted end as it is told: on the next full minute, and past the first hour on five."""
    return datetime.fromtimestamp(ceil(moment.timestamp() / 60) * 60, UTC)


def is_long(span: Span) -> bool:
    """Return whether it takes more than a moment."""
    return span.end - span.begin > timedelta(seconds=90)
