"""Moves the sample office's dates so that they lie ahead of the send time, whenever the sandbox runs.

Everything moves by the same whole number of weeks: weekdays stay right, and a fair that
follows the issue by ten days still does, give or take six.
"""

import functools
import re
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from newsletter import prose
from newsletter.folder import Redate
from newsletter.prose import english

DAYS_A_WEEK = 7
_DAY = re.compile(r"\A\d{4}-\d{2}-\d{2}(?= )")


def moving(folder: Path, send_at: datetime) -> Redate:
    """Return what `folder.load` needs to read the sample in `folder` as if it were sent at `send_at`.

    `send_at` is aware and in the office's zone; the issue's own send time becomes exactly it.
    """
    written: datetime = tomllib.loads((folder / "issue.toml").read_text(encoding="utf-8"))["send_at"]
    weeks = -(-(send_at.date() - written.date()).days // DAYS_A_WEEK)  # rounded up: nothing ahead falls behind
    by = timedelta(weeks=weeks)

    def redate(tables: dict[str, Any]) -> dict[str, Any]:
        moved = {
            key: _moved_words(value, key, written.date(), by) if isinstance(value, dict) else _moved(value, by)
            for key, value in tables.items()
        }
        return moved | {"send_at": send_at} if "send_at" in moved else moved

    return redate


def _moved(value: object, by: timedelta) -> object:
    if isinstance(value, list):  # opening hours: "2026-12-17 10:00-20:00"
        return [_moved(one, by) for one in value]
    if isinstance(value, str):
        return _DAY.sub(lambda day: (date.fromisoformat(day[0]) + by).isoformat(), value, count=1)
    return value + by if isinstance(value, date) else value


def _moved_words(words: dict[str, Any], language: str, written: date, by: timedelta) -> dict[str, Any]:
    move = functools.partial(moved_text, language=language, near=written, by=by)
    return {key: move(value) if isinstance(value, str) else value for key, value in words.items()}


def moved_text(text: str, *, language: str, near: date, by: timedelta) -> str:
    """Return the text with each of its dates `by` later, written in the same manner.

    Raises ValueError for a date that leaves its month to the date beside it ("18 to 20 December"),
    since the two may come to lie in different months, and for a day that does not exist.
    """
    facts = prose.read(text, language, near)
    for mention in reversed(facts.dates if facts else ()):
        if mention.day is None or mention.month_at is None:
            message = f"write the whole date instead of {mention.text!r}, so that it can be moved"
            raise ValueError(message)
        day = mention.day + by
        month = _month_like(text[slice(*mention.month_at)], day.month)
        parts = [(mention.number_at, str(day.day)), (mention.month_at, month)]
        if mention.year_at:
            parts.append((mention.year_at, str(day.year)))
        for (start, end), said in sorted(parts, reverse=True):
            text = text[:start] + said + text[end:]
    return text


def _month_like(written: str, month: int) -> str:
    """Return the month as a figure, a short or a long name, whichever was written."""
    if written.isdigit():
        return str(month)
    name = english.MONTHS[month - 1]
    return name if written in english.MONTHS else name[:3]
