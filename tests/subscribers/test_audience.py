"""The audience is everybody active, grouped by what they chose, and nobody else."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from newsletter import database
from subscribers import audience, bits
from subscribers.audience import Among, Group
from subscribers.models import Publication
from tests.subscribers import people

PEOPLE = [("en", 0b11, 0), ("en", 0b11, 0), ("ja", 0b11, 0), ("en", 0b1, 0), ("en", 0b11, 1 << 61), ("en", 0, 0)]


def test_readers_are_grouped_by_what_they_chose(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        for number, (language, topics, interests) in enumerate(PEOPLE):
            wish = people.wish(f"r{number}@example.org", language, topics, interests)
            people.confirm(session, people.ask(session, publication, wish, now).token, now)

        groups = audience.groups(session, publication)

        assert groups == [
            Group("en", 0, 0, 1),
            Group("en", 0b1, 0, 1),
            Group("en", 0b11, 0, 2),
            Group("en", 0b11, 1 << 61, 1),
            Group("ja", 0b11, 0, 1),
        ]
        assert audience.count(session, publication) == len(PEOPLE)


@pytest.mark.parametrize("state", ["pending", "paused", "held", "filtered", "left", "erased"])
def test_only_the_active_are_due_an_issue(any_engine: Engine, publication: int, now: datetime, state: str) -> None:
    with database.writing(any_engine) as session:
        people.reader(session, publication, now).state = state
        stays = people.reader(session, publication, now, "stays@example.org")

        rows = session.execute(audience.readers(publication)).all()

        assert [tuple(row) for row in rows] == [(stays.id, stays.subscriber_id, "en", 0b11, 0)]
        assert audience.count(session, publication) == 1


def test_another_publication_has_its_own_audience(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        other = Publication(key="other", created_at=now)
        session.add(other)
        session.flush()
        people.reader(session, publication, now)

        assert audience.groups(session, other.id) == []
        assert audience.count(session, other.id) == 0


def test_readers_of_both_languages_are_a_group_of_their_own(
    any_engine: Engine, publication: int, now: datetime
) -> None:
    with database.writing(any_engine) as session:
        people.reader(session, publication, now, "one@example.org")
        both = people.reader(session, publication, now, "both@example.org")
        both.subscriber.language, both.subscriber.second_language = "ja", "en"
        twice = people.reader(session, publication, now, "twice@example.org")
        twice.subscriber.second_language = "en"
        session.flush()

        groups = audience.groups(session, publication)

    assert groups == [Group("en", 0b11, 0, 2), Group("ja+en", 0b11, 0, 1)]
    assert [group.reads("en") for group in groups] == [True, True]
    assert [group.reads("ja") for group in groups] == [False, True]


def test_an_issue_may_be_for_some_readers_only(any_engine: Engine, publication: int, now: datetime) -> None:
    expected = {
        Among(): 3,
        Among(languages=("ja",)): 2,
        Among(countries=("SG", "TH")): 1,
        Among(topics=("fairs",)): 2,
        Among(topics=("fairs", "food")): 3,
        Among(topics=("unheard-of",)): 0,
        Among(languages=("en",), topics=("food",), countries=("JP",)): 1,
    }
    with database.writing(any_engine) as session:
        known = bits.load(session, publication)
        for number, (own, second, country, topic) in enumerate(
            [("en", "", "SG", "fairs"), ("ja", "", "JP", "fairs"), ("ja", "en", "JP", "food")]
        ):
            reader = people.reader(session, publication, now, f"r{number}@example.org")
            reader.topics, person = known.topic_mask([topic]), reader.subscriber
            person.language, person.second_language, person.country = own, second, country
        session.flush()

        assert {among: audience.count(session, publication, among) for among in expected} == expected
        for among, people_due in expected.items():
            assert sum(group.count for group in audience.groups(session, publication, among)) == people_due
