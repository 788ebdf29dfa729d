"""A connected page, an issue whose page is public, and a clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from newsletter import database
from newsletter.config import Settings
from newsletter.models import ArchivePage, Issue, Post, PostAttempt
from newsletter.social import posts
from newsletter.social.facebook import Client
from tests.newsletter.sandbox.simulator import Simulator


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.time = now

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **units: float) -> None:
        self.time += timedelta(**units)


@dataclass
class Office:
    """What a test of posts works with."""

    engine: Engine
    settings: Settings
    client: Client
    clock: Clock
    issue_id: int

    def publish(self) -> int:
        return posts.publish_due(self.engine, self.settings, self.client, now=self.clock)

    def post(self, language: str = "en") -> Post:
        with database.reading(self.engine) as session:
            return session.scalars(select(Post).where(Post.language == language)).one()

    def attempts(self) -> list[PostAttempt]:
        with database.reading(self.engine) as session:
            return list(session.scalars(select(PostAttempt).order_by(PostAttempt.id)))

    def answer(self, choice: posts.Choice, *, permalink: str = "") -> None:
        with database.writing(self.engine) as session:
            post = session.get_one(Post, self.post().id)
            posts.answer_doubt(
                session,
                post,
                choice,
                editor_id=None,
                now=self.clock(),
                permalink=permalink,
                settings=self.settings,
            )

    def plan(self, language: str = "en") -> None:
        with database.writing(self.engine) as session:
            posts.plan(session, self.settings, self.issue_id, language, now=self.clock())


@pytest.fixture(scope="session")
def running_simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """Give one simulator to all tests."""
    simulator = Simulator(tmp_path_factory.mktemp("graph"), "--page-name", "J.CLAIR Singapore")
    yield simulator
    simulator.stop()


@pytest.fixture
def simulator(running_simulator: Simulator) -> Simulator:
    """Return the simulator with nothing on its page."""
    running_simulator.control("reset", {})
    return running_simulator


@pytest.fixture
def own_simulator(tmp_path: Path) -> Iterator[Simulator]:
    """Return a simulator that the test may stop and start."""
    simulator = Simulator(tmp_path / "graph")
    yield simulator
    if simulator.process.poll() is None:
        simulator.stop()


@pytest.fixture
def office(engine: Engine, settings: Settings, publication_id: int, simulator: Simulator, now: datetime) -> Office:
    """Return an office with one released issue and a frozen post in each language."""
    return open_office(engine, simulator.settings(settings), publication_id, now)


def open_office(engine: Engine, settings: Settings, publication_id: int, now: datetime) -> Office:
    with database.writing(engine) as session:
        issue = Issue(publication_id=publication_id, number=1, slug="2026-12-abcdefgh", state="sending", created_at=now)
        session.add(issue)
        session.flush()
        for language in ("en", "ja"):
            session.add(_page(issue.id, language, now))
            session.add(_post(issue.id, language, posts.page_of(settings)))
    return Office(engine, settings, Client(settings.facebook), Clock(now), issue.id)


def link(language: str) -> str:
    return f"https://news.example.org/{language}/issues/2026-12-abcdefgh/"


def _page(issue_id: int, language: str, now: datetime) -> ArchivePage:
    return ArchivePage(
        issue_id=issue_id, language=language, title="", description="", body="", hash="", published_at=now
    )


def _post(issue_id: int, language: str, page: str) -> Post:
    words = {"en": "Two travel fairs and a week of Aichi food", "ja": "二つの旅行フェアと愛知の味の一週間"}
    return Post(
        issue_id=issue_id,
        page=page,
        language=language,
        purpose="announcement",
        text=f"{words[language]}\n\n{link(language)}",
        link=link(language),
        marker="2026-12-abcdefgh",
        state="frozen",
        version=0,
    )
