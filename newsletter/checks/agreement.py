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


def check(material: Material) -> Iterator[Finding]:
    """Yield an error where dates differ and a warning where times, months or numbers do."""
    yield from _compared(
        material, material.content.texts, ISSUE, {material.day_in(language) for language in material.languages}
    )
    for story_id, story in material.stories:
        yield from _compared(material, story.texts, Place(story_id), _fixed(story))


def _compared(
    material: Material, texts: Mapping[str, Text | IssueText], place: Place, fixed: Collection[date]
) -> Iterator[Finding]:
    """Compare every language with the first; `fixed` are dates that the layout prints in each of them."""
    told = {language: facts for language, text in texts.items() if (facts := _facts(material, text, language))}
    if not told:
        return
    first, *others = told
    for other in others:
        yield from _dates(material, {one: told[one] for one in (first, other)}, place, fixed)
        for one, two in ((first, other), (other, first)):
            yield from _rest(material, one, two, told, place)


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
    others = {mention.day for mention in there.dates}
    return {mention.day: mention.text for mention in here.dates if mention.day and mention.day not in others}


def _rest(material: Material, one: str, two: str, told: Mapping[str, Facts], place: Place) -> Iterator[Finding]:
    """Yield what `one` tells and `two` does not."""
    here, there = told[one], told[two]
    missing = [words for time, words in here.times.items() if time not in there.times]
    missing += [words for month, words in here.months.items() if month not in _months(there)]
    missing += [
        words for value, words in here.numbers.items() if value not in there.numbers and value not in there.spoken
    ]
    for words in missing:
        yield material.warning("agreement.number", two, place, about=words, first=material.spoken(one), words=words)


def _months(facts: Facts) -> set[int]:
    return set(facts.months) | {mention.day.month for mention in facts.dates if mention.day}


def _facts(material: Material, text: Text | IssueText, language: str) -> Facts | None:
    said = " / ".join(words for name, words in fields(text) if name != "post")
    return prose.read(said, language, material.day)


def _fixed(story: AnyStory) -> set[date]:
    named = ("starts", "ends", "deadline", "happened")
    return {day for name in named if (day := getattr(story, name, None))}
