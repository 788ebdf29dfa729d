"""How fast messages may leave: what the sender asks before each of them."""

import time
from collections.abc import Iterable
from datetime import datetime

from newsletter.config import Settings
from newsletter.delivery.outcomes import Accepted, Deferred, Outcome
from newsletter.delivery.replies import Reply
from newsletter.pace.calendar import Calendar
from newsletter.pace.even import Even
from newsletter.pace.groups import Group, Groups
from newsletter.pace.meter import Meter
from newsletter.pace.window import Window

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
KEPT_SHARE, MOST_KEPT = 20, 50
"""An issue leaves a twentieth of an hour's and a day's messages, at most 50, to letters such as confirmations."""
REST_SECONDS = 60.0
"""When issues may not be sent for longer than this, nothing of them is kept at hand."""
THROTTLED = (421, 450, 451, 452)
_TOO_FAST = ("too many", "too fast", "rate", "throttl", "slow down", "limit", "busy", "try again later", "unusual")
_GREYLISTED = ("greylist", "graylist", "grey-list", "gray-list")


class Pace:
    """All limits of one relay. Times are those of a monotonic clock unless they are called moments."""

    def __init__(self, settings: Settings, *, moment: datetime, now: float | None = None) -> None:
        relay = settings.relay
        self.groups = Groups(relay.group)
        self.meter = Meter()
        self.counted = relay.is_counted
        self._per_second = relay.per_second
        self._even = Even(relay.per_second, relay.burst)
        self._short = _windows((relay.messages_per_minute, MINUTE, MINUTE / 600))
        self._long = _windows((relay.messages_per_hour, HOUR, 10.0), (relay.messages_per_day, DAY, MINUTE))
        self._calendar = Calendar(relay, settings.office.zone)
        self._epoch = moment.timestamp() - (time.monotonic() if now is None else now)
        self.look(moment)

    def load(self, counts: Iterable[tuple[float, int]]) -> None:
        """Take in what earlier runs sent: (seconds since 1970, how many), oldest first."""
        known = list(counts)
        for window in (*self._short, *self._long):
            window.load(known)
        self._calendar.load(known)

    def look(self, moment: datetime, released_at: datetime | None = None) -> None:
        """See what the wall clock says; `released_at` is the first release of the day, if there was one."""
        self._calendar.look(moment, released_at)

    def warming_since(self, moment: datetime) -> datetime | None:
        """Return when the day of `moment` began, where a warm-up limits it; else None."""
        warmup = self._calendar.warmup
        return warmup.midnight(moment) if warmup.cap(moment) is not None else None

    def wait(self, now: float, *, letter: bool = False) -> float:
        """Return how many seconds to wait at least before the next message; 0: it may go. Takes nothing."""
        pause = self._even.wait(now)
        for window in self._short:
            pause = max(pause, window.wait(now + self._epoch))
        return pause if letter and not self._long else max(pause, self._long_wait(now, letter=letter))

    def took(self, now: float, *, letter: bool = False) -> None:
        """Count a message that leaves now."""
        self._even.took(now)
        for window in self._short:
            window.took(now + self._epoch)
        for window in self._long:
            window.took(now + self._epoch)
        self._calendar.took(now + self._epoch)
        if not (letter or self._per_second):
            self.meter.took(now)

    def rests(self, now: float) -> bool:
        """Return whether no issue is sent for a good while: quiet hours, or the day's messages are out."""
        return self._long_wait(now, letter=False) > REST_SECONDS

    def batch(self, now: float, most: int, lease_seconds: float) -> int:
        """Return how many deliveries to claim: no more than may go, and than leave within half a lease."""
        at, room = now + self._epoch, float(most)
        for window in self._long:
            room = min(room, window.room(at, kept=_kept(window)))
        room = min(room, self._calendar.room(at))
        if self._per_second and room:
            room = min(room, max(1, self._per_second * lease_seconds / 2))
        return int(room)

    def at_hand(self, group: Group, most: int, lease_seconds: float) -> int:
        """Return how many of a group's deliveries to keep at hand: what leaves within half a lease."""
        return min(most, max(1, int(group.per_second * lease_seconds / 2))) if group.per_second else most

    def heard(self, email: str, outcome: Outcome, now: float) -> float:
        """Go slower to the address's group where its provider asks for it; return the seconds it is left alone."""
        group = self.groups.of(email)
        if group is None:
            return 0.0
        if isinstance(outcome, Accepted):
            group.accepted()
        elif isinstance(outcome, Deferred) and outcome.reply is not None and is_too_fast(outcome.reply):
            return group.slow_down(now)
        return 0.0

    def _long_wait(self, now: float, *, letter: bool) -> float:
        at = now + self._epoch
        pause = 0.0 if letter else self._calendar.wait(at)
        for window in self._long:
            pause = max(pause, window.wait(at, kept=0 if letter else _kept(window)))
        return pause


def is_too_fast(reply: Reply) -> bool:
    """Return whether a server asks for fewer messages; one that greylists asks only that this one comes again."""
    said = reply.text.lower()
    if reply.code not in THROTTLED or any(word in said for word in _GREYLISTED):
        return False
    return reply.code == 421 or reply.enhanced.startswith(("4.7.", "4.3.2")) or any(word in said for word in _TOO_FAST)  # noqa: PLR2004 - RFC 5321 4.2.3


def _windows(*limits: tuple[int, float, float]) -> tuple[Window, ...]:
    return tuple(Window(most, seconds, step) for most, seconds, step in limits if most)


def _kept(window: Window) -> int:
    return min(MOST_KEPT, window.most // KEPT_SHARE)
