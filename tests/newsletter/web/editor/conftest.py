"""Editors, and a browser at the desk that sends what a browser sends."""

import re
from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine

from newsletter import database, editors
from newsletter.models import Editor
from newsletter.web import auth
from newsletter.web.context import Context

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

    def forge(self, path: str, headers: dict[str, str], **fields: str) -> Response:
        """Send a form as another site might."""
        return self._send("POST", path, headers=headers, data=fields)

    def _send(self, method: str, path: str, *, headers: dict[str, str], **more: dict[str, str]) -> Response:
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
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())
