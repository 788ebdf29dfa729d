"""Small stories and issues that tests begin with, and an office to put them in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from newsletter import approvals, checks, database, issues, stories
from newsletter.config import Settings
from newsletter.content import (
    Fair,
    FairText,
    Industry,
    IndustryText,
    IssueContent,
    IssueText,
    Notice,
    StoryChoice,
    Text,
)
from newsletter.models import Editor, Issue
from newsletter.rendering.views import AnyStory
from subscribers import bits
from subscribers.models import Subscriber, Subscription
from tests.conftest import prepare

SEND_AT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
"""Tuesday 1 December, 10:00 in Singapore; a week after the tests' `now`."""
ROLES = ("editor", "approver")

FAIR = Fair(
    topic="fairs",
    countries=("TH",),
    starts=date(2026, 12, 17),
    ends=date(2026, 12, 20),
    texts={
        "en": FairText(title="FIT", city="Bangkok", body="<p>Open until Sunday 20 December.</p>"),
        "ja": FairText(title="FITフェア", city="バンコク", body="<p>12月20日（日）まで開かれます。</p>"),
    },
)
SEMINAR = Industry(
    topic="industry",
    countries=("SG",),
    deadline=date(2027, 1, 15),
    texts={"en": IndustryText(title="Seminar", who="Cities"), "ja": IndustryText(title="セミナー", who="市町村")},
)
NOTICE = Notice(texts={"en": Text(title="A notice"), "ja": Text(title="お知らせ")})
STORIES: tuple[AnyStory, ...] = (FAIR, SEMINAR, NOTICE)
TEXTS = {
    "en": IssueText(subject="News", preheader="What is new"),
    "ja": IssueText(subject="おたより", preheader="新しいこと"),
}


@dataclass(frozen=True)
class Office:
    """A database with a publication, an editor and an approver."""

    engine: Engine
    settings: Settings
    publication_id: int
    editor_id: int
    approver_id: int
    now: datetime


def open_office(engine: Engine, settings: Settings, now: datetime) -> Office:
    """Return an office in an empty database."""
    publication_id = prepare(engine, settings, now)
    with database.writing(engine) as session:
        people = [Editor(email=f"{role}@example.org", name=role, role=role, created_at=now) for role in ROLES]
        session.add_all(people)
        session.flush()
        editor_id, approver_id = (person.id for person in people)
    return Office(engine, settings, publication_id, editor_id, approver_id, now)


def draft(session: Session, office: Office, contents: Sequence[AnyStory] = STORIES) -> Issue:
    """Return a draft of these stories."""
    held = [stories.create(session, office.publication_id, one, editor_id=None, now=office.now) for one in contents]
    chosen = tuple(StoryChoice(story_id=story.id, revision=1) for story in held)
    content = IssueContent(texts=TEXTS, stories=chosen, send_at=SEND_AT)
    return issues.create(session, office.settings, office.publication_id, content, editor_id=None, now=office.now)


def approved(session: Session, office: Office) -> Issue:
    """Return an issue that has been asked for and approved."""
    issue = draft(session, office)
    approve(session, office, issue)
    return issue


def ask(
    session: Session, office: Office, issue: Issue, *, editor_id: int | None = None, now: datetime | None = None
) -> None:
    """Let every warning stand and ask for the approval of an issue, as the office's editor."""
    who, at = editor_id or office.editor_id, now or office.now
    prepared = approvals.prepare(session, office.settings, issue)
    checks.tick(session, issue, prepared.findings, editor_id=who, now=at)
    approvals.ask(session, office.settings, issue, editor_id=who, now=at, prepared=prepared)


def approve(session: Session, office: Office, issue: Issue) -> None:
    """Ask for an issue's approval and give it."""
    ask(session, office, issue)
    approvals.give(session, office.settings, issue, editor_id=office.approver_id, now=office.now)


def scheduled(session: Session, office: Office) -> Issue:
    """Return an issue that goes out at `SEND_AT`."""
    issue = approved(session, office)
    issues.schedule(session, issue, SEND_AT, now=office.now, editor_id=office.editor_id)
    return issue


def reader(
    session: Session,
    office: Office,
    number: int,
    *,
    language: str = "en",
    topics: Sequence[str] = (),
    interests: Sequence[str] = (),
) -> Subscription:
    """Add an active reader."""
    known = bits.load(session, office.publication_id)
    email = f"reader{number}@example.org"
    person = Subscriber(
        subject=f"s{number}", email=email, email_key=email, language=language, created_at=office.now - timedelta(days=9)
    )
    subscription = Subscription(
        publication_id=office.publication_id,
        subscriber=person,
        state="active",
        state_at=office.now,
        topics=known.topic_mask(topics),
        interests=known.country_mask(interests),
    )
    session.add(subscription)
    session.flush()
    return subscription
