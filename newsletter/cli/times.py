"""Times as people type them in commands."""

from datetime import datetime

from newsletter import local_time
from newsletter.cli.state import State
from newsletter.errors import SettingsError


def moment(text: str, state: State) -> datetime:
    """Return the moment of '2026-12-01 10:00' in the office's zone; raise SettingsError for what is no time."""
    try:
        naive = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is not a time; write it like '2026-12-01 10:00'."
        raise SettingsError(message) from error
    return local_time.moment(naive, state.settings.office.zone) if naive.tzinfo is None else naive
