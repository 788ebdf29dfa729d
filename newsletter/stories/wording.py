"""What of a story is words of one language; pure."""

from pydantic import TypeAdapter

from newsletter.content import StoryContent
from newsletter.rendering.views import AnyStory

CONTENT: TypeAdapter[AnyStory] = TypeAdapter(StoryContent)
"""Reads any kind of story from JSON or plain values."""

Words = tuple[object, ...]
"""Everything a story says in one language, to be compared and not to be read."""


def words(content: AnyStory, language: str) -> Words | None:
    """Return the words of a language with those of its picture and flyers, or None where it has none."""
    text = content.texts.get(language)
    if text is None:
        return None
    picture = content.picture
    spoken = (picture.alt.get(language), picture.caption.get(language)) if picture else ()
    return (text, spoken, tuple(flyer.title.get(language) for flyer in content.flyers))


def changed(before: AnyStory | None, after: AnyStory) -> set[str]:
    """Return the languages whose words differ between two states of a story."""
    if before is None:
        return set(after.texts)
    return {language for language in {*before.texts, *after.texts} if words(before, language) != words(after, language)}


def told_in(content: AnyStory, language: str) -> bool:
    """Return whether a story is to be told in a language: all, unless it is marked for one only."""
    return content.only in (None, language)


def has(content: AnyStory, language: str) -> bool:
    """Return whether a story has a title in a language, without which nothing can be shown."""
    text = content.texts.get(language)
    return text is not None and bool(text.title)
