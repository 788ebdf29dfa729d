"""Stories become public: each row follows the revision that its newest issue holds."""

from collections.abc import Iterator
from datetime import date, datetime

from markupsafe import Markup
from pydantic import TypeAdapter
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from newsletter import revisions, urls
from newsletter.archive import terms
from newsletter.config import Settings
from newsletter.content import Fair, Food, Industry, IssueContent, Notice, StoryContent, Text
from newsletter.models import Issue, PublishedStory, StoryWords
from newsletter.rendering.views import AnyStory

_CONTENT: TypeAdapter[AnyStory] = TypeAdapter(StoryContent)
_UNSEARCHED = {"title", "summary", "body", "link_label", "participants"}
"""Fields of a story's text that are not searched, or not as they are."""


def tell(session: Session, settings: Settings, issue: Issue, language: str, *, now: datetime) -> None:
    """Make the stories of an issue's frozen revision public in one language; those taken out are public no more."""
    if issue.frozen_revision is None:
        return
    content = IssueContent.model_validate_json(revisions.read(session, "issue", issue.id, issue.frozen_revision))
    chosen = {choice.story_id: choice.revision for choice in content.stories}
    known = _known(session, chosen, language)
    for story_id, revision in chosen.items():
        story = read(session, story_id, revision)
        if language in story.texts and story.only in (None, language):
            row = known.get(story_id) or PublishedStory(
                publication_id=issue.publication_id, story_id=story_id, language=language, revision=0, published_at=now
            )
            row.slug = address(settings, story)
            _follow(session, row, issue, story, revision, now=now)
    _withdraw(session, issue, language, kept=chosen)


def read(session: Session, story_id: int, revision: int) -> AnyStory:
    """Return what a story says in one revision; raise NotFoundError."""
    return _CONTENT.validate_json(revisions.read(session, "story", story_id, revision))


def plain(text: Text) -> str:
    """Return everything a story says in one language as plain lines, the title first."""
    return "\n".join(line for line in _lines(text) if line)


def _follow(
    session: Session, row: PublishedStory, issue: Issue, story: AnyStory, revision: int, *, now: datetime
) -> None:
    """Bring a row to a revision; a correction's own issue does not become the story's home."""
    if row.id is None or issue.kind == "issue":
        row.issue_id = issue.id
    if revision <= row.revision:
        return
    text = story.texts[row.language]
    row.revision, row.updated_at = revision, now
    row.kind, row.topic, row.title, row.summary = story.kind, story.topic, text.title, text.summary
    row.status = story.status if isinstance(story, Fair) else ""
    row.starts, row.ends = days(story)
    session.add(row)
    session.flush()
    said = plain(text)
    words = terms.cut(said, row.language)
    postgres = session.get_bind().dialect.name == "postgresql"
    session.merge(StoryWords(id=row.id, plain=said, words=terms.tsvector(words) if postgres else " ".join(words)))
    session.flush()


def address(settings: Settings, story: AnyStory) -> str:
    """Return the words in a story's address, the same in every language: the first title that has Latin words."""
    titles = [story.texts[language].title for language in settings.publication.languages if language in story.texts]
    return next(filter(None, map(urls.slug, titles)), "")


def days(story: AnyStory) -> tuple[date | None, date | None]:
    """Return the first and the last day a story is about."""
    if isinstance(story, Fair | Food):
        return story.starts, story.ends
    if isinstance(story, Industry):
        return story.deadline, None
    return (story.starts, None) if isinstance(story, Notice) else (story.happened, None)


def _withdraw(session: Session, issue: Issue, language: str, *, kept: dict[int, int]) -> None:
    gone = select(PublishedStory.id).where(
        PublishedStory.issue_id == issue.id,
        PublishedStory.language == language,
        PublishedStory.story_id.not_in(kept),
    )
    ids = list(session.scalars(gone))
    session.execute(delete(StoryWords).where(StoryWords.id.in_(ids)))
    session.execute(delete(PublishedStory).where(PublishedStory.id.in_(ids)))


def _known(session: Session, chosen: dict[int, int], language: str) -> dict[int, PublishedStory]:
    rows = select(PublishedStory).where(PublishedStory.language == language, PublishedStory.story_id.in_(chosen))
    return {row.story_id: row for row in session.scalars(rows)}


def _lines(text: Text) -> Iterator[str]:
    yield text.title
    yield text.summary
    yield " ".join(Markup(text.body.replace("<", " <")).striptags().split())  # noqa: S704 - its tags are removed
    fields = text.model_dump()
    yield from (str(value) for name, value in fields.items() if name not in _UNSEARCHED)
    yield " / ".join(fields.get("participants", ()))
