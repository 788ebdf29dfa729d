"""Short addresses lead where an issue led, and count without knowing who."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text, update

from newsletter import database, links
from newsletter.models import Issue, Link, LinkClicks, Release
from newsletter.web import app as web_app
from newsletter.web.context import Context
from tests.newsletter.web.public.conftest import Clock

TARGET = "https://fair.example.org/visit?a=1&b=%E6%97%A5"
SLUG = "2026-12-abcdefgh"


@pytest.fixture
def token(context: Context) -> str:
    """Return the token of a link in an issue that is out."""
    with database.writing(context.engine) as session:
        issue = Issue(
            publication_id=context.publication_id, number=1, slug=SLUG, state="sending", created_at=context.now()
        )
        issue.releases = [Release(language="en", state="released", due_at=context.now(), released_at=context.now())]
        session.add(issue)
        session.flush()
        links.keep(session, issue.id, SLUG, [links.Found(TARGET, None)])
        return links.addresses.token(session.scalars(select(Link.code)).one(), "en")


def counted(context: Context) -> dict[str, int]:
    with database.reading(context.engine) as session:
        return {f"{row.language} {row.day:%d}": row.count for row in session.scalars(select(LinkClicks))}


def test_a_reader_is_led_on_and_only_the_day_is_kept(
    client: TestClient, context: Context, clock: Clock, token: str
) -> None:
    answer = client.get(f"/l/{token}")
    client.get(f"/l/{token}".replace("-en", "-en-ja"))
    clock.wait(hours=24)
    client.get(f"/l/{token}")

    assert (answer.status_code, answer.headers["location"]) == (302, TARGET)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    assert counted(context) == {"en 24": 1, "en+ja 24": 1, "en 25": 1}


@pytest.mark.parametrize(
    "path",
    [
        "nonesuch",
        "nonesuch-en",
        "{code}",
        "{code}-fr",
        "{code}-en-en",
        "{code}-en?to=https://evil.test/&url=//evil.test",
    ],
)
def test_nothing_but_what_is_stored_is_led_to(client: TestClient, token: str, path: str) -> None:
    answer = client.get("/l/" + path.format(code=token.partition("-")[0]))

    assert "evil.test" not in answer.headers.get("location", "")
    assert answer.status_code == (302 if "?" in path else 404)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x-moz": "prefetch"},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"user-agent": "facebookexternalhit/1.1"},
    ],
)
def test_what_is_fetched_in_advance_or_by_programs_counts_nothing(
    client: TestClient, context: Context, token: str, headers: dict[str, str]
) -> None:
    assert client.get(f"/l/{token}", headers=headers).status_code == 302

    assert counted(context) == {}


def test_a_look_at_the_head_counts_nothing(client: TestClient, context: Context, token: str) -> None:
    answer = client.head(f"/l/{token}")

    assert (answer.status_code, answer.headers["location"]) == (302, TARGET)
    assert counted(context) == {}


def test_before_release_an_approver_is_led_on_and_not_counted(client: TestClient, context: Context, token: str) -> None:
    with database.writing(context.engine) as session:
        session.execute(update(Release).values(released_at=None, state="planned"))

    assert client.get(f"/l/{token}").headers["location"] == TARGET
    assert counted(context) == {}


def test_links_of_mails_that_are_out_go_on_leading_when_counting_is_switched_off(context: Context, token: str) -> None:
    off = context.settings.links.model_copy(update={"count_clicks": False})
    quiet = Context(
        context.settings.model_copy(update={"links": off}),
        context.keys,
        context.engine,
        context.publication_id,
        now=context.now,
    )

    assert TestClient(web_app.create(quiet), follow_redirects=False).get(f"/l/{token}").headers["location"] == TARGET
    assert counted(context) == {}


def test_a_busy_database_holds_no_reader_up_and_loses_no_click(
    client: TestClient, context: Context, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 1)  # for connections made from now on
    context.engine.dispose()
    with context.engine.connect() as other:  # holds the write lock from its first statement on
        other.execute(text("SELECT 1"))
        answers = [client.get(f"/l/{token}").status_code for _ in range(3)]
        other.rollback()
    assert answers == [302, 302, 302]
    assert counted(context) == {}

    client.get(f"/l/{token}")

    assert counted(context) == {"en 24": 4}
