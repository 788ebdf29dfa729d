"""Dates in English."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from newsletter.prose import calendar
from newsletter.prose.english import names
from newsletter.prose.mention import Mention

_DAY_NAMES = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in names.DAYS) + "|Tues|Thurs?"
_SHORT_MONTHS = "|".join(name[:3] for name in names.MONTHS) + "|Sept"
_DAY_NAME = rf"(?:(?P<weekday>{_DAY_NAMES})\b\.?,?\s+(?:the\s+)?)?"
_MONTH = rf"(?P<month>(?:{'|'.join(names.MONTHS)})\b|(?:{_SHORT_MONTHS})\b\.?)"
_NUMBER = r"(?P<number>[0-3]?\d)(?:st|nd|rd|th)?(?!\d)"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?"
_TO = r"\s*(?:-|–|—|\bto\b|\buntil\b|\btill\b|\bthrough\b)\s*"
_OR = r"\s*(?:-|–|—|,|\bto\b|\buntil\b|\btill\b|\bthrough\b|,?\s*\band\b|,?\s*\bor\b|&)\s*"
_AND = r"\s*(?:,?\s*\band\b|,?\s*\bor\b|&|,)\s*"

_DAY_FIRST = re.compile(rf"\b{_DAY_NAME}{_NUMBER}(?:\s+(?:of\s+)?|-){_MONTH}(?:-(?=\d{{4}}))?{_YEAR}")
_MONTH_FIRST = re.compile(rf"\b{_DAY_NAME}{_MONTH}\s+(?:the\s+)?{_NUMBER}(?![:.]\d|\s*[ap]\.?m\b){_YEAR}")
_BEFORE = re.compile(rf"\b{_DAY_NAME}{_NUMBER}{_OR}$")  # "18 to" before "20 December"
_AFTER = re.compile(rf"{_TO}{_DAY_NAME}{_NUMBER}(?![:.]\d|\s*[ap]\.?m\b){_YEAR}")  # "–20" after "December 18"
_LISTED = re.compile(rf"{_AND}{_DAY_NAME}{_NUMBER}(?![:.,]\d)")  # ", 19 and 20" after "December 18": perhaps
_ISO = re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<number>\d\d)\b")
_SLASHED = re.compile(r"(?<![\d/.])(?P<one>\d{1,2})(?P<mark>[/.])(?P<two>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d\d)\b")
_FOLLOWS = r"(?:is|was|and|or|to|until|till|through|at|from|in|of|by|for|only)\b"
_BARE = re.compile(rf"\bthe\s+(?P<number>[0-3]?\d)(?:st|nd|rd|th)\b(?!\s+(?!{_FOLLOWS})[a-z])")

LONGEST_DAY = 40
"""Characters that "Wednesday the 18th until" may take before the date that names the month."""


def dates(text: str, near: date) -> Iterator[Mention]:
    """Yield every date, in no particular order; a date without a year is the one nearest to `near`."""
    for match in _DAY_FIRST.finditer(text):
        year, month = _year(match), names.month(match["month"])
        yield _mention(match, year, month, near, alone=False)
        end = match.start()
        while before := _BEFORE.search(text, max(0, end - LONGEST_DAY), end):
            yield _mention(before, year, month, near, alone=True)
            end = before.start()
    rest = _DAY_FIRST.sub(lambda match: " " * len(match[0]), text)
    for match in _MONTH_FIRST.finditer(rest):
        after = _AFTER.match(rest, match.end())
        year, month = _year(match) or (_year(after) if after else None), names.month(match["month"])
        yield _mention(match, year, month, near, alone=False)
        if after:
            yield _mention(after, year, month, near, alone=True)
    for match in _ISO.finditer(rest):
        yield _mention(match, _year(match), int(match["month"]), near, alone=False)


def days(rest: str, found: Sequence[Mention], near: date) -> Iterator[tuple[date, str]]:
    """Yield what is probably a date: "the 20th" after one with a month, ", 19 and 20" behind it, 18/12/2026.

    `rest` is the text without `found`, at the same positions.
    """
    for mention in found:
        position = mention.span[1]
        while mention.day and (more := _LISTED.match(rest, position)):
            if day := calendar.day(mention.day.year, mention.day.month, int(more["number"]), near):
                yield day, more["number"]
            position = more.end()
    for match in _BARE.finditer(rest):
        if day := calendar.day_after(found, match.start(), int(match["number"]), near):
            yield day, match[0]
    for match in _SLASHED.finditer(rest):
        for number, month in ((match["one"], match["two"]), (match["two"], match["one"])):  # both ways of writing it
            if day := calendar.day(int(match["year"]), int(month), int(number), near):
                yield day, match[0]


def _mention(match: re.Match[str], year: int | None, month: int, near: date, *, alone: bool) -> Mention:
    groups = match.groupdict()
    weekday = groups.get("weekday")
    number = match["number"]
    start = match.start("weekday") if weekday else min(match.start(name) for name, value in groups.items() if value)
    end = max(match.end(name) for name, value in groups.items() if value)
    return Mention(
        text=match.string[start:end],
        span=(start, end),
        day=calendar.day(year, month, int(number), near),
        weekday=names.weekday(weekday) if weekday else None,
        number_at=match.span("number"),
        month_at=None if alone else match.span("month"),
        year_at=match.span("year") if groups.get("year") else None,
    )


def _year(match: re.Match[str]) -> int | None:
    return int(match["year"]) if match["year"] else None
