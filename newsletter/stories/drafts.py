"""Stories as they are written: created, saved, read."""

from datetime import datetime

from sqlalchemy.orm import Session

from newsletter import revisions
from newsletter.errors import NotFoundError
from newsletter.models import Revision, Story
from newsletter.rendering import markup
from newsletter.rendering.views import AnyStory
from newsletter.revisions import ConflictError
from newsletter.stories import standings
from newsletter.stories.wording import CONTENT


def create(
    session: Session,
    publication_id: int,
    content: AnyStory,
    *,
    key: str = "",
    state: str = "accepted",
    editor_id: int | None,
    now: datetime,
) -> Story:
    """Add a story with its first revision; `key` is its name in an imported folder."""
    story = Story(publication_id=publication_id, key=key, kind=content.kind, state=state, head=0, created_at=now)
    session.add(story)
    session.flush()
    save(session, story, content, base=0, editor_id=editor_id, now=now)
    return story


def save(
    session: Session, story: Story, content: AnyStory, *, base: int, editor_id: int | None, now: datetime
) -> Revision:
    """Keep `content`, which was written on the revision `base`, as the newest, its HTML cleaned.

    What somebody else saved since `base` is kept too where it is about other fields; where both changed the
    same one, raises ConflictError, which holds both. Issues that hold an older revision keep it until they
    are saved with the new one.
    """
    session.refresh(story, with_for_update=True)
    cleaned = clean(content)
    before = _read(session, story, story.head) if story.head else None
    if before is not None and 0 < base < story.head:
        cleaned = _merged(session, story, cleaned, before, base=base)
        base = story.head
    revision = revisions.append(session, story, cleaned.model_dump_json(), base=base, editor_id=editor_id, now=now)
    story.kind = cleaned.kind
    standings.note(session, story, before, cleaned)
    return revision


def content(session: Session, story_id: int, revision: int | None = None) -> AnyStory:
    """Return what a story says in one revision, the newest by default; raise NotFoundError."""
    number = revision if revision is not None else get(session, story_id).head
    return CONTENT.validate_json(revisions.read(session, "story", story_id, number))


def get(session: Session, story_id: int) -> Story:
    """Return the story; raise NotFoundError."""
    story = session.get(Story, story_id)
    if story is None:
        message = f"There is no story {story_id}."
        raise NotFoundError(message)
    return story


def clean(content: AnyStory) -> AnyStory:
    """Return `content` with each language's body reduced to the HTML subset that readers' programs show well."""
    texts = {
        language: text.model_copy(update={"body": markup.clean(text.body)}) for language, text in content.texts.items()
    }
    return content.model_copy(update={"texts": texts})


def _merged(session: Session, story: Story, mine: AnyStory, theirs: AnyStory, *, base: int) -> AnyStory:
    merged = revisions.merge(_read(session, story, base), mine, theirs)
    if merged.content is None:
        raise ConflictError(merged, base=base, head=story.head)
    return merged.content


def _read(session: Session, story: Story, number: int) -> AnyStory:
    return CONTENT.validate_json(revisions.read(session, "story", story.id, number))
