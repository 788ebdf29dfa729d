"""What a series says: when its issues go out, what they hold, in which words, and who agrees."""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from newsletter.content import Content, CountryCode, Html, Language

Kind = Literal["fair", "food", "industry", "report", "notice"]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
MOST_STORIES = 50


class Rhythm(Content):
    """On which days: every so many weeks on a weekday, or every so many months on a day or an nth weekday."""

    every: Literal["week", "month"] = "month"
    interval: Annotated[int, Field(ge=1, le=12)] = 1
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None  # 0 is Monday
    nth: Literal[1, 2, 3, 4, -1] | None = None  # which such weekday of the month; -1 the last
    day: Annotated[int, Field(ge=1, le=31)] | None = None  # of the month; in a shorter one its last
    begins: date  # the first day that counts; also where counting every other week begins

    @model_validator(mode="after")
    def _names_a_day(self) -> "Rhythm":
        if self.every == "week":
            named = self.weekday is not None and self.nth is None and self.day is None
        else:
            named = (self.day is not None) != (self.nth is not None and self.weekday is not None)
        if not named:
            message = "a week needs a weekday; a month needs a day, or a weekday and which of them"
            raise ValueError(message)
        return self


class Wording(Content):
    """What its issues say in one language; {month}, {next_month} and {count} are filled in."""

    title: Title  # of the series, as the office calls it
    subject: Sentence
    preheader: Sentence  # the line after the subject, and the opening of the post
    introduction: Html = ""


class Picking(Content):
    """What its issues take from the pool."""

    kinds: tuple[Kind, ...] = ()  # empty: every kind
    topics: tuple[str, ...] = ()  # empty: every topic, and what has none
    countries: tuple[CountryCode, ...] = ()  # empty: stories about any country
    within_days: Annotated[int, Field(ge=1, le=400)] | None = None  # dated at most so long after the send day
    again: bool = False  # also what an earlier issue told, as a calendar of fairs does
    least: Annotated[int, Field(ge=1, le=MOST_STORIES)] = 1  # fewer, and the day is skipped
    most: Annotated[int, Field(ge=1, le=MOST_STORIES)] = 12

    @model_validator(mode="after")
    def _can_be_met(self) -> "Picking":
        if self.least > self.most:
            message = "the least number of stories is larger than the most"
            raise ValueError(message)
        return self


class Rule(Content):
    """One series."""

    rhythm: Rhythm
    at: time  # on the office's wall clock
    lead_days: Annotated[int, Field(ge=0, le=60)] = 7  # the issue is made so long before
    closed: Literal["later", "earlier", "stay"] = "later"  # where a day goes on which the office is closed
    approval: Literal["ask", "standing"] = "ask"
    texts: dict[Language, Wording]
    picking: Picking = Picking()

    def title(self, language: str) -> str:
        """Return what the office calls the series, in `language` or the first it has."""
        return (self.texts.get(language) or next(iter(self.texts.values()))).title
