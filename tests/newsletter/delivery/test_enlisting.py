"""The audience becomes rows: each reader once, with the edition of their choices, on both databases."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from newsletter import database
from newsletter.choosing import Choice
from newsletter.config import Settings
from newsletter.delivery import enlisting
from newsletter.delivery.enlisting import Enlisted
from newsletter.models import Delivery, Edition, Release
from subscribers.models import Subscriber, Subscription
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.office import Office

FAIRS, FOOD, INDUSTRY = 1, 2, 4
SINGAPORE, INDIA = 1, 2
CHOICES = [Choice(1, FAIRS, 0), Choice(2, FOOD, SINGAPORE), Choice(3, INDUSTRY, 0)]


@pytest.fixture
def empty(any_engine: Engine, settings: Settings, now: datetime) -> Office:
    """Return an office with an issue of three stories and no reader yet."""
    return offices.make(any_engine, settings, now, readers=0)


def editions(session: Session, office: Office, *stories: list[int], language: str = "en") -> dict[str, int]:
    for held in stories:
        if held != [1] or language != "en":
            offices.add_edition(session, office.issue_id, language, held)
    rows = select(Edition.stories, Edition.id).where(Edition.language == language)
    return dict(session.execute(rows).all())


def enlist(session: Session, office: Office, now: datetime, language: str = "en") -> Enlisted:
    return enlisting.enlist(
        session,
        issue_id=office.issue_id,
        language=language,
        choices=lambda _: CHOICES,
        publication_id=office.publication_id,
        now=now,
    )


def test_each_reader_gets_the_edition_of_their_topics_and_countries(empty: Office, now: datetime) -> None:
    with database.writing(empty.engine) as session:
        known = editions(session, empty, [1, 2], [1, 3], [1, 2, 3])
        for number, (topics, interests) in enumerate(
            [(FAIRS | FOOD, 0), (FAIRS | FOOD, INDIA), (FAIRS | INDUSTRY, 0), (FAIRS | FOOD | INDUSTRY, SINGAPORE)]
        ):
            offices.add_reader(
                session, empty.publication_id, f"r{number}@example.org", now, topics=topics, interests=interests
            )

        assert enlist(session, empty, now) == Enlisted(4, 0)

    expected = [known["[1, 2]"], known["[1]"], known["[1, 3]"], known["[1, 2, 3]"]]
    assert [delivery.edition_id for delivery in empty.deliveries()] == expected
    assert empty.states() == ["queued"] * 4


def test_a_combination_unknown_at_freezing_gets_the_largest_edition_that_fits(empty: Office, now: datetime) -> None:
    with database.writing(empty.engine) as session:
        known = editions(session, empty, [1, 2], [2, 3, 4])
        offices.add_reader(session, empty.publication_id, "r@example.org", now, topics=FAIRS | FOOD | INDUSTRY)

        enlist(session, empty, now)

    assert [delivery.edition_id for delivery in empty.deliveries()] == [known["[1, 2]"]]


def test_readers_for_whom_it_holds_nothing_are_counted_and_not_enlisted(empty: Office, now: datetime) -> None:
    with database.writing(empty.engine) as session:
        offices.add_reader(session, empty.publication_id, "none@example.org", now, topics=0)
        offices.add_reader(session, empty.publication_id, "elsewhere@example.org", now, topics=FOOD, interests=INDIA)
        offices.add_reader(session, empty.publication_id, "unfit@example.org", now, topics=INDUSTRY)
        offices.add_reader(session, empty.publication_id, "fits@example.org", now, topics=FAIRS)

        assert enlist(session, empty, now) == Enlisted(1, 3)


@pytest.mark.parametrize("state", ["pending", "paused", "held", "filtered", "left", "erased"])
def test_only_active_readers_are_enlisted(empty: Office, now: datetime, state: str) -> None:
    with database.writing(empty.engine) as session:
        offices.add_reader(session, empty.publication_id, "r@example.org", now, topics=FAIRS, state=state)

        assert enlist(session, empty, now) == Enlisted(0, 0)


def test_a_reader_who_changes_language_between_two_releases_gets_one_copy(empty: Office, now: datetime) -> None:
    with database.writing(empty.engine) as session:
        editions(session, empty, [1], language="ja")
        session.add(Release(issue_id=empty.issue_id, language="ja", state="released", due_at=now))
        reader = offices.add_reader(session, empty.publication_id, "r@example.org", now, topics=FAIRS)
        first = enlist(session, empty, now)
        reader.subscriber.language = "ja"
        session.flush()

        second = enlist(session, empty, now, "ja")

        assert (first.enlisted, second.enlisted) == (1, 0)
        assert [release.enlisted for release in session.scalars(select(Release).order_by(Release.language))] == [1, 0]


def test_enlisting_twice_enlists_nobody_twice(empty: Office, now: datetime) -> None:
    with database.writing(empty.engine) as session:
        offices.add_reader(session, empty.publication_id, "r@example.org", now, topics=FAIRS)

        assert enlist(session, empty, now).enlisted == 1
        assert enlist(session, empty, now).enlisted == 0


def test_editions_of_another_revision_are_not_used(empty: Office, now: datetime) -> None:
    with database.writing(empty.engine) as session:
        old = session.scalars(select(Edition)).one()
        old.revision = 7
        offices.add_reader(session, empty.publication_id, "r@example.org", now, topics=FAIRS)
        session.flush()

        assert enlist(session, empty, now) == Enlisted(0, 1)


def test_a_hundred_thousand_readers_are_each_enlisted_once(engine: Engine, settings: Settings, now: datetime) -> None:
    office = offices.make(engine, settings, now, readers=0)
    people = 100_000
    with database.writing(engine) as session:
        editions(session, office, [1, 2], [1, 3], [2, 3], [1, 2, 3])
        connection = session.connection()
        connection.execute(
            insert(Subscriber),
            [
                {"id": n, "subject": f"{n:x}", "email": f"r{n}@example.org", "email_key": f"r{n}@example.org"}
                | {"name": "", "language": "en", "created_at": now}
                for n in range(1, people + 1)
            ],
        )
        connection.execute(
            insert(Subscription),
            [
                {"id": n, "publication_id": office.publication_id, "subscriber_id": n, "state": "active"}
                | {"state_at": now, "topics": 1 + n % 7, "interests": n % 512, "source": ""}
                for n in range(1, people + 1)
            ],
        )
    with database.writing(engine) as session:
        done = enlist(session, office, now)

    assert done.enlisted + done.nothing == people
    assert done.enlisted > people // 2
    with database.reading(engine) as session:
        assert len(session.scalars(select(Delivery.id)).all()) == done.enlisted
