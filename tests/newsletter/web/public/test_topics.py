"""The footer's token changes topics, countries and language, and shows no more of a person than that."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html
from sqlalchemy import update

from newsletter import database, words
from newsletter.web.context import Context
from subscribers.models import Subscription, Topic
from tests.newsletter.web.public.conftest import Register

GOOD: dict[str, Any] = {"topics": ["industry"], "interests": ["VN", "TH"], "language": "ja"}


def test_the_form_shows_what_was_chosen_and_hides_who_it_is(client: TestClient, register: Register) -> None:
    reader = register.subscribe()

    answer = client.get(f"/u/{reader.footer}/topics")

    form = html.fromstring(answer.text).forms[0]
    assert sorted(form.inputs["topics"].value) == ["fairs", "food"]
    assert form.fields["language"] == "en"
    assert "h•••@example.org" in answer.text
    assert "hana@" not in answer.text
    assert "Hana" not in answer.text


def test_saving_takes_effect_and_is_on_record(client: TestClient, register: Register) -> None:
    reader = register.subscribe()

    answer = client.post(f"/u/{reader.footer}/topics", data=GOOD)

    saved = register.get(reader)
    assert answer.status_code == 200
    assert words.load("reader", "ja")("topics.saved") in answer.text
    assert register.bits.topic_keys(saved.topics) == ["industry"]
    assert set(register.bits.country_codes(saved.interests)) == {"TH", "VN"}
    assert saved.subscriber.language == "ja"
    assert (saved.state, saved.subscriber.name) == ("active", "Hana")
    assert register.events()[-1] == "changed"


def test_saving_the_same_again_writes_nothing(client: TestClient, register: Register) -> None:
    reader = register.subscribe()

    for _ in range(2):
        client.post(f"/u/{reader.footer}/topics", data=GOOD)

    assert register.events().count("changed") == 1


@pytest.mark.parametrize(
    ("changes", "name"),
    [({"topics": []}, "topics"), ({"topics": ["nothing"]}, "topics"), ({"language": "fr"}, "language")],
)
def test_where_something_is_missing_nothing_is_saved(
    client: TestClient, register: Register, changes: dict[str, Any], name: str
) -> None:
    reader = register.subscribe()
    before = register.get(reader)

    answer = client.post(f"/u/{reader.footer}/topics", data={**GOOD, **changes})

    assert answer.status_code == 422
    assert [each.get("id") for each in html.fromstring(answer.text).find_class("wrong")] == [f"{name}-wrong"]
    assert register.get(reader).topics == before.topics


def test_a_topic_taken_out_of_the_settings_is_not_lost(
    client: TestClient, register: Register, context: Context
) -> None:
    reader = register.subscribe()
    with database.writing(context.engine) as session:
        session.add(Topic(publication_id=context.publication_id, key="retired", bit=40))
        session.execute(update(Subscription).where(Subscription.id == reader.subscription_id).values(topics=1 << 40))

    client.post(f"/u/{reader.footer}/topics", data=GOOD)

    assert register.get(reader).topics == 1 << 40 | register.bits.topic_mask(["industry"])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_somebody_who_has_left_changes_nothing(client: TestClient, register: Register, method: str) -> None:
    reader = register.subscribe()
    client.post(f"/u/{reader.footer}")
    before = register.get(reader).topics

    answer = client.request(method, f"/u/{reader.footer}/topics", data=GOOD)

    assert answer.status_code == 200
    assert words.load("reader", "en")("topics.lead_gone") in answer.text
    assert register.get(reader).topics == before


def test_looking_changes_nothing(client: TestClient, register: Register) -> None:
    reader = register.subscribe()
    events = register.events()

    client.get(f"/u/{reader.footer}/topics?topics=industry&language=ja")

    assert register.events() == events
    assert register.get(reader).subscriber.language == "en"


def test_a_reader_may_want_both_languages_in_one_mail_and_change_their_mind(
    client: TestClient, register: Register
) -> None:
    reader = register.subscribe()

    client.post(f"/u/{reader.footer}/topics", data={**GOOD, "language": "ja+en"})
    both = register.get(reader).subscriber
    form = html.fromstring(client.get(f"/u/{reader.footer}/topics").text).forms[0]
    client.post(f"/u/{reader.footer}/topics", data=GOOD)
    one = register.get(reader).subscriber

    assert (both.language, both.second_language) == ("ja", "en")
    assert form.fields["language"] == "ja+en"
    assert (one.language, one.second_language) == ("ja", "")
    assert register.events()[-2:] == ["changed", "changed"]


@pytest.mark.parametrize("language", ["en+en", "en+fr", "en+ja+en", "+", "ja+"])
def test_a_pair_that_nobody_offers_is_refused(client: TestClient, register: Register, language: str) -> None:
    reader = register.subscribe()

    assert client.post(f"/u/{reader.footer}/topics", data={**GOOD, "language": language}).status_code == 422
    assert register.get(reader).subscriber.second_language == ""
