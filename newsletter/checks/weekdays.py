"""Each date in the words exists, and falls on the weekday that stands beside it."""

from collections.abc import Iterator

from newsletter import prose
from newsletter.checks.material import Material
from newsletter.checks.place import Place
from newsletter.checks.wording import fields
from newsletter.content import IssueText, Text
from newsletter.findings import Finding
from newsletter.prose import Mention
from newsletter.rendering import dates


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for each date that the calendar does not have like that."""
    for language, text in material.content.texts.items():
        for name, mention in _mentions(material, text, language):
            yield from _judged(material, language, Place(field=name), mention)
    for story_id, story in material.stories:
        for language, words in material.texts_of(story).items():
            for name, mention in _mentions(material, words, language):
                yield from _judged(material, language, Place(story_id, name), mention)


def _mentions(material: Material, text: Text | IssueText, language: str) -> Iterator[tuple[str, Mention]]:
    for name, said in fields(text):
        facts = prose.read(said, language, material.day)
        for mention in facts.dates if facts else ():
            yield name, mention


def _judged(material: Material, language: str, place: Place, mention: Mention) -> Iterator[Finding]:
    if mention.day is None:
        yield material.error("weekdays.unknown", language, place, about=mention.text, words=mention.text)
    elif not mention.weekday_is_right:
        right = dates.day(mention.day, material.say.language)
        yield material.error("weekdays.wrong", language, place, about=mention.text, words=mention.text, right=right)
