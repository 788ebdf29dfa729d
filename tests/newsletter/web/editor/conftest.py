"""Editors, and a browser at the desk that sends what a browser sends."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from newsletter import database, editors, issues
from newsletter.models import Delivery, Editor, Issue
from newsletter.web import auth
from newsletter.web.context import Context
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office

PASSWORD = "seven fairs in spring"
ORIGIN = "http://127.0.0.1:8025"


class Browser:
    """A browser of one editor: keeps the cookie, names its origin, sends the hidden field of the forms."""

    def __init__(self, client: TestClient, context: Context, editor: Editor) -> None:
        """Log `editor` in."""
        self._client = client
        with database.writing(context.engine) as session:
            self.token = editors.open_session(session, editor, now=context.now())
        self.cookies = {auth.cookie_name(context.settings): self.token}
        self.csrf = auth.form_token(context.keys, self.token)

    def get(self, path: str, **headers: str) -> Response:
        """Open a page."""
        return self._send("GET", path, headers=headers)

    def post(self, path: str, **fields: str) -> Response:
        """Send a form of ours."""
        return self._send("POST", path, headers={"origin": ORIGIN}, data={"csrf": self.csrf} | fields)

    def send(self, path: str, fields: dict[str, Any], files: dict[str, Any] | None = None) -> Response:
        """Send a form of ours with fields of several values, and files."""
        return self._send(
            "POST", path, headers={"origin": ORIGIN}, data={"csrf": self.csrf} | fields, files=files or {}
        )

    def forge(self, path: str, headers: dict[str, str], **fields: str) -> Response:
        """Send a form as another site might."""
        return self._send("POST", path, headers=headers, data=fields)

    def _send(self, method: str, path: str, *, headers: dict[str, str], **more: dict[str, Any]) -> Response:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return self._client.request(method, path, headers={"cookie": cookies} | headers, **more)  # type: ignore[arg-type]


@pytest.fixture
def hana(engine: Engine, now: datetime) -> Editor:
    """Return an editor who reads English."""
    return add(engine, now, "hana@example.org", "Hana Mori", "editor")


@pytest.fixture
def ken(engine: Engine, now: datetime) -> Editor:
    """Return an approver who reads Japanese."""
    return add(engine, now, "ken@example.org", "森健", "approver", language="ja")


@pytest.fixture
def browser(client: TestClient, context: Context, hana: Editor) -> Browser:
    """Return Hana's browser."""
    return Browser(client, context, hana)


@pytest.fixture
def kens_browser(client: TestClient, context: Context, ken: Editor) -> Browser:
    """Return Ken's browser."""
    return Browser(client, context, ken)


def add(engine: Engine, now: datetime, email: str, name: str, role: str, *, language: str = "en") -> Editor:
    """Add an editor without a password, which would cost a tenth of a second."""
    with database.writing(engine) as session:
        editor = Editor(email=email, name=name, role=role, language=language, created_at=now)
        session.add(editor)
    return editor


def text(response: Response) -> str:
    """Return what a page says: its text without tags, in single blanks."""
    main = response.text.partition("<main")[2].partition("</main>")[0]
    running = re.sub(r"</?(?:span|strong|em)\b[^>]*>", "", main)
    return " ".join(re.sub(r"<[^>]*>", " ", running).split())


@pytest.fixture
def office(context: Context, hana: Editor, ken: Editor) -> Office:
    """Return an office with Hana and Ken and four readers, for one of whom only the notice is of interest."""
    engine, settings = context.engine, context.settings
    office = Office(engine, settings, context.publication_id, hana.id, ken.id, context.now())
    with database.writing(engine) as session:
        newsroom.reader(session, office, 1, topics=["fairs"])
        newsroom.reader(session, office, 2, topics=["fairs"])
        newsroom.reader(session, office, 3, topics=["industry"], language="ja")
        newsroom.reader(session, office, 4, topics=["food"], interests=["TH"])
    return office


Make = Callable[[Session, Office], Issue]


@pytest.fixture
def make(office: Office) -> Callable[[Make], int]:
    """Return a function that makes an issue in a state (`newsroom.draft`, `asked`, ...) and returns its id."""

    def made(step: Make) -> int:
        with database.writing(office.engine) as session:
            return step(session, office).id

    return made


def asked(session: Session, office: Office) -> Issue:
    """Return an issue whose approval Hana has asked for."""
    issue = newsroom.draft(session, office)
    newsroom.ask(session, office, issue)
    return issue


def sending(session: Session, office: Office) -> Issue:
    """Return an issue of which every language is out and nothing has been sent yet."""
    issue = newsroom.scheduled(session, office)
    for release in issue.releases:
        assert issues.release(session, office.settings, release, now=newsroom.SEND_AT)
    return issue


def settle(office: Office, issue_id: int, *states: str) -> None:
    """Put the issue's deliveries into these states, in order."""
    with database.writing(office.engine) as session:
        rows = session.scalars(select(Delivery).where(Delivery.issue_id == issue_id).order_by(Delivery.id)).all()
        for row, state in zip(rows, states, strict=True):
            row.state = state


def state(office: Office, issue_id: int) -> str:
    """Return the issue's state."""
    with database.reading(office.engine) as session:
        return session.get_one(Issue, issue_id).state
