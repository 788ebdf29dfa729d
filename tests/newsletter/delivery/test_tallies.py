"""What the report says is what the rows say: counted another way, row by row, it comes to the same."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from newsletter import database
from newsletter.config import Settings
from newsletter.delivery import report, tallies, telling
from newsletter.delivery.outbox import FINAL, OPEN
from newsletter.models import Delivery, Issue
from subscribers.models import ReceivedMail, Subscriber, Subscription
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.office import Office

STATES = (*FINAL, *OPEN)


@pytest.fixture
def mixed(any_engine: Engine, settings: Settings, now: datetime) -> Office:
    """Return an office with forty readers in every state, of three countries, some topics and nine mail servers."""
    office = offices.make(any_engine, settings, now, readers=40)
    with database.writing(any_engine) as session:
        for number, row in enumerate(session.scalars(select(Delivery).order_by(Delivery.id))):
            row.state = STATES[number % len(STATES)]
            row.reason = ("mailbox_full", "no_answer", None)[number % 3]
            row.attempts = 1 + number % 2
            row.marked_at, row.settled_at = now, now + timedelta(minutes=number)
            row.resent_from = ("", "refused", "uncertain")[number % 3]
            session.get_one(Subscription, row.subscription_id).topics = number % 4
            reader = session.get_one(Subscriber, row.subscriber_id)
            reader.country = (None, "SG", "JP")[number % 3]
            reader.email = reader.email_key = f"r{number}@d{number % 9}.test"
    return office


def test_every_table_equals_the_rows(mixed: Office) -> None:
    with database.reading(mixed.engine) as session:
        built = report.build(session, session.get_one(Issue, mixed.issue_id))
        rows = _rows(session)

    states = Counter(row.state for row, _, _ in rows)
    assert {state: getattr(built, state) for state in FINAL} == {state: states[state] for state in FINAL}
    assert built.open == sum(states[state] for state in OPEN)
    assert built.adds_up
    assert _flat(built.by_country) == Counter((person.country or "untold", row.state) for row, person, _ in rows)
    assert _flat(built.by_domain) == Counter(
        (str(person.email).partition("@")[2], row.state) for row, person, _ in rows
    )
    assert built.by_reason == Counter(row.reason or "other" for row, _, _ in rows if row.state in tallies.TROUBLE)
    assert built.resent == Counter(row.resent_from for row, _, _ in rows if row.resent_from)
    nobody = sum(1 for _, _, subscription in rows if not subscription.topics)
    assert sum(built.by_topic["untold"].values()) == nobody


def _rows(session: Session) -> list[tuple[Delivery, Subscriber, Subscription]]:
    query = (
        select(Delivery, Subscriber, Subscription)
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .join(Subscription, Subscription.id == Delivery.subscription_id)
    )
    return [(row, person, subscription) for row, person, subscription in session.execute(query)]


def _flat(table: tallies.Table) -> Counter[tuple[str, str]]:
    return Counter({(word, state): count for word, states in table.items() for state, count in states.items()})


def test_times_are_of_the_first_round_and_of_the_whole(mixed: Office, settings: Settings, now: datetime) -> None:
    with database.writing(mixed.engine) as session:
        for number, row in enumerate(session.scalars(select(Delivery).order_by(Delivery.id))):
            row.state, row.resent_from, row.attempts = "sent", "", 2 if number == 39 else 1
        session.flush()
        built = report.build(session, session.get_one(Issue, mixed.issue_id))

    assert (built.began, built.ended) == (now.isoformat(), (now + timedelta(minutes=39)).isoformat())
    assert built.round_ended == (now + timedelta(minutes=38)).isoformat()
    assert built.per_minute == 1
    told = telling.sentences(built, "en", settings)
    assert "The first round took 38 minutes: about 1 a minute." in told
    assert "Sent by country: Japan 13 of 13, Singapore 13 of 13, not named 14 of 14." not in told, "the most first"
    assert "Sent by country: not named 14 of 14, Japan 13 of 13, Singapore 13 of 13." in told
    assert "国別の送信" in telling.sentences(built, "ja", settings)


def test_what_comes_back_is_a_note_on_the_newest_issue_they_had_got(
    any_engine: Engine, settings: Settings, now: datetime
) -> None:
    office = offices.make(any_engine, settings, now, readers=2)
    with database.writing(any_engine) as session:
        first, second = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        later = offices.add_issue(session, office.publication_id, now, number=2)
        edition = offices.add_edition(session, later.id, "en", [1])
        again = Delivery(
            issue_id=later.id,
            edition_id=edition.id,
            subscription_id=first.subscription_id,
            subscriber_id=first.subscriber_id,
            state="sent",
            settled_at=now + timedelta(days=7),
        )
        session.add(again)
        for row in (first, second):
            row.state, row.settled_at = "sent", now
        for number, (row, kind, days) in enumerate([(first, "bounce", 8), (second, "bounce", 8), (second, "ask", 9)]):
            session.add(
                ReceivedMail(
                    message_hash=bytes([number]) * 32,
                    kind=kind,
                    action="hold",
                    subscription_id=row.subscription_id,
                    received_at=now + timedelta(days=days),
                )
            )
        session.flush()

        assert tallies.came_back(session, office.issue_id) == {"bounce": 1}
        assert tallies.came_back(session, later.id) == {"bounce": 1}
        built = report.build(session, session.get_one(Issue, office.issue_id))

    assert (built.sent, built.bounced, built.adds_up) == (2, 1, True)
    assert "sent back later: 1 person" in telling.sentences(built, "en")
