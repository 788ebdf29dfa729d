"""Put issues on the shelf, as freezing and release do."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from newsletter import archive, database
from newsletter.archive import cards, pages
from newsletter.config import Settings
from newsletter.content import IssueContent, StoryChoice
from newsletter.models import ArchivePage, Image, Issue, Revision, Story
from newsletter.rendering import environment
from newsletter.rendering.views import AnyStory, IssueView, issue_view
from tests.newsletter.archive import sample

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415478da63b8fbea2d0005360275f2b4f4d00000000049454e44ae426082"
)


def picture(engine: Engine, now: datetime) -> None:
    """Store the picture of the food story."""
    with database.writing(engine) as session:
        session.add(
            Image(hash=sample.PICTURE, media_type="image/png", width=1200, height=800, content=PIXEL, created_at=now)
        )


def issue(
    engine: Engine,
    settings: Settings,
    publication_id: int,
    *,
    number: int,
    published: dict[str, datetime | None],
    stories: Sequence[AnyStory] = sample.STORIES,
) -> str:
    """Store an issue with a page a language, public since the given time or not at all; return its slug."""
    with database.writing(engine) as session:
        row = add(session, settings, publication_id, number=number, stories=stories, languages=tuple(published))
        for language, at in published.items():
            if at is not None:
                archive.publish(session, settings, row, language, now=at)
        return row.slug


def add(
    session: Session,
    settings: Settings,
    publication_id: int,
    *,
    number: int,
    stories: Sequence[AnyStory] = sample.STORIES,
    languages: Sequence[str] = ("en", "ja"),
) -> Issue:
    """Store an issue with its stories and frozen pages, none of them public."""
    begun = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    held = [(_story(session, publication_id, content, begun), content) for content in stories]
    content = IssueContent(
        texts={language: sample.TEXTS[language] for language in languages},
        stories=tuple(StoryChoice(story_id=story_id, revision=1) for story_id, _ in held),
    )
    row = Issue(
        publication_id=publication_id,
        number=number,
        slug=f"2026-11-{number:08}",
        state="closed",
        head=1,
        frozen_revision=1,
        created_at=begun,
    )
    session.add(row)
    session.flush()
    _revision(session, "issue", row.id, content.model_dump_json(), begun)
    for language in languages:
        freeze(session, settings, row, view(settings, number, row.slug, language, held), begun)
    return row


def freeze(session: Session, settings: Settings, row: Issue, seen: IssueView, now: datetime) -> None:
    """Store the page of one language."""
    page = pages.render(environment.create(), settings, seen)
    frozen = ArchivePage(
        issue_id=row.id,
        language=seen.language,
        title=page.title,
        description=page.description,
        body=page.body,
        card=page.card,
        hash="0" * 64,
    )
    cards.keep(session, frozen, now=now)
    session.add(frozen)
    session.flush()


def view(settings: Settings, number: int, slug: str, language: str, held: Sequence[tuple[int, AnyStory]]) -> IssueView:
    """Return what templates see of an issue."""
    return issue_view(
        settings,
        number=number,
        slug=slug,
        language=language,
        day=date(2026, 11, 3),
        text=sample.TEXTS[language],
        stories=[pair for pair in held if language in pair[1].texts],
    )


def revise(session: Session, row: Issue, story_id: int, content: AnyStory, now: datetime) -> None:
    """Save a story anew and let the issue hold it, as a correction does."""
    story = session.get_one(Story, story_id)
    story.head += 1
    _revision(session, "story", story_id, content.model_dump_json(), now, number=story.head)
    chosen = [
        choice.model_copy(update={"revision": story.head}) if choice.story_id == story_id else choice
        for choice in _content(session, row).stories
    ]
    hold(session, row, chosen, now)


def drop(session: Session, row: Issue, story_id: int, now: datetime) -> None:
    """Take a story out of an issue."""
    hold(session, row, [choice for choice in _content(session, row).stories if choice.story_id != story_id], now)


def hold(session: Session, row: Issue, chosen: Sequence[StoryChoice], now: datetime) -> None:
    """Let the next revision of an issue hold these stories, and freeze it."""
    after = _content(session, row).model_copy(update={"stories": tuple(chosen)})
    row.head += 1
    row.frozen_revision = row.head
    _revision(session, "issue", row.id, after.model_dump_json(), now, number=row.head)


def _content(session: Session, row: Issue) -> IssueContent:
    held = session.query(Revision).filter_by(subject_kind="issue", subject_id=row.id, number=row.head).one()
    return IssueContent.model_validate_json(held.content)


def _story(session: Session, publication_id: int, content: AnyStory, now: datetime) -> int:
    story = Story(publication_id=publication_id, key="", kind=content.kind, state="used", head=1, created_at=now)
    session.add(story)
    session.flush()
    _revision(session, "story", story.id, content.model_dump_json(), now)
    return story.id


def _revision(session: Session, kind: str, subject_id: int, content: str, now: datetime, *, number: int = 1) -> None:
    session.add(Revision(subject_kind=kind, subject_id=subject_id, number=number, content=content, created_at=now))
    session.flush()
