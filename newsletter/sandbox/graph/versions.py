"""The versions of the Graph API and how a call to an ended one is served (Meta's changelog, seen 2026-10-29)."""

import re
from datetime import UTC, datetime

ENDS: dict[str, datetime | None] = {
    "v20.0": datetime(2026, 9, 24, tzinfo=UTC),
    "v21.0": datetime(2027, 1, 21, tzinfo=UTC),
    "v22.0": datetime(2027, 5, 20, tzinfo=UTC),
    "v23.0": datetime(2027, 10, 8, tzinfo=UTC),
    "v24.0": datetime(2028, 2, 18, tzinfo=UTC),
    "v25.0": datetime(2028, 7, 29, tzinfo=UTC),
    "v26.0": None,
}
"""Each version and when it ends, oldest first."""
DEFAULT = "v26.0"
"""Serves calls that name none; at Meta it is a setting of the app."""


def split(path: str) -> tuple[str, str]:
    """Return the version a path begins with (empty: none) and the rest."""
    found = re.match(r"/(v\d+\.\d+)(/.*|$)", path)
    return (found[1], found[2] or "/") if found else ("", path)


def served(asked: str, now: float) -> str | None:
    """Return the version that really answers: the next living one for an ended one, none for an unknown one."""
    if not asked:
        return DEFAULT
    living = [name for name, end in ENDS.items() if end is None or end.timestamp() > now]
    if asked in living:
        return asked
    number = float(asked[1:])
    return living[0] if number < float(living[0][1:]) else None
