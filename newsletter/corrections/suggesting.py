"""A first wording of what was wrong, from what has changed; an editor makes it theirs."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from newsletter import words
from newsletter.content import Fair
from newsletter.corrections import changes, drafts, texts
from newsletter.corrections.changes import Changed
from newsletter.models import Correction, Issue
from newsletter.rendering import dates


def suggest(
    changed: Sequence[Changed], languages: Sequence[str], *, introduced: Collection[str] = ()
) -> dict[str, str]:
    """Return a sentence or two in each language; `introduced` are those whose introduction changes."""
    return {language: _said(changed, language, introduced=language in introduced) for language in languages}


def wanting(session: Session, correction: Correction) -> dict[str, str]:
    """Return what was wrong, with a first wording where an editor has written none yet."""
    issue = session.get_one(Issue, correction.issue_id)
    chosen = drafts.stories_of(correction)
    different = [one for one in changes.changed(session, issue) if one.differs and one.story_id in chosen]
    first = suggest(different, drafts.tongues(session, correction), introduced=texts.introduced(correction))
    return {language: note for language, note in (first | drafts.notes_of(correction)).items() if note}


def _said(changed: Sequence[Changed], language: str, *, introduced: bool) -> str:
    gap = "" if language == "ja" else " "
    said = [_one(one, language) for one in changed if language in one.now.texts]
    return gap.join([*said, *([words.load("newsroom", language)("correction.introduction")] if introduced else [])])


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
