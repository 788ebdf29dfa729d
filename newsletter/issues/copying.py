"""A new draft from an issue there already is."""

from datetime import datetime

from sqlalchemy.orm import Session

from newsletter import audit, stories
from newsletter.config import Settings
from newsletter.content import StoryChoice
from newsletter.issues import drafts
from newsletter.models import Issue


def copy(session: Session, settings: Settings, issue: Issue, *, editor_id: int | None, now: datetime) -> Issue:
    """Return a new draft that says what the newest revision of `issue` says, and holds the newest words of its stories.

    Number, page address and approval are its own, and it has no send time yet; a correction's copy is an
    issue like any other.
    """
    content = drafts.content(session, issue)
    chosen = tuple(
        StoryChoice(story_id=one.story_id, revision=stories.get(session, one.story_id).head) for one in content.stories
    )
    again = content.model_copy(update={"stories": chosen, "send_at": None, "later": {}})
    made = drafts.create(session, settings, issue.publication_id, again, editor_id=editor_id, now=now)
    audit.record(session, "copy", f"issue {made.id}", editor_id=editor_id, now=now, of=issue.number)
    return made
