"""The subscribe form: one letter at most, the same answer for everybody, and nothing typed is lost."""

import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from lxml import html
from sqlalchemy import select

from newsletter import database, words
from newsletter.web.context import Context
from subscribers import address as addresses
from subscribers import lifecycle
from subscribers.consent import Evidence
from subscribers.models import ConsentPayload, Subscription
from subscribers.people import MAX_NAME
from tests.newsletter.archive import published
from tests.newsletter.web.public.conftest import Clock, Register

GOOD: dict[str, Any] = {"address": "hana@example.org", "topics": ["food", "fairs"], "language": "ja"}


def _token(client: TestClient, path: str = "/en/subscribe") -> str:
    form = html.fromstring(client.get(path).text).forms[0]
    return str(form.fields["token"])


def _post(client: TestClient, clock: Clock, *, path: str = "/en/subscribe", **changes: Any) -> Response:
    token = _token(client, path)
    clock.wait(seconds=5)
    return client.post(path, data={**GOOD, "token": token, **changes})


def _wrong(answer: Response) -> set[str]:
    return {str(each.get("id")).removesuffix("-wrong") for each in html.fromstring(answer.text).find_class("wrong")}


def test_a_wish_becomes_one_letter_and_no_subscriber_yet(
    client: TestClient, clock: Clock, register: Register, context: Context
) -> None:
    answer = _post(client, clock, name="花", country="SG", interests=["TH", "SG"])

    assert answer.status_code == 200
    assert "hana@example.org" in answer.text
    (letter,) = register.letters()
    assert (letter.kind, letter.to_address, letter.language) == ("confirmation", "hana@example.org", "ja")
    assert "花" not in letter.subject + letter.text + (letter.html or "")
    with database.reading(context.engine) as session:
        found = lifecycle.find(session, context.publication_id, addresses.parse("hana@example.org"))
        assert found is not None
        assert found.state == "pending"


def test_both_languages_in_one_mail_are_a_wish_like_any_other(
    client: TestClient, clock: Clock, register: Register, context: Context
) -> None:
    _post(client, clock, language="ja+en")
    (letter,) = register.letters()
    token = re.findall(r"/c/(\S+)", letter.text)[0]
    client.post(f"/c/{token}")

    with database.reading(context.engine) as session:
        found = lifecycle.find(session, context.publication_id, addresses.parse("hana@example.org"))
        assert found is not None
        assert letter.language == "ja"
        assert (found.state, found.subscriber.language, found.subscriber.second_language) == ("active", "ja", "en")


def test_the_ledger_keeps_what_was_shown_and_where_it_came_from(
    client: TestClient, clock: Clock, register: Register, context: Context
) -> None:
    _post(client, clock, path="/ja/subscribe?src=poster")

    with database.reading(context.engine) as session:
        payload = json.loads(session.scalars(select(ConsentPayload.payload)).one())
    assert register.events() == ["requested"]
    assert payload["address"] == "hana@example.org"
    assert payload["wish"]["topics"] == register.bits.topic_mask(["food", "fairs"])
    assert payload["evidence"] == {
        "method": "form",
        "ip": "testclient",
        "agent": "testclient",
        "wording": words.load("reader", "ja")("consent.id"),
        "language": "ja",
        "source": "poster",
    }


@pytest.mark.parametrize(("query", "source"), [("?src=poster", "poster"), ("", "form")])
def test_a_subscriber_s_source_is_where_they_asked(
    client: TestClient, clock: Clock, register: Register, context: Context, *, query: str, source: str
) -> None:
    _post(client, clock, path=f"/en/subscribe{query}")
    token = register.letters()[0].text.split("/c/")[1].split()[0]

    client.post(f"/c/{token}")

    with database.reading(context.engine) as session:
        assert session.scalars(select(Subscription.source)).one() == source


@pytest.mark.parametrize("source", ["A", "a b", "<script>", "-a", "a" * 40, "ポスター"])
def test_a_source_is_one_plain_word_or_nothing(client: TestClient, clock: Clock, context: Context, source: str) -> None:
    token = _token(client)
    clock.wait(seconds=5)

    client.post("/en/subscribe", params={"src": source}, data={**GOOD, "token": token})

    with database.reading(context.engine) as session:
        payload = json.loads(session.scalars(select(ConsentPayload.payload)).one())
    assert "source" not in payload["evidence"]


