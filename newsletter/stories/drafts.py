"""Stories as they are written: created, saved, read."""

from datetime import datetime

from sqlalchemy.orm import Session

from newsletter import revisions
from newsletter.errors import NotFoundError
from newsletter.models import Revision, Story
from newsletter.rendering import markup
from newsletter.rendering.views import AnyStory
from newsletter.stories import standings
from newsletter.stories.wording import CONTENT


def create(
    session: Session, publication_id: int, content: AnyStory, *, key: str = "", editor_id: int | None, now: datetime
) -> Story:
    """Add a story with its first revision; `key` is its name in an imported folder."""
    story = Story(publication_id=publication_id, key=key, kind=content.kind, state="accepted", head=0, created_at=now)
    session.add(story)
    session.flush()
    save(session, story, content, base=0, editor_id=editor_id, now=now)
    return story


def save(
    session: Session, story: Story, content: AnyStory, *, base: int, editor_id: int | None, now: datetime
) -> Revision:
    """Keep `content` as the revision after `base`, its HTML cleaned; raise StaleError if `base` is not the newest.

    Issues that hold an older revision keep it until they are saved with the new one.
    """
    cleaned = clean(content)
    revision = revisions.append(session, story, cleaned.model_dump_json(), base=base, editor_id=editor_id, now=now)
    before = CONTENT.validate_json(revisions.read(session, "story", story.id, base)) if base else None
    story.kind = content.kind
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
