"""Unsubscribing: one click of a mail program (RFC 8058), one button for a person, and never an obstacle."""

import concurrent.futures
import json
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html
from sqlalchemy import select

from newsletter import database, words
from newsletter.web import app as web_app
from newsletter.web.context import Context
from subscribers import tokens
from subscribers.models import ConsentPayload
from tests.newsletter.web.public.conftest import Clock, Register

EN = words.load("reader", "en")
BOUNDARY = "multipart/form-data; boundary=b"
MULTIPART = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'

BODIES: list[tuple[str, dict[str, Any]]] = [
    ("urlencoded", {"data": {"List-Unsubscribe": "One-Click"}}),
    ("multipart", {"content": MULTIPART, "headers": {"content-type": BOUNDARY}}),
    ("broken multipart", {"content": b"--c", "headers": {"content-type": BOUNDARY}}),
    ("json", {"json": {"a": 1}}),
    ("nonsense", {"content": b"\xff" * 100_000, "headers": {"content-type": "nonsense"}}),
    ("nothing", {}),
]


@pytest.fixture
def mail_program(context: Context) -> TestClient:
    """Return a client without origin, cookies or memory."""
    return TestClient(web_app.create(context), follow_redirects=False)


@pytest.mark.parametrize("body", [each[1] for each in BODIES], ids=[each[0] for each in BODIES])
def test_one_click_unsubscribes_whatever_the_body(
    mail_program: TestClient, register: Register, body: dict[str, Any]
) -> None:
    reader = register.subscribe()

    answer = mail_program.post(f"/u/{reader.footer}", **body)

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert register.get(reader).state == "left"


@pytest.mark.parametrize("spelling", [str.upper, str.title, lambda token: f"{token}/"])
def test_one_click_survives_what_mail_does_to_links(
    mail_program: TestClient, register: Register, spelling: Any
) -> None:
    reader = register.subscribe()

    answer = mail_program.post(f"/u/{spelling(reader.footer)}")

    assert answer.status_code == 200
    assert register.get(reader).state == "left"


def test_a_second_click_is_as_good_as_the_first(mail_program: TestClient, register: Register) -> None:
    reader = register.subscribe()

    first, second = (mail_program.post(f"/u/{reader.footer}") for _ in range(2))

    assert first.status_code == second.status_code == 200
    assert first.text == second.text
    assert register.events().count("left") == 1


def test_twenty_clicks_at_once_are_one(context: Context, register: Register) -> None:
    reader = register.subscribe()
    app = web_app.create(context)

    with TestClient(app) as client, concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post(f"/u/{reader.footer}").status_code, range(20)))

    assert answers == [200] * 20
    assert register.events().count("left") == 1


def test_a_link_of_ten_years_ago_works_though_the_key_has_changed(
    context: Context, register: Register, clock: Clock
) -> None:
    reader = register.subscribe()
    clock.wait(days=3652)
    keys = replace(context.keys, unsubscribe=(b"n" * 32, *context.keys.unsubscribe))

    with TestClient(web_app.create(replace(context, keys=keys))) as client:
        answer = client.post(f"/u/{reader.footer}")

    assert answer.status_code == 200
    assert register.get(reader).state == "left"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_after_erasure_the_answer_is_still_200(client: TestClient, register: Register, method: str) -> None:
    reader = register.subscribe()
    register.erase(reader)

    answer = client.request(method, f"/u/{reader.footer}")

    assert answer.status_code == 200
    assert EN("unsubscribe.done_title") in answer.text
    assert "/subscribe" in answer.text


def test_one_click_is_never_told_to_wait(mail_program: TestClient, register: Register, context: Context) -> None:
    reader = register.subscribe()

    answers = {
        mail_program.post(f"/u/{reader.footer}").status_code
        for _ in range(context.settings.web.page_requests_per_minute + 5)
    }

    assert answers == {200}


def test_opening_the_link_changes_nothing(client: TestClient, register: Register) -> None:
    reader = register.subscribe()

    for method in ("GET", "HEAD", "OPTIONS"):
        client.request(method, f"/u/{reader.footer}")

    assert register.get(reader).state == "active"


def test_the_page_shows_one_button_and_hides_the_address(client: TestClient, register: Register) -> None:
    answer = client.get(f"/u/{register.subscribe().footer}")

    assert answer.status_code == 200
    assert answer.text.count("<button") == 1
    assert "h•••@example.org" in answer.text
    assert "hana@" not in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text