def _make(kind: str, register: Register, context: Context) -> None:
    if kind == "pending":
        register.ask()
    elif kind != "unknown":
        reader = register.subscribe()
        with database.writing(context.engine) as session:
            subscription = session.get_one(Subscription, reader.subscription_id)
            said: dict[str, Any] = {
                "suppression_key": context.keys.suppression,
                "evidence": Evidence(method="link"),
                "now": context.now(),
            }
            if kind == "left":
                lifecycle.leave(session, subscription, **said)
            elif kind == "held":
                lifecycle.hold(session, subscription, reason="unknown", **said)
            elif kind == "complained":
                lifecycle.complain(session, subscription, **said)
            elif kind == "erased":
                lifecycle.erase(session, subscription.subscriber, **said)


@pytest.mark.parametrize("kind", ["unknown", "pending", "active", "left", "held", "complained", "erased"])
def test_the_answer_does_not_tell_who_subscribes(
    client: TestClient, clock: Clock, register: Register, context: Context, kind: str
) -> None:
    expected = _post(client, clock, address="somebody-else@example.org").text.replace("somebody-else", "hana")
    _make(kind, register, context)

    answer = _post(client, clock)

    assert answer.status_code == 200
    assert answer.text == expected


def test_asking_three_times_in_a_minute_writes_one_letter(client: TestClient, clock: Clock, register: Register) -> None:
    for _ in range(3):
        _post(client, clock)

    assert len(register.letters()) == 1


def test_a_reader_who_asks_again_is_told_by_letter(client: TestClient, clock: Clock, register: Register) -> None:
    register.subscribe()

    _post(client, clock)

    assert [letter.kind for letter in register.letters()] == ["answer"]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"address": ""}, {"address"}),
        ({"address": "hana"}, {"address"}),
        ({"address": "hana@example.org\r\nBcc: x@example.org"}, {"address"}),
        ({"address": "花@example.org"}, {"address"}),
        ({"address": "h" * 65 + "@example.org"}, {"address"}),
        ({"topics": []}, {"topics"}),
        ({"topics": ["nothing", "we have"]}, {"topics"}),
        ({"language": "fr"}, {"language"}),
        ({"language": ""}, {"language"}),
        ({"name": "n" * (MAX_NAME + 1)}, {"name"}),
        ({"country": "XX"}, {"country"}),
        ({"address": "", "topics": [], "language": "", "country": "?"}, {"address", "topics", "language", "country"}),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_is_wrong_is_said_beside_its_field_and_nothing_happens(
    client: TestClient,
    clock: Clock,
    register: Register,
    *,
    changes: dict[str, Any],
    wrong: set[str],
    language: str,
) -> None:
    answer = _post(client, clock, path=f"/{language}/subscribe", **changes)

    assert answer.status_code == 422
    assert f'lang="{language}"' in answer.text
    assert _wrong(answer) == wrong
    assert words.load("reader", language)("subscribe.errors") in answer.text
    assert register.letters() == []
    assert register.events() == []


def test_what_was_typed_is_still_there(client: TestClient, clock: Clock) -> None:
    typed: dict[str, Any] = {"address": "hana@", "name": '"><script>', "country": "TH", "interests": ["IN", "LK"]}

    answer = _post(client, clock, **typed)

    form = html.fromstring(answer.text).forms[0]
    assert form.fields["address"] == "hana@"
    assert form.fields["name"] == '"><script>'
    assert form.fields["country"] == "TH"
    assert form.fields["language"] == "ja"
    assert sorted(form.inputs["interests"].value) == ["IN", "LK"]
    assert sorted(form.inputs["topics"].value) == ["fairs", "food"]
    assert "<script>" not in answer.text


def test_a_mended_form_need_not_wait_again(client: TestClient, clock: Clock, register: Register) -> None:
    form = html.fromstring(_post(client, clock, address="hana@").text).forms[0]

    client.post("/en/subscribe", data={**GOOD, "token": form.fields["token"]})

    assert len(register.letters()) == 1


