"""The form for proposals: nothing typed is lost, nobody hears whether a letter went out, robots are treated alike."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from lxml import html
from sqlalchemy import select

from newsletter import database
from newsletter.models import Story
from newsletter.web import app as web_app
from newsletter.web.context import Context
from tests.newsletter.web.public.conftest import ORIGIN, Clock, Register

GOOD: dict[str, Any] = {
    "kind": "food",
    "title": "柚子の季節",
    "text": "柚子の収穫が始まりました。\n\n12月の店頭でお楽しみください。",
    "organisation": "柚子村",
    "name": "佐藤花子",
    "email": "hana@example.org",
}


def _token(client: TestClient) -> str:
    return str(html.fromstring(client.get("/ja/propose").text).forms[0].fields["token"])


def _post(client: TestClient, clock: Clock, seconds: float = 5, **changes: Any) -> Response:
    token = _token(client)
    clock.wait(seconds=seconds)
    return client.post("/ja/propose", data={**GOOD, "token": token, **changes})


def _wrong(answer: Response) -> set[str]:
    return {str(each.get("id")).removesuffix("-wrong") for each in html.fromstring(answer.text).find_class("wrong")}


def _stories(context: Context) -> list[Story]:
    with database.reading(context.engine) as session:
        return list(session.scalars(select(Story)))


def _link(register: Register) -> str:
    (letter,) = register.letters()
    return next(line for line in letter.text.splitlines() if "/propose/" in line).removeprefix(ORIGIN)


def test_a_proposal_goes_from_the_form_by_the_letter_to_the_editors(
    client: TestClient, clock: Clock, register: Register, context: Context
) -> None:
    sent = _post(client, clock)
    link = _link(register)
    asked, before = client.get(link), _stories(context)
    pressed, again = client.post(link), client.post(link)

    assert (sent.status_code, "hana@example.org" in sent.text) == (200, True)
    assert ("柚子の季節" in asked.text, before) == (True, [])
    assert (pressed.status_code, again.text) == (200, pressed.text)
    (story,) = _stories(context)
    assert (story.state, story.kind) == ("proposed", "food")


def test_opening_the_link_changes_nothing(
    client: TestClient, clock: Clock, register: Register, context: Context
) -> None:
    _post(client, clock)

    for _ in range(2):
        assert client.get(_link(register)).status_code == 200

    assert _stories(context) == []


def test_wrong_fields_are_named_and_nothing_typed_is_lost(client: TestClient, clock: Clock, register: Register) -> None:
    answer = _post(client, clock, kind="", email="hana", title="", url="ftp://x.test", starts="soon")

    assert answer.status_code == 422
    assert _wrong(answer) == {"kind", "email", "title", "url", "starts"}
    assert "柚子の収穫が始まりました。" in answer.text
    assert register.letters() == []


@pytest.mark.parametrize(("changes", "status"), [({"website": "x"}, 200), ({"email": "angry@@b"}, 422)])
def test_a_robot_is_answered_like_a_person_and_nothing_happens(
    client: TestClient, clock: Clock, register: Register, changes: dict[str, str], status: int
) -> None:
    answer = _post(client, clock, 5, **changes)

    assert answer.status_code == status
    assert register.letters() == []


def test_too_quick_and_too_old_forms_are_shown_once_more(client: TestClient, clock: Clock, register: Register) -> None:
    quick, old = _post(client, clock, seconds=1), _post(client, clock, seconds=3 * 3600)

    assert (quick.status_code, old.status_code) == (422, 422)
    assert register.letters() == []


def test_the_fourth_letter_of_a_day_is_not_written_and_nobody_is_told(
    client: TestClient, clock: Clock, register: Register
) -> None:
    answers = [_post(client, clock).text for _ in range(4)]

    assert len(register.letters()) == 3
    assert len(set(answers)) == 1


def test_another_site_cannot_send_it_and_ten_megabytes_are_refused(client: TestClient, register: Register) -> None:
    foreign = client.post("/ja/propose", data=GOOD, headers={"origin": "https://evil.test"})
    huge = client.post("/ja/propose", data={**GOOD, "text": "あ" * 10_000_000})

    assert (foreign.status_code, huge.status_code) == (403, 413)
    assert register.letters() == []


def test_links_that_are_over_or_unknown_lead_back_to_the_form(
    client: TestClient, clock: Clock, register: Register
) -> None:
    _post(client, clock)
    clock.wait(days=3)

    over, unknown = client.post(_link(register)), client.get("/ja/propose/nonsense")

    assert (over.status_code, unknown.status_code) == (410, 404)
    assert all("/ja/propose" in answer.text for answer in (over, unknown))


def test_an_office_may_take_no_proposals(context: Context) -> None:
    closed = context.settings.stories.model_copy(update={"proposals": False})
    settings = context.settings.model_copy(update={"stories": closed})

    with TestClient(web_app.create(Context(settings, context.keys, context.engine, 1)), base_url=ORIGIN) as client:
        assert client.get("/en/propose").status_code == 404
