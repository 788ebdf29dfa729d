"""Languages that go out at different times: who reads both gets one copy with the later one, and nobody is lost."""

import itertools
import random
from collections import Counter
from datetime import datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from newsletter import database
from newsletter.choosing import Choice
from newsletter.config import Settings
from newsletter.delivery import enlisting
from newsletter.delivery.enlisting import Enlisted
from newsletter.models import Delivery, Edition, Release, Waiting
from subscribers import languages
from subscribers.audience import EVERYBODY, Among
from subscribers.models import Subscriber, Subscription
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.office import Office

EVERYWHERE = [Choice(1, 0, 0)]
WISHES = ("en", "ja", "en+ja", "ja+en")


@pytest.fixture
def office(any_engine: Engine, settings: Settings, now: datetime) -> Office:
    """Return an office with an issue in English and Japanese, neither of which is out, and no reader."""
    office = offices.make(any_engine, settings, now, readers=0)
    with database.writing(any_engine) as session:
        session.scalars(select(Release)).one().state = "planned"
        session.add(Release(issue_id=office.issue_id, language="ja", state="planned", due_at=now))
        for language in WISHES[1:]:
            offices.add_edition(session, office.issue_id, language, [1])
    return office


def join(session: Session, office: Office, wish: str, now: datetime) -> Subscription:
    number = len(session.scalars(select(Subscriber.id)).all())
    reader = offices.add_reader(session, office.publication_id, f"r{number}@example.org", now)
    turn(reader, wish)
    return reader


def turn(reader: Subscription, wish: str) -> None:
    """Have a reader choose other languages."""
    own, *second = languages.of(wish)
    reader.subscriber.language, reader.subscriber.second_language = own, "".join(second)


def let_out(session: Session, office: Office, language: str, now: datetime, among: Among = EVERYBODY) -> Enlisted:
    release = session.scalars(select(Release).where(Release.language == language)).one()
    release.state = "released"
    session.flush()
    return enlisting.enlist(
        session,
        issue_id=office.issue_id,
        language=language,
        choices=lambda _: EVERYWHERE,
        publication_id=office.publication_id,
        now=now,
        among=among,
    )


def copies(session: Session) -> dict[int, str]:
    """Return the language of each reader's copy; a second copy would fail."""
    found = session.execute(
        select(Delivery.subscription_id, Edition.language).join(Edition, Edition.id == Delivery.edition_id)
    ).all()
    assert len(found) == len({subscription for subscription, _ in found})
    return dict(found)


@pytest.mark.parametrize("order", [("en", "ja"), ("ja", "en")])
def test_readers_of_both_get_one_copy_when_the_second_language_goes_out(
    office: Office, now: datetime, order: tuple[str, str]
) -> None:
    with database.writing(office.engine) as session:
        readers = {join(session, office, wish, now).id: wish for wish in WISHES}

        first = let_out(session, office, order[0], now)
        early = copies(session)
        second = let_out(session, office, order[1], now)

        assert (first.enlisted, second.enlisted) == (1, 3)
        assert list(early.values()) == [order[0]]
        assert copies(session) == readers


@pytest.mark.parametrize("wish", ["en+ja", "ja"])
def test_who_waits_and_then_wants_what_is_out_already_is_not_lost(office: Office, now: datetime, wish: str) -> None:
    with database.writing(office.engine) as session:
        waiting = join(session, office, wish, now)
        let_out(session, office, "en", now)
        turn(waiting, "en")

        done = let_out(session, office, "ja", now)

        assert done == Enlisted(1, 0)
        assert copies(session) == {waiting.id: "en"}
        assert session.scalars(select(Waiting.subscription_id)).all() == []


def test_who_has_a_copy_and_then_wants_both_gets_no_second_one(office: Office, now: datetime) -> None:
    with database.writing(office.engine) as session:
        reader = join(session, office, "en", now)
        let_out(session, office, "en", now)
        turn(reader, "en+ja")

        assert let_out(session, office, "ja", now) == Enlisted(0, 0)
        assert copies(session) == {reader.id: "en"}


def test_who_subscribes_in_between_gets_only_what_is_still_to_come(office: Office, now: datetime) -> None:
    with database.writing(office.engine) as session:
        let_out(session, office, "en", now)
        _english, japanese, both = (join(session, office, wish, now) for wish in ("en", "ja", "en+ja"))

        let_out(session, office, "ja", now)

        assert copies(session) == {japanese.id: "ja", both.id: "en+ja"}


@pytest.mark.parametrize("wish", ["en+ja", "ja+en"])
def test_an_issue_in_one_language_goes_to_readers_of_both_at_once(office: Office, now: datetime, wish: str) -> None:
    with database.writing(office.engine) as session:
        session.scalars(select(Release).where(Release.language == "ja")).one().state = "cancelled"
        reader = join(session, office, wish, now)

        assert let_out(session, office, "en", now) == Enlisted(1, 0)
        assert copies(session) == {reader.id: "en"}


def test_an_issue_for_readers_of_one_language_reaches_readers_of_both_in_that_one(
    office: Office, now: datetime
) -> None:
    for_japanese = Among(languages=("ja",))
    with database.writing(office.engine) as session:
        readers = [join(session, office, wish, now) for wish in WISHES]

        english = let_out(session, office, "en", now, for_japanese)
        japanese = let_out(session, office, "ja", now, for_japanese)

        assert (english.enlisted, japanese.enlisted) == (0, 3)
        assert copies(session) == {reader.id: "ja" for reader in readers[1:]}


def test_who_wants_both_since_the_freezing_gets_their_own_language(office: Office, now: datetime) -> None:
    with database.writing(office.engine) as session:
        session.delete(session.scalars(select(Edition).where(Edition.language == "en+ja")).one())
        reader = join(session, office, "en+ja", now)
        let_out(session, office, "en", now)

        assert let_out(session, office, "ja", now) == Enlisted(1, 0)
        assert copies(session) == {reader.id: "en"}


def test_readers_for_whom_both_languages_hold_nothing_are_counted_once(office: Office, now: datetime) -> None:
    with database.writing(office.engine) as session:
        for edition in session.scalars(select(Edition)):
            edition.stories = "[2]"
        join(session, office, "en+ja", now)
        session.flush()

        counts = [let_out(session, office, language, now) for language in ("en", "ja")]

        assert counts == [Enlisted(0, 0), Enlisted(0, 1)]


def test_nobody_is_lost_or_doubled_however_readers_change_their_minds(office: Office, now: datetime) -> None:
    dice = random.Random(7)  # noqa: S311 - to shuffle, not to keep a secret
    third = "fr"
    wishes = languages.wishes(("en", "ja", third))
    with database.writing(office.engine) as session:
        session.add(Release(issue_id=office.issue_id, language=third, state="planned", due_at=now))
        for wish in set(wishes) - set(WISHES):
            offices.add_edition(session, office.issue_id, wish, [1])
        readers = [join(session, office, dice.choice(wishes), now) for _ in range(60)]

        for language in dice.sample(["en", "ja", third], 3):
            let_out(session, office, language, now)
            for reader in dice.sample(readers, 30):
                turn(reader, dice.choice(wishes))
            session.flush()

        assert Counter(copies(session).keys()) == Counter(reader.id for reader in readers)
        assert sum(session.scalars(select(Release.enlisted))) == len(readers)
        assert len(set(itertools.chain(copies(session).values()))) > len(WISHES)