@pytest.mark.parametrize(("seconds", "letters"), [(0, 0), (2, 0), (3, 1), (7200, 1), (7201, 0), (-10, 0)])
def test_a_form_is_good_from_three_seconds_to_two_hours(
    client: TestClient, clock: Clock, register: Register, seconds: int, letters: int
) -> None:
    token = _token(client)
    clock.wait(seconds=seconds)

    answer = client.post("/en/subscribe", data={**GOOD, "token": token})

    assert len(register.letters()) == letters
    assert answer.status_code == (200 if letters else 422)


def test_a_form_sent_too_soon_is_good_a_little_later(client: TestClient, clock: Clock, register: Register) -> None:
    first = client.post("/en/subscribe", data={**GOOD, "token": _token(client)})
    again = html.fromstring(first.text).forms[0].fields["token"]
    clock.wait(seconds=4)

    client.post("/en/subscribe", data={**GOOD, "token": again})

    assert words.load("reader", "en")("wrong.fast") in first.text
    assert len(register.letters()) == 1


def test_a_form_left_open_too_long_is_good_at_once_when_shown_again(
    client: TestClient, clock: Clock, register: Register
) -> None:
    token = _token(client)
    clock.wait(hours=5)
    first = client.post("/en/subscribe", data={**GOOD, "token": token})

    client.post("/en/subscribe", data={**GOOD, "token": html.fromstring(first.text).forms[0].fields["token"]})

    assert words.load("reader", "en")("wrong.old") in first.text
    assert len(register.letters()) == 1


@pytest.mark.parametrize("token", ["", "1-2", "655f0000-" + "0" * 32, "💥"])
def test_a_token_that_is_not_ours_gets_nowhere(
    client: TestClient, clock: Clock, register: Register, token: str
) -> None:
    answer = _post(client, clock, token=token)

    assert answer.status_code == 422
    assert register.letters() == []


def test_whoever_fills_in_the_trap_is_answered_and_ignored(
    client: TestClient, clock: Clock, register: Register
) -> None:
    caught = _post(client, clock, website="https://spam.example.org")
    person = _post(client, clock)

    assert caught.text == person.text
    assert len(register.letters()) == 1


@pytest.mark.parametrize("origin", ["https://evil.example.org", "null", ""])
def test_a_form_of_another_site_is_refused(client: TestClient, clock: Clock, register: Register, origin: str) -> None:
    token = _token(client)
    clock.wait(seconds=5)

    answer = client.post("/ja/subscribe", data={**GOOD, "token": token}, headers={"origin": origin})

    assert answer.status_code == 403
    assert words.load("reader", "ja")("error.403.title") in answer.text
    assert register.letters() == []


def test_a_network_that_asks_too_often_waits(client: TestClient, clock: Clock, context: Context) -> None:
    for number in range(context.settings.web.page_requests_per_minute):
        client.post("/en/subscribe", data={"address": str(number)})

    assert _post(client, clock).status_code == 429


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a=1" for _ in range(300)), "application/x-www-form-urlencoded", 422),
        (b"\xff\xfe=%ff&address=%00", "application/x-www-form-urlencoded", 422),
        (b'{"address": "hana@example.org"}', "application/json", 422),
        (b"", "", 422),
    ],
)
def test_what_no_form_of_ours_sends_is_a_calm_page(
    client: TestClient, register: Register, body: bytes, kind: str, status: int
) -> None:
    answer = client.post("/en/subscribe", content=body, headers={"content-type": kind})

    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert register.letters() == []


def test_the_newest_issue_is_shown_once_there_is_one(client: TestClient, context: Context, clock: Clock) -> None:
    before = html.fromstring(client.get("/ja/subscribe").text)
    slug = published.issue(
        context.engine, context.settings, context.publication_id, number=4, published={"ja": clock.now}
    )

    after = html.fromstring(client.get("/ja/subscribe").text)

    assert not before.find_class("specimen")
    assert [link.get("href") for link in after.find_class("specimen")[0].iter("a")] == [f"/ja/issues/{slug}/"]


def test_looking_at_the_form_changes_nothing_and_is_kept_by_nobody(client: TestClient, register: Register) -> None:
    answer = client.get("/en/subscribe")

    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert register.events() == []
