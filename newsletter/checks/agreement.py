"""The languages tell the same dates, times and numbers."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from newsletter import prose
from newsletter.checks.material import Material
from newsletter.checks.place import ISSUE, Place
from newsletter.checks.wording import fields
from newsletter.content import IssueText, Text
from newsletter.findings import Finding
from newsletter.prose import Facts
from newsletter.rendering import dates
from newsletter.rendering.views import AnyStory

NOON = 12
DAY_HOURS = 24


def check(material: Material) -> Iterator[Finding]:
    """Yield an error where dates differ and a warning where times, months or numbers do."""
    yield from _compared(
        material, material.content.texts, ISSUE, {material.day_in(language) for language in material.languages}
    )
    for story_id, story in material.stories:
        yield from _compared(material, material.texts_of(story), Place(story_id), _fixed(story))


def _compared(
    material: Material, texts: Mapping[str, Text | IssueText], place: Place, fixed: Collection[date]
) -> Iterator[Finding]:
    """Compare every language with the first; `fixed` are dates that the layout prints in each of them."""
    told = {language: facts for language, text in texts.items() if (facts := _facts(material, text, language))}
    if not told:
        return
    first, *others = told
    for other in others:
        pair = {one: told[one] for one in (first, other)}
        yield from _dates(material, pair, place, fixed)
        yield from _numbers(material, pair, place)


def _dates(material: Material, told: Mapping[str, Facts], place: Place, fixed: Collection[date]) -> Iterator[Finding]:
    first, other = told
    only = {first: _only(told[first], told[other]), other: _only(told[other], told[first])}
    if only[first] and only[other]:
        here, there = (", ".join(only[one].values()) for one in (first, other))
        yield material.error(
            "agreement.dates", other, place, about=(here, there), first=material.spoken(first), one=here, two=there
        )
        return
    for one, two in ((first, other), (other, first)):
        for day, words in only[one].items():
            if day not in fixed:
                right = dates.day(day, material.say.language)
                yield material.error(
                    "agreement.date", two, place, about=day, first=material.spoken(one), words=words, right=right
                )


def _only(here: Facts, there: Facts) -> dict[date, str]:
    known = there.known_days
    return {mention.day: mention.text for mention in here.dates if mention.day and mention.day not in known}


def _numbers(material: Material, told: Mapping[str, Facts], place: Place) -> Iterator[Finding]:
    """Yield times, months and numbers that one tells and the other does not; where both do, they are told together."""
    first, other = told
    only = {first: _missing(told[first], told[other]), other: _missing(told[other], told[first])}
    if only[first] and only[other]:
        here, there = (", ".join(only[one]) for one in (first, other))
        spoken = material.spoken(first)
        yield material.warning(
            "agreement.numbers", other, place, about=(here, there), first=spoken, one=here, two=there
        )
        return
    for one, two in ((first, other), (other, first)):
        for words in only[one]:
            yield material.warning("agreement.number", two, place, about=words, first=material.spoken(one), words=words)


def _missing(here: Facts, there: Facts) -> list[str]:
    """Return the words of what is told here and not there."""
    months, numbers = _months(there), _known_numbers(there)
    missing = [words for time, words in here.times.items() if not _tells_time(there, time, loose=time in here.loose)]
    missing += [words for month, words in here.months.items() if month not in months]
    missing += [words for value, words in here.numbers.items() if value not in numbers]
    return list(dict.fromkeys(missing))


def _tells_time(there: Facts, time: tuple[int, int], *, loose: bool) -> bool:
    """Return whether a time is told; where either language leaves morning or evening open, both are meant."""
    hour, minute = time
    other = ((hour + NOON) % DAY_HOURS, minute)
    return (
        time in there.times or (other in there.times and (loose or other in there.loose)) or _is_bare_hour(there, time)
    )


def _is_bare_hour(there: Facts, time: tuple[int, int]) -> bool:
    """Return whether the other language has the full hour as a number: "at 10"."""
    hour, minute = time
    return minute == 0 and bool({hour, hour % NOON or NOON} & (set(there.numbers) | there.spoken))


def _known_numbers(facts: Facts) -> set[float]:
    """Return every number that is told, be it as a part of a date or as an hour."""
    parts = {part for day in facts.known_days for part in (day.day, day.month, day.year)}
    hours = {hour for time in facts.times for hour in (time[0], time[0] % NOON)}
    return set(facts.numbers) | facts.spoken | parts | hours | set(facts.months)


def _months(facts: Facts) -> set[int]:
    return set(facts.months) | {day.month for day in facts.known_days}


def _facts(material: Material, text: Text | IssueText, language: str) -> Facts | None:
    said = " / ".join(words for name, words in fields(text) if name != "post")
    return prose.read(said, language, material.day)


def _fixed(story: AnyStory) -> set[date]:
    named = ("starts", "ends", "deadline", "happened")
    return {day for name in named if (day := getattr(story, name, None))}
