"""The warm-up of a new sending address: a little more each day, until mailboxes know it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.config.pace import WarmupSettings


class Warmup:
    """What a day of the office's calendar allows."""

    def __init__(self, settings: WarmupSettings, zone: ZoneInfo) -> None:
        self._settings, self._zone = settings, zone

    def cap(self, moment: datetime) -> int | None:
        """Return how many messages may leave on the day of `moment`; None where it is not limited any more."""
        began, caps = self._settings.began, self._settings.caps
        if began is None:
            return None
        day = max(0, (self.day(moment) - began).days)
        return caps[day] if day < len(caps) else None

    def number(self, moment: datetime) -> int:
        """Return which day of the warm-up `moment` is in, from 1."""
        return max(0, (self.day(moment) - (self._settings.began or self.day(moment))).days) + 1

    def day(self, moment: datetime) -> date:
        """Return the office's day of `moment`."""
        return moment.astimezone(self._zone).date()

    def midnight(self, moment: datetime, *, days: int = 0) -> datetime:
        """Return when the office's day of `moment` began, or one so many days later."""
        day = self.day(moment) + timedelta(days=days)
        return datetime(day.year, day.month, day.day, tzinfo=self._zone).astimezone(UTC)

    def opens(self, moment: datetime, released_at: datetime | None) -> datetime:
        """Return from when on the day of `moment` issues are sent: when one is released that day, or went on before."""
        usual = datetime.combine(self.day(moment), self._settings.continue_at, tzinfo=self._zone).astimezone(UTC)
        if released_at is not None and self.day(released_at) == self.day(moment):
            return min(usual, released_at)
        return usual
