"""The Graph client against the simulator: what each kind of answer, and of silence, is taken for."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from newsletter.config import Settings
from newsletter.errors import SettingsError
from newsletter.social import facebook
from newsletter.social.answers import Answer, Made, Refused, Seen, Unclear, Unsent
from newsletter.social.facebook import Client
from tests.newsletter.sandbox.simulator import Simulator
from tests.newsletter.social.conftest import link

TEXT = "二つの旅行フェア 👩‍👩‍👧 é が\n\nTwo fairs\n" + link("en")


@pytest.fixture
def client(settings: Settings, simulator: Simulator) -> Client:
    return Client(simulator.settings(settings, deadline_seconds=1.5).facebook)


def test_the_proof_is_the_hmac_that_meta_computes() -> None:
    expected = "d52ddf968d622d8af8677906b7fbae09ac1f89f7cd5c1584b27544624cc23e5a"

    assert facebook.proof("app_secret", "access_token") == expected


def test_a_post_arrives_character_by_character(client: Client, simulator: Simulator) -> None:
    answer = client.publish(TEXT, link("en"))

    post = simulator.visible()[0]
    assert isinstance(answer, Made)
    assert (answer.remote_id, answer.permalink) == (post["id"], post["permalink"])
    assert (post["message"], post["link"]) == (TEXT, link("en"))
    assert simulator.ask("unknown")["data"] == []


def test_a_call_names_page_and_version_and_no_secret_in_its_address(client: Client, simulator: Simulator) -> None:
    client.publish(TEXT, link("en"))

    call = simulator.calls()[0]
    assert call["path"] == f"/{simulator.ready['page_id']}/feed"
    assert call["token"] == f"{simulator.ready['token'][:6]}…{simulator.ready['token'][-4:]}"


@pytest.mark.parametrize(
    ("do", "spec"),
    [
        ("close_before", {}),
        ("close_after_store", {}),
        ("reset_after_store", {}),
        ("hang_after_store", {}),
        ("cut_json_after_store", {}),
        ("html_502_before", {}),
        ("html_502_after_store", {}),
        ("hang", {}),
        ("204", {}),
        ("redirect", {}),
        ("slow_headers", {"every": 0.1}),
        ("drip", {"every": 0.1}),
        ("error", {"code": 2, "http": 500}),
        ("error_after_store", {"code": 1, "http": 500}),
    ],
)
def test_silence_and_nonsense_are_unclear_and_end_in_time(
    do: str, spec: dict[str, Any], client: Client, simulator: Simulator
) -> None:
    simulator.fault(do, **spec)
    began = time.monotonic()

    answer = client.publish(TEXT, link("en"))

    assert isinstance(answer, Unclear)
    assert time.monotonic() - began < 3
    assert len(simulator.calls()) == 1


def test_a_closed_port_and_an_unknown_host_are_known_as_not_sent(settings: Settings, simulator: Simulator) -> None:
    for base in ("http://127.0.0.1:1", "https://graph.invalid"):
        client = Client(simulator.settings(settings, graph_base=base).facebook)

        assert client.publish(TEXT, link("en")) == Unsent("unreachable")


def test_without_a_token_nothing_is_sent(settings: Settings, simulator: Simulator) -> None:
    client = Client(simulator.settings(settings, token="").facebook)

    assert client.publish(TEXT, link("en")) == Unsent("no_token")
    assert simulator.calls() == []


@pytest.mark.parametrize("content", [None, "", "\n", "トークン"])
def test_a_token_file_that_holds_none_is_no_reason_to_fall_over(
    content: str | None, settings: Settings, simulator: Simulator, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    client = Client(simulator.settings(settings, token=None, token_file=file).facebook)

    assert client.publish(TEXT, link("en")) == Unsent("no_token")


def test_a_refusal_keeps_number_words_and_trace(client: Client, simulator: Simulator) -> None:
    simulator.fault("error", code=368, subcode=1390008, message="Slow down")

    answer = client.publish(TEXT, link("en"))

    assert isinstance(answer, Refused)
    assert (answer.code, answer.subcode, answer.message, answer.status) == (368, 1390008, "Slow down", 400)
    assert answer.trace
    assert "Slow down" in answer.body


def test_the_wait_that_facebook_estimates_is_read_from_the_header(client: Client, simulator: Simulator) -> None:
    simulator.fault("rate", percent=100, minutes=95)
    simulator.fault("error_after_store", code=80001)

    answer = client.publish(TEXT, link("en"))

    assert isinstance(answer, Refused)
    assert answer.wait == timedelta(minutes=95)


def test_no_secret_reaches_an_answer_or_a_log(client: Client, simulator: Simulator) -> None:
    secrets = (simulator.ready["token"], simulator.ready["app_secret"])
    echo = f"Malformed access token {secrets[0]} of EAAotherTokenThatIsNotOurs123456"
    simulator.fault("error", code=190, message=echo)
    simulator.fault("close_after_store", nth=2)
    answers: list[Answer] = []

    with structlog.testing.capture_logs() as logs:
        answers += [client.publish(TEXT, link("en")), client.publish(TEXT, link("en"))]

    told = f"{answers} {logs} {client!r}"
    assert not any(secret in told for secret in secrets)
    assert "EAAother" not in told
    assert "[secret]" in told
    assert [line["event"] for line in logs] == ["graph.no_answer"]


def test_a_new_token_in_the_file_counts_at_once(settings: Settings, simulator: Simulator) -> None:
    file = simulator.folder / "token"
    file.write_text("EAAold", encoding="ascii")
    client = Client(simulator.settings(settings, token=None, token_file=file).facebook)

    before = client.look(link("en"))
    file.write_text(simulator.ready["token"], encoding="ascii")
    after = client.look(link("en"))

    assert isinstance(before, Refused)
    assert after == Seen(())


def test_a_post_is_found_by_its_link_however_many_came_after(client: Client, simulator: Simulator) -> None:
    made = client.publish(TEXT, link("en"))
    for number in range(60):
        client.publish(f"Another {number}", f"https://news.example.org/en/issues/other-{number}/")

    seen = client.look(link("en"))

    assert isinstance(seen, Seen)
    assert isinstance(made, Made)
    assert [post.remote_id for post in seen.posts] == [made.remote_id]
    assert len(simulator.calls("GET", "/published_posts")) == 3


def test_an_empty_page_of_the_list_is_not_its_end(client: Client, simulator: Simulator) -> None:
    client.publish(TEXT, link("en"))
    simulator.fault("page_empty_with_next", method="GET", path="/published_posts")

    seen = client.look(link("en"))

    assert isinstance(seen, Seen)
    assert len(seen.posts) == 1


def test_the_other_language_of_an_issue_is_another_post(client: Client) -> None:
    client.publish(f"{TEXT}\n日本語: {link('ja')}", link("en"))

    assert client.look(link("ja")) == Seen(())


def test_a_post_without_a_card_is_found_by_its_text(client: Client, simulator: Simulator) -> None:
    simulator.control("profile", {"require_proof": True})
    client.publish(TEXT, "")

    seen = client.look(link("en"))

    assert isinstance(seen, Seen)
    assert len(seen.posts) == 1


def test_another_version_than_the_one_asked_for_is_reported(settings: Settings, simulator: Simulator) -> None:
    client = Client(simulator.settings(settings, graph_version="v20.0").facebook)

    with structlog.testing.capture_logs() as logs:
        client.look(link("en"))

    assert {"event": "graph.other_version", "asked": "v20.0", "served": "v21.0", "log_level": "warning"} in logs


def test_the_connection_is_tested_by_reading_the_name_of_the_page(client: Client, simulator: Simulator) -> None:
    assert client.page_name() == "J.CLAIR Singapore"

    simulator.control("profile", {"page_token": "expired"})
    with pytest.raises(SettingsError, match="has expired"):
        client.page_name()
