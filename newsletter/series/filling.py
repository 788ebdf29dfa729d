"""A series' words with the month and the number of stories filled in."""

from datetime import date, timedelta

from babel import dates as cldr

from newsletter.content import IssueText
from newsletter.series.rule import Wording

NAMES = ("month", "next_month", "count")
"""What may stand in braces; anything else in braces stays as it is written."""


def fill(wording: Wording, language: str, *, day: date, count: int) -> IssueText:
    """Return what an issue of that day says; the words are data, and only `NAMES` are replaced."""
    values = {"month": month(day, language), "next_month": month(_next(day), language), "count": str(count)}

    def filled(text: str) -> str:
        for name in NAMES:
            text = text.replace(f"{{{name}}}", values[name])
        return text

    return IssueText(
        subject=filled(wording.subject),
        preheader=filled(wording.preheader),
        introduction=filled(wording.introduction),
    )


def month(day: date, language: str) -> str:
    """Return "December 2026" or 「2026年12月」."""
    return str(cldr.format_skeleton("yMMMM", day, locale=language))


def _next(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
