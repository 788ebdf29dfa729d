"""The letter after an issue has closed: what became of the story that somebody proposed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter import letters, stories, urls, words
from newsletter.archive import telling
from newsletter.config import Settings
from newsletter.content import IssueContent
from newsletter.models import Delivery, Edition, Issue, Letter, Post, Proposal, Revision, Story
from newsletter.proposals import people

WITHIN = timedelta(days=30)
"""Issues that closed longer ago are history; whoever is written down later is not thanked for them."""


@dataclass(frozen=True)
class Told:
    """What became of one story in one issue; `clicks` is none where links are not counted."""

    copies: int
    clicks: int | None
    pages: dict[str, str]  # address by language
    posts: dict[str, str]


def due(
    session: Session, publication_id: int, *, after: timedelta = timedelta(0), now: datetime
) -> list[tuple[Issue, Proposal]]:
    """Return whom to thank for which issue, `after` it has closed for so long, and who has not been thanked yet."""
    closed = session.scalars(
        select(Issue).where(
            Issue.publication_id == publication_id,
            Issue.kind == "issue",
            Issue.state == "closed",
            Issue.closed_at > now - WITHIN - after,
            Issue.closed_at <= now - after,
        )
    ).all()
    found = [(issue, one) for issue in closed for one in _people(session, issue) if one.email]
    written = set(session.scalars(select(Letter.once).where(Letter.once.in_([_once(*pair) for pair in found]))))
    return [pair for pair in found if _once(*pair) not in written]


def thank(
    session: Session,
    settings: Settings,
    issue: Issue,
    proposal: Proposal,
    *,
    clicks: Mapping[int | None, int] | None,
    now: datetime,
) -> Letter | None:
    """Queue the letter to a story's proposers, once for each issue; `clicks` are by story, none: not counted."""
    if proposal.story_id is None or not proposal.email:
        return None
    story = stories.get(session, proposal.story_id)
    content = stories.content(session, story.id)
    language = proposal.language if proposal.language in settings.publication.languages else ""
    language = language or settings.publication.languages[0]
    text = content.texts.get(language) or next(iter(content.texts.values()))
    told = outcome(session, settings, issue, story, clicks=clicks)
    return letters.write(
        session,
        settings,
        "answer",
        language=language,
        to=proposal.email,
        to_name=proposal.name,
        once=_once(issue, proposal),
        now=now,
        template="thanks",
        story=text.title,
        organisation=proposal.organisation,
        number=issue.number,
        told=told,
        names={code: words.load("reader", code)("language.own") for code in {*told.pages, *told.posts}},
    )


def outcome(
    session: Session, settings: Settings, issue: Issue, story: Story, *, clicks: Mapping[int | None, int] | None
) -> Told:
    """Return what became of a story in an issue."""
    content = stories.content(session, story.id)
    posts = session.execute(
        select(Post.language, Post.permalink)
        .where(Post.issue_id == issue.id, Post.permalink.is_not(None))
        .order_by(Post.id.desc())  # of several the first counts, which announced it; a correction's comes later
    ).all()
    return Told(
        copies=copies(session, issue, story.id),
        clicks=None if clicks is None else clicks.get(story.id, 0),
        pages={
            language: urls.story_page(settings, language, story.id, telling.address(settings, content))
            for language in settings.publication.languages
            if language in content.texts
        },
        posts={language: link for language, link in posts if link},
    )


def copies(session: Session, issue: Issue, story_id: int) -> int:
    """Return how many readers were sent an edition of the issue that holds the story."""
    kept = session.execute(select(Edition.id, Edition.stories).where(Edition.issue_id == issue.id)).all()
    holding = [edition_id for edition_id, held in kept if story_id in json.loads(held)]
    sent = select(func.count()).where(Delivery.edition_id.in_(holding), Delivery.state == "sent")
    return session.scalar(sent) or 0


def _people(session: Session, issue: Issue) -> list[Proposal]:
    stored = session.scalar(
        select(Revision.content).where(
            Revision.subject_kind == "issue",
            Revision.subject_id == issue.id,
            Revision.number == (issue.frozen_revision or issue.head),
        )
    )
    if stored is None:
        return []
    held = [choice.story_id for choice in IssueContent.model_validate_json(stored).stories]
    return list(people.of_stories(session, held).values())


def _once(issue: Issue, proposal: Proposal) -> str:
    return f"thanks:{issue.id}:{proposal.story_id}"
