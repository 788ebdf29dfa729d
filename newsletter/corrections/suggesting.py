"""A first wording of what was wrong, from what has changed; an editor makes it theirs."""

from collections.abc import Sequence

from newsletter import words
from newsletter.content import Fair
from newsletter.corrections.changes import Changed
from newsletter.rendering import dates


def suggest(changed: Sequence[Changed], languages: Sequence[str]) -> dict[str, str]:
    """Return a sentence or two in each language."""
    return {language: _said(changed, language) for language in languages}


def _said(changed: Sequence[Changed], language: str) -> str:
    gap = "" if language == "ja" else " "
    return gap.join(_one(one, language) for one in changed if language in one.now.texts)


def _one(one: Changed, language: str) -> str:
    say = words.load("newsroom", language)
    title = one.now.texts[language].title
    if one.called_off:
        return say(f"correction.{one.called_off}", title=title)
    if isinstance(one.now, Fair) and isinstance(one.told, Fair) and one.now.starts:
        told = dates.period(one.told.starts, one.told.ends, language)
        now = dates.period(one.now.starts, one.now.ends, language)
        if told != now and told:
            return say("correction.days", title=title, told=told, now=now)
    return say("correction.other", title=title)
