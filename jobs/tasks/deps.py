"""What every task is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from newsletter.config import Settings
from newsletter.keys import Keys


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Deps:
    """Made once by the composition root."""

    settings: Settings
    keys: Keys
    engine: Engine
    publication_id: int
    now: Callable[[], datetime] = field(default=_utc_now)
    export: Callable[[Path], object] | None = None  # writes the public archive into a folder
