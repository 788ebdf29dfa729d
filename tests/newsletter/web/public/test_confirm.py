"""The confirmation link: opening shows, pressing subscribes, once."""

import pytest
from fastapi.testclient import TestClient

from newsletter import words
from tests.newsletter.web.public.conftest import Clock, Register

EN = words.load("reader", "en")


def test_opening_the_link_changes_nothing(client: TestClient, register: Register) -> None:
    reader = register.ask()

    for method in ("GET", "HEAD", "OPTIONS"):
        client.request(method, f"/c/{reader.confirm}")

    assert register.get(reader).state == "pending"
    assert register.events() == ["requested"]


def test_the_page_shows_one_button_and_hides_the_address(client: TestClient, register: Register) -> None:
    answer = client.get(f"/c/{register.ask().confirm}")

    assert answer.status_code == 200
    assert answer.text.count("<button") == 1
    assert "h•••@example.org" in answer.text
    assert "hana@" not in answer.text


def test_pressing_subscribes_and_welcomes(client: TestClient, register: Register) -> None:
    reader = register.ask(language="ja")

    answer = client.post(f"/c/{reader.confirm}")

    assert answer.status_code == 200
    assert words.load("reader", "ja")("confirm.done_title") in answer.text
    assert register.get(reader).state == "active"
    assert [letter.kind for letter in register.letters()] == ["answer"]


def test_pressing_twice_shows_the_same_and_does_nothing_more(client: TestClient, register: Register) -> None:
    reader = register.ask()

    first, second, look = (
        client.post(f"/c/{reader.confirm}"),
        client.post(f"/c/{reader.confirm}"),
        client.get(f"/c/{reader.confirm}"),
    )

    assert first.text == second.text == look.text
    assert len(register.letters()) == 1
    assert register.events() == ["requested", "confirmed"]


def test_a_used_link_does_not_claim_that_somebody_who_left_subscribes(client: TestClient, register: Register) -> None:
    reader = register.subscribe()
    client.post(f"/u/{reader.footer}")

    look, press = client.get(f"/c/{reader.confirm}"), client.post(f"/c/{reader.confirm}")

    assert look.status_code == press.status_code == 410
    assert EN("confirm.done_title") not in look.text + press.text
    assert register.get(reader).state == "left"


def test_an_old_link_offers_a_fresh_one_to_the_same_address(
    client: TestClient, register: Register, clock: Clock
) -> None:
    reader = register.ask(minutes=1)
    clock.wait(hours=1)

    look, press = client.get(f"/c/{reader.confirm}"), client.post(f"/c/{reader.confirm}")
    again = client.post(f"/c/{reader.confirm}/again")

    assert look.status_code == press.status_code == 410
    assert f"/c/{reader.confirm}/again" in look.text
    assert again.status_code == 200
    assert [(letter.kind, letter.to_address) for letter in register.letters()] == [("confirmation", "hana@example.org")]
    assert register.get(reader).state == "pending"


def test_asking_for_fresh_links_is_capped(client: TestClient, register: Register, clock: Clock) -> None:
    reader = register.ask(minutes=1)
    clock.wait(hours=1)

    answers = {client.post(f"/c/{reader.confirm}/again").text for _ in range(3)}

    assert len(answers) == 1
    assert len(register.letters()) == 1


@pytest.mark.parametrize("token", ["a" * 26, "x", "%00", "%F0%9F%92%A5", "a" * 3000])
@pytest.mark.parametrize("path", ["/c/{}", "/c/{}/again"])
def test_a_link_that_is_not_ours_says_so(client: TestClient, token: str, path: str) -> None:
    answer = client.post(path.format(token))

    assert answer.status_code == 404
    assert EN("confirm.unknown_title") in answer.text


def test_after_erasure_the_link_is_not_ours(client: TestClient, register: Register) -> None:
    reader = register.subscribe()
    register.erase(reader)

    assert client.get(f"/c/{reader.confirm}").status_code == 404
    assert client.post(f"/c/{reader.confirm}").status_code == 404


def test_a_footers_token_does_not_confirm(client: TestClient, register: Register) -> None:
    reader = register.ask()

    assert client.post(f"/c/{reader.footer}").status_code == 404
    assert register.get(reader).state == "pending"


def test_the_page_can_be_read_in_the_other_language(client: TestClient, register: Register) -> None:
    reader = register.ask(language="ja")

    own, other = client.get(f"/c/{reader.confirm}"), client.get(f"/c/{reader.confirm}?lang=en")

    assert words.load("reader", "ja")("confirm.title") in own.text
    assert EN("confirm.title") in other.text
