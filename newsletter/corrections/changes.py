"""What has changed in a story since readers were told it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import issues, revisions, stories
from newsletter.content import Fair
from newsletter.errors import InvalidContentError
from newsletter.models import Issue, Story
from newsletter.rendering.views import AnyStory
from newsletter.revisions import Change

OUT = ("sending", "closed", "cancelled")
"""States of an issue that has begun to reach readers."""
RECENT_ISSUES = 24
"""Older issues are not looked through for what has changed since; a year or two of an office."""


@dataclass(frozen=True)
class Changed:
    """A story as an issue told it, and as it stands now."""

    story_id: int
    told: AnyStory
    now: AnyStory
    told_revision: int
    revision: int

    @property
    def differs(self) -> bool:
        """Return whether readers were told something else than what holds now."""
        return self.told != self.now

    @property
    def called_off(self) -> str:
        """Return the fair's state where it has been postponed or cancelled since, else an empty string."""
        if not isinstance(self.now, Fair) or self.now.status not in ("postponed", "cancelled"):
            return ""
        return "" if isinstance(self.told, Fair) and self.told.status == self.now.status else self.now.status

    def differences(self, language: str) -> list[Change]:
        """Return every difference, told in `language`."""
        return revisions.diff(self.told, self.now, language)


@dataclass(frozen=True)
class Offer:
    """An issue that told something which no longer holds, and the stories it is about."""

    issue: Issue
    stories: tuple[Changed, ...]


def changed(session: Session, issue: Issue) -> list[Changed]:
    """Return every story of an issue that is out, in its order, as it was told and as it is now."""
    content = issues.content(session, issue, issue.frozen_revision)
    heads = dict(
        session.execute(
            select(Story.id, Story.head).where(Story.id.in_([choice.story_id for choice in content.stories]))
        ).all()
    )
    return [
        Changed(
            story_id=choice.story_id,
            told=(told := stories.content(session, choice.story_id, choice.revision)),
            now=told
            if heads[choice.story_id] == choice.revision
            else stories.content(session, choice.story_id, heads[choice.story_id]),
            told_revision=choice.revision,
            revision=heads[choice.story_id],
        )
        for choice in content.stories
    ]


def offers(session: Session, publication_id: int) -> list[Offer]:
    """Return the issues that told something which no longer holds, newest first; each story with its newest issue."""
    recent = (
        select(Issue)
        .where(Issue.publication_id == publication_id, Issue.kind == "issue", Issue.state.in_(OUT))
        .order_by(Issue.number.desc())
        .limit(RECENT_ISSUES)
    )
    seen: set[int] = set()
    found: list[Offer] = []
    for issue in session.scalars(recent).all():
        if not is_out(issue):
            continue
        held = [one for one in changed(session, issue) if one.story_id not in seen]
        seen |= {one.story_id for one in held}
        different = tuple(one for one in held if one.differs)
        if different:
            found.append(Offer(issue, different))
    return found


def offer_of(session: Session, story: Story) -> Offer | None:
    """Return the newest issue that told this story otherwise than it is now, or None."""
    for offer in offers(session, story.publication_id):
        mine = tuple(one for one in offer.stories if one.story_id == story.id)
        if mine:
            return Offer(offer.issue, mine)
    return None


def is_out(issue: Issue) -> bool:
    """Return whether readers may have got it."""
    return issue.state in OUT and any(release.released_at for release in issue.releases)


def demand_out(issue: Issue) -> None:
    """Raise InvalidContentError for an issue that nobody has got yet: it is changed, not corrected."""
    if not is_out(issue) or issue.kind != "issue":
        message = f"Issue {issue.number} has not reached anybody. Change it instead of correcting it."
        raise InvalidContentError(message)
