"""Short ways in which a story's file says what the program keeps at length: hours of a fair, a point of a picture."""

import re
from datetime import date, time
from typing import Any

from newsletter.folder.source import Problems, Source

POINTS = {
    f"{down} {across}".strip(): (x, y)
    for down, y in (("top", 0.17), ("", 0.5), ("bottom", 0.83))
    for across, x in (("left", 0.17), ("", 0.5), ("right", 0.83))
    if down or across
} | {"middle": (0.5, 0.5)}
"""Names of the point of a picture that stays in view."""

_OPENING = re.compile(r"(\d{4}-\d{2}-\d{2})\s+(\d{1,2}:\d{2})\s*[-–〜~]\s*(\d{1,2}:\d{2})")


def openings(source: Source, problems: Problems) -> list[dict[str, Any]]:
    """Return the hours of each day, written as "2026-12-17 10:00-20:00"; what cannot be read is noted."""
    written = source.tables.get("openings", [])
    read = [_opening(line) for line in written] if isinstance(written, list) else [None]
    if None in read:
        problems.add(source.place("openings"), 'write a list of days and hours: ["2026-12-17 10:00-20:00"]')
    return [one for one in read if one is not None]


def focus(source: Source, problems: Problems) -> tuple[float, float]:
    """Return the point of the picture that stays in view; the middle where nothing is said."""
    written = source.tables.get("focus", "middle")
    if not isinstance(written, str) or written not in POINTS:
        problems.add(source.place("focus"), f"write one of {', '.join(POINTS)}.")
        return POINTS["middle"]
    return POINTS[written]


def _opening(line: object) -> dict[str, Any] | None:
    found = _OPENING.fullmatch(line.strip()) if isinstance(line, str) else None
    if found is None:
        return None
    try:
        opens, closes = (time.fromisoformat(part.zfill(5)) for part in found.group(2, 3))
        day = date.fromisoformat(found[1])
    except ValueError:
        return None
    return {"day": day, "opens": opens, "closes": closes} if opens < closes else None
