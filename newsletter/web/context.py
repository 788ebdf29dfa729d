"""What every page needs: settings, keys, the engine, the publication and the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from newsletter.config import Settings
from newsletter.keys import Keys


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Context:
    """Made once by the composition root and kept on the app."""

    settings: Settings
    keys: Keys
    engine: Engine
    publication_id: int
    now: Callable[[], datetime] = field(default=_utc_now)
    least_form_age: timedelta = timedelta(seconds=3)
    """A public form that comes back sooner was not filled in by a person; tests that cannot wait set less."""

    def today(self) -> date:
        """Return the day it is in the office."""
        return self.now().astimezone(self.settings.office.zone).date()
