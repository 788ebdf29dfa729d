"""How far each language of a story is: missing, ready, or out of date because another changed after it.

Whoever changes words that were ready makes the other languages out of date. Whoever changes words that
were missing or out of date catches up with the others, and those stay as they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import audit, revisions
from newsletter.errors import InvalidContentError, StaleError
from newsletter.models import Story, StoryText
from newsletter.rendering.views import AnyStory
from newsletter.stories import wording
from newsletter.stories.wording import CONTENT
from subscribers import guarded

State = Literal["missing", "ready", "out_of_date"]


@dataclass(frozen=True)
class TextStanding:
    """One language of a story, who looks after it and until when."""

    state: State
    owner_id: int | None = None
    due: date | None = None

    def is_late(self, today: date) -> bool:
        """Return whether it should be ready by now and is not."""
        return self.state != "ready" and self.due is not None and self.due < today


def standing(session: Session, story: Story, languages: Sequence[str]) -> dict[str, TextStanding]:
    """Return how far each of `languages` is; a story told in one language only has no standing for the others."""
    content = CONTENT.validate_json(revisions.read(session, "story", story.id, story.head))
    return weigh(story, content, _rows(session, story).values(), languages)


def weigh(
    story: Story, content: AnyStory, rows: Iterable[StoryText], languages: Sequence[str]
) -> dict[str, TextStanding]:
    """Return the standing of `languages` from a story's newest content and its rows, already read."""
    known = {row.language: row for row in rows}
    return {
        language: TextStanding(_state(story, content, known, language), row.owner_id, row.due_on)
        if (row := known.get(language))
        else TextStanding(_state(story, content, known, language))
        for language in languages
        if wording.told_in(content, language)
    }


def note(session: Session, story: Story, before: AnyStory | None, after: AnyStory) -> None:
    """Record which words the newest revision changed; `before` is the revision it follows, none for the first."""
    moved = wording.changed(before, after)
    languages = [language for language in after.texts if wording.told_in(after, language)]
    if not moved.intersection(languages):
        return
    known = _rows(session, story)
    ready = {one for one in languages if before and _state(story, before, known, one) == "ready"}
    catching_up = before is not None and not moved & ready
    for language in languages:
        if language in moved:
            _row(session, story, known, language).changed = story.head
        elif catching_up and language in ready:
            _row(session, story, known, language).confirmed = story.head
    session.flush()


def confirm(session: Session, story: Story, language: str, *, base: int, editor_id: int | None, now: datetime) -> None:
    """Say that the words of a language still hold as they are.

    `base` is the revision that was looked at; raises StaleError where the story was saved since, and
    InvalidContentError where there are no words to confirm.
    """
    if story.head != base:
        raise StaleError
    content = CONTENT.validate_json(revisions.read(session, "story", story.id, base))
    if not wording.has(content, language):
        message = f"The story has no words in {language} that could be confirmed."
        raise InvalidContentError(message)
    _row(session, story, _rows(session, story), language).confirmed = base
    session.flush()
    audit.record(
        session, "confirm words", f"story {story.id}", editor_id=editor_id, now=now, language=language, revision=base
    )


def assign(
    session: Session,
    story: Story,
    language: str,
    *,
    owner_id: int | None,
    due: date | None,
    editor_id: int | None,
    now: datetime,
) -> None:
    """Say who looks after the words of a language, and until when; none clears it."""
    row = _row(session, story, _rows(session, story), language)
    row.owner_id, row.due_on = owner_id, due
    session.flush()
    audit.record(
        session, "assign words", f"story {story.id}", editor_id=editor_id, now=now, language=language, owner=owner_id
    )


def doubt(session: Session, story: Story) -> None:
    """Say that all words need another look, as after the facts around them were taken away."""
    story.doubted = story.head
    session.execute(update(StoryText).where(StoryText.story_id == story.id).values(changed=0, confirmed=0))


def rows(session: Session, story_ids: Iterable[int]) -> dict[int, list[StoryText]]:
    """Return the rows of many stories at once."""
    found: dict[int, list[StoryText]] = {}
    for row in session.scalars(select(StoryText).where(StoryText.story_id.in_(list(story_ids)))):
        found.setdefault(row.story_id, []).append(row)
    return found


def _rows(session: Session, story: Story) -> dict[str, StoryText]:
    wanted = select(StoryText).where(StoryText.story_id == story.id).execution_options(populate_existing=True)
    return {row.language: row for row in session.scalars(wanted)}


def _row(session: Session, story: Story, known: dict[str, StoryText], language: str) -> StoryText:
    if language not in known:
        guarded.insert(
            session, StoryText, story_id=story.id, language=language, changed=0, confirmed=0
        )  # two editors at once: one row
        known |= _rows(session, story)
    return known[language]


def _state(story: Story, content: AnyStory, known: Mapping[str, StoryText], language: str) -> State:
    if not wording.has(content, language):
        return "missing"
    others = [row.changed for row in known.values() if row.language != language and row.language in content.texts]
    return "out_of_date" if _good_until(known.get(language)) < max([story.doubted, *others]) else "ready"


def _good_until(row: StoryText | None) -> int:
    return max(row.changed, row.confirmed) if row else 0
