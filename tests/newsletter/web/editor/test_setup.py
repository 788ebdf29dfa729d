"""The first run: one door, one code, one editor."""

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from newsletter import database, editors
from newsletter.models import Editor
from newsletter.web.context import Context
from tests.newsletter.web.editor.conftest import ORIGIN, PASSWORD, text


def _send(client: TestClient, context: Context, **changes: str) -> Response:
    fields = {
        "code": editors.setup_code(context.keys),
        "name": "Hana Mori",
        "email": "hana@example.org",
        "password": PASSWORD,
    }
    return client.post("/desk/setup", data=fields | changes, headers={"origin": ORIGIN})


@pytest.mark.parametrize("path", ["/desk", "/desk/", "/desk/login", "/desk/issues", "/desk/issues/3/progress"])
def test_every_way_leads_to_the_set_up_while_there_is_no_editor(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/desk/setup"


def test_the_right_code_makes_an_administrator_and_logs_in(client: TestClient, context: Context) -> None:
    answer = _send(client, context, code=editors.setup_code(context.keys).upper())

    assert answer.status_code == 303
    assert answer.headers["location"] == "/desk/issues?done=welcome"
    with database.reading(context.engine) as session:
        assert session.scalars(select(Editor.role)).all() == ["admin"]
    assert "The desk is ready" in text(client.get("/desk/issues?done=welcome"))


def test_without_the_code_nobody_becomes_an_editor(client: TestClient, context: Context) -> None:
    answer = _send(client, context, code="aaaa-aaaa-aaaa-aaaa")

    assert answer.status_code == 422
    assert "That is not the code." in text(answer)
    assert "set-cookie" not in answer.headers
    with database.reading(context.engine) as session:
        assert not editors.exist(session)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Please write a name."),
        ("email", "nobody", "That does not look like an e-mail address."),
        ("password", "short", "That is too short"),
        ("password", "aaaaaaaaaaaaaa", "easy to guess"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_the_rest_is_kept(
    client: TestClient, context: Context, field: str, value: str, sentence: str
) -> None:
    answer = _send(client, context, **{field: value})

    assert answer.status_code == 422
    assert sentence in text(answer)
    kept = 'value="hana@example.org"' if field != "email" else 'value="Hana Mori"'
    assert kept in answer.text
    assert PASSWORD not in answer.text


def test_the_door_is_closed_behind_the_first(client: TestClient, context: Context) -> None:
    _send(client, context)
    client.cookies.clear()

    second = _send(client, context, email="mallory@example.org")

    assert second.status_code == 404
    assert client.get("/desk/setup").status_code == 404
    with database.reading(context.engine) as session:
        assert len(session.scalars(select(Editor)).all()) == 1


def test_the_set_up_speaks_the_browsers_language_and_switches(client: TestClient) -> None:
    japanese = client.get("/desk/setup", headers={"accept-language": "ja,en;q=0.5"})
    english = client.get("/desk/setup?lang=en", headers={"accept-language": "ja"})

    assert "編集デスクの初期設定" in text(japanese)
    assert 'href="?lang=en"' in japanese.text
    assert "Set up the desk" in text(english)


def test_another_site_cannot_send_the_set_up(client: TestClient, context: Context) -> None:
    answer = client.post(
        "/desk/setup",
        data={"code": editors.setup_code(context.keys), "name": "M", "email": "m@example.org", "password": PASSWORD},
        headers={"origin": "https://evil.example"},
    )

    assert answer.status_code == 403
    with database.reading(context.engine) as session:
        assert not editors.exist(session)


def test_guessing_the_code_is_slowed_down(client: TestClient, context: Context) -> None:
    limit = context.settings.web.page_requests_per_minute
    answers = [_send(client, context, code="x") for _ in range(limit + 1)]

    assert answers[limit - 1].status_code == 422
    assert answers[limit].status_code == 429
    assert answers[limit].headers["retry-after"] == "60"
