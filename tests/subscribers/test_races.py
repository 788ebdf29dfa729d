"""Two things that happen to one person at the same moment end as if one had come after the other."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Engine, func, select

from newsletter import database
from subscribers import consent, lifecycle, suppression, tokens
from subscribers.consent import Evidence
from subscribers.errors import TokenError
from subscribers.models import Subscriber, Subscription
from tests.subscribers import people
from tests.subscribers.people import KEY, VALID

Answer = TypeVar("Answer")
AT_ONCE = 8
LINK = Evidence(method="link")


def together(*calls: Callable[[], Answer]) -> list[Answer]:
    """Call all at the same moment, each in its thread; return the answers, or raise the first failure."""
    start, answers, failures = threading.Barrier(len(calls)), [], []

    def run(call: Callable[[], Answer]) -> None:
        start.wait()
        try:
            answers.append(call())
        except Exception as error:  # noqa: BLE001 - raised again below, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return answers


def test_parallel_asks_for_a_new_address_make_one_subscriber_and_one_letter(
    any_engine: Engine, publication: int, now: datetime
) -> None:
    def ask() -> str:
        with database.writing(any_engine) as session:
            return people.ask(session, publication, people.wish(), now).letter

    letters = together(*[ask] * AT_ONCE)

    assert sorted(letters) == ["confirmation"] + ["none"] * (AT_ONCE - 1)
    with database.reading(any_engine) as session:
        assert session.scalar(select(func.count(Subscriber.id))) == 1
        assert session.scalar(select(func.count(Subscription.id))) == 1


def test_parallel_confirms_of_one_link_have_one_effect(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        token = people.ask(session, publication, people.wish(), now).token

    def confirm() -> bool:
        with database.writing(any_engine) as session:
            return people.confirm(session, token, now).again

    again = together(*[confirm] * AT_ONCE)

    assert sorted(again) == [False] + [True] * (AT_ONCE - 1)
    with database.reading(any_engine) as session:
        subject = session.scalars(select(Subscriber.subject)).one()
        assert [entry.event for entry in consent.story(session, subject)] == ["requested", "confirmed"]


def test_parallel_leaves_are_one(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscription_id = people.reader(session, publication, now).id

    def leave() -> bool:
        with database.writing(any_engine) as session:
            subscription = lifecycle.get(session, subscription_id)
            assert subscription is not None
            return lifecycle.leave(session, subscription, suppression_key=KEY, evidence=LINK, now=now)

    assert sorted(together(*[leave] * AT_ONCE)) == [False] * (AT_ONCE - 1) + [True]


def test_after_a_complaint_parallel_asks_get_one_letter(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)
        lifecycle.complain(session, subscription, suppression_key=KEY, evidence=LINK, now=now)

    def ask() -> str:
        with database.writing(any_engine) as session:
            return people.ask(session, publication, people.wish(), now + timedelta(days=1)).letter

    assert together(*[ask] * AT_ONCE).count("confirmation") == 1


def test_confirming_while_being_erased_brings_nobody_back(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        asked = people.ask(session, publication, people.wish(), now)
        token, subscriber_id = asked.token, asked.subscription.subscriber_id

    def confirm() -> str:
        try:
            with database.writing(any_engine) as session:
                people.confirm(session, token, now)
        except TokenError:
            return "gone"
        return "confirmed"

    def erase() -> str:
        with database.writing(any_engine) as session:
            subscriber = session.get_one(Subscriber, subscriber_id)
            lifecycle.erase(session, subscriber, suppression_key=KEY, evidence=LINK, now=now)
        return "erased"

    together(confirm, erase)

    with database.reading(any_engine) as session:
        subscription = session.scalars(select(Subscription)).one()
        assert subscription.state == "erased"
        assert subscription.subscriber.email is None
        assert consent.verify(session) is None


def test_asking_while_being_erased_starts_anew(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscriber_id = people.reader(session, publication, now).subscriber_id

    def ask() -> str:
        with database.writing(any_engine) as session:
            asked = people.ask(session, publication, people.wish(), now)
            return asked.letter

    def erase() -> str:
        with database.writing(any_engine) as session:
            subscriber = session.get_one(Subscriber, subscriber_id)
            lifecycle.erase(session, subscriber, suppression_key=KEY, evidence=LINK, now=now)
            return "erased"

    together(ask, erase)

    with database.reading(any_engine) as session:
        hashed = tokens.address_hash(KEY, "taro@example.org")
        assert suppression.reason(session, publication, hashed) == "erased"
        states = set(session.scalars(select(Subscription.state)))
        assert states <= {"erased", "pending"}


def test_a_fresh_link_is_given_once_to_parallel_presses(any_engine: Engine, publication: int, now: datetime) -> None:
    later = now + VALID
    with database.writing(any_engine) as session:
        token = people.ask(session, publication, people.wish(), now).token

    def ask_again() -> str:
        assert token is not None
        with database.writing(any_engine) as session:
            return lifecycle.ask_again(session, token, valid_for=VALID, now=later).letter

    assert together(*[ask_again] * AT_ONCE).count("confirmation") == 1
