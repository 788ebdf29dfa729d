"""What the proposers hear about the decision."""

from datetime import datetime

from sqlalchemy.orm import Session

from newsletter import stories, urls
from newsletter.config import Settings
from newsletter.errors import InvalidContentError
from newsletter.models import Story
from newsletter.proposals import people
from newsletter.stories import mailing

MAX_REASON = 2000


def accept(session: Session, settings: Settings, story: Story, *, editor_id: int | None, now: datetime) -> None:
    """Accept a proposed story and tell its proposers, if they are known; raise StateError."""
    stories.accept(session, story, editor_id=editor_id, now=now)
    _tell(session, settings, story, "propose_accepted", "", now=now)


def decline(
    session: Session, settings: Settings, story: Story, reason: str = "", *, editor_id: int | None, now: datetime
) -> None:
    """Decline a story; with a `reason` its proposers are told in these words, without one nobody hears of it.

    Raises StateError, and InvalidContentError for a reason that is too long.
    """
    if len(reason) > MAX_REASON:
        raise InvalidContentError
    stories.decline(session, story, editor_id=editor_id, now=now)
    if reason.strip():
        _tell(session, settings, story, "propose_declined", reason, now=now)


def _tell(session: Session, settings: Settings, story: Story, name: str, quoted: str, *, now: datetime) -> None:
    proposal = people.of_story(session, story.id)
    if proposal is None or not proposal.email:
        return
    mailing.write(
        session,
        settings,
        name,
        to=proposal.email,
        to_name=proposal.name,
        language=proposal.language,
        lines=("lead", "next"),
        quoted=quoted,
        url=urls.home(settings, proposal.language),
        once=f"{name}:{story.id}:{now:%Y-%m-%d}",
        now=now,
    )