@pytest.mark.parametrize(("action", "method"), [("", "one-click"), ("?by=page&lang=en", "link")])
def test_the_ledger_tells_a_mail_program_from_a_person(
    client: TestClient, register: Register, context: Context, action: str, method: str
) -> None:
    reader = register.subscribe()

    client.post(f"/u/{reader.footer}{action}")

    with database.reading(context.engine) as session:
        payloads = session.scalars(select(ConsentPayload.payload).order_by(ConsentPayload.line_id)).all()
    assert json.loads(payloads[-1])["evidence"]["method"] == method


def test_the_button_of_the_page_works(client: TestClient, register: Register) -> None:
    reader = register.subscribe(language="ja")
    form = html.fromstring(client.get(f"/u/{reader.footer}").text).forms[0]

    answer = client.post(str(form.action))

    assert words.load("reader", "ja")("unsubscribe.done_title") in answer.text
    assert register.get(reader).state == "left"


def _forged(token: str) -> list[str]:
    last = "a" if token[-1] != "a" else "b"
    return [token[:-1], f"{token[:-2]}{last}{token[-1]}", f"{token}a", "a" * 26, "x", "%00", "%F0%9F%92%A5"]


@pytest.mark.parametrize("path", ["/u/{}", "/u/{}/topics", "/u/{}/reason", "/u/{}/back"])
def test_a_forged_token_does_nothing_and_shows_another_way(
    client: TestClient, register: Register, context: Context, path: str
) -> None:
    reader = register.subscribe()
    others = tokens.unsubscribe_token([b"x" * 32], reader.subscription_id)
    bounces = tokens.bounce_token(context.keys.unsubscribe, reader.subscription_id)

    for token in [*_forged(reader.footer), others, bounces, reader.confirm]:
        answer = client.post(path.format(token))
        assert answer.status_code == 404
        assert f"mailto:{context.settings.office.address}" in answer.text

    assert register.get(reader).state == "active"


def test_a_reason_is_kept_and_changes_nothing(client: TestClient, register: Register, context: Context) -> None:
    reader = register.subscribe()
    client.post(f"/u/{reader.footer}")

    answer = client.post(f"/u/{reader.footer}/reason", data={"reason": "often"})

    assert EN("unsubscribe.reason_thanks") in answer.text
    with database.reading(context.engine) as session:
        payloads = session.scalars(select(ConsentPayload.payload).order_by(ConsentPayload.line_id)).all()
    assert json.loads(payloads[-1])["reason"] == "often"
    assert register.get(reader).state == "left"


@pytest.mark.parametrize("data", [{}, {"reason": ""}, {"reason": "<script>alert(1)</script>"}])
def test_only_our_own_reasons_are_kept(client: TestClient, register: Register, data: dict[str, str]) -> None:
    reader = register.subscribe()
    client.post(f"/u/{reader.footer}")

    answer = client.post(f"/u/{reader.footer}/reason", data=data)

    assert answer.status_code == 200
    assert "reason" not in register.events()


def test_somebody_who_stays_has_no_reason_on_record(client: TestClient, register: Register) -> None:
    reader = register.subscribe()

    client.post(f"/u/{reader.footer}/reason", data={"reason": "often"})

    assert "reason" not in register.events()


def test_the_way_back_is_a_letter_and_nothing_before_it_is_answered(client: TestClient, register: Register) -> None:
    reader = register.subscribe()
    before = register.get(reader)
    client.post(f"/u/{reader.footer}")

    answer = client.post(f"/u/{reader.footer}/back")

    assert answer.status_code == 200
    assert register.get(reader).state == "left"
    (letter,) = register.letters()
    token = letter.text.split("/c/")[1].split()[0]
    client.post(f"/c/{token}")
    after = register.get(reader)
    assert (after.state, after.topics, after.interests) == ("active", before.topics, before.interests)


def test_the_way_back_sends_nothing_to_somebody_who_subscribes(client: TestClient, register: Register) -> None:
    reader = register.subscribe()

    client.post(f"/u/{reader.footer}/back")

    assert register.letters() == []


def test_the_way_back_of_somebody_erased_is_the_form(client: TestClient, register: Register) -> None:
    reader = register.subscribe()
    register.erase(reader)

    answer = client.post(f"/u/{reader.footer}/back")

    assert answer.status_code == 200
    assert register.letters() == []
