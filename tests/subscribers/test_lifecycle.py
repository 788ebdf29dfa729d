"""Nobody is subscribed without their word, everybody can leave, and nothing brings them back but themselves."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from newsletter import database
from subscribers import address, audience, consent, lifecycle, suppression, tokens
from subscribers.consent import Evidence
from subscribers.errors import ExpiredError, TokenError
from subscribers.models import Subscriber, Subscription, Ticket
from tests.subscribers import people
from tests.subscribers.people import KEY, VALID

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LINK = Evidence(method="link")


def suppressed(session: Session, publication: int, email: str = "taro@example.org") -> str | None:
    return suppression.reason(session, publication, tokens.address_hash(KEY, address.parse(email).key))


def events(session: Session, subscription: Subscription) -> list[str]:
    return [entry.event for entry in consent.story(session, subscription.subscriber.subject)]


def leave(session: Session, subscription: Subscription, now: datetime) -> bool:
    return lifecycle.leave(session, subscription, suppression_key=KEY, evidence=LINK, now=now)


def complain(session: Session, subscription: Subscription, now: datetime) -> bool:
    return lifecycle.complain(session, subscription, suppression_key=KEY, evidence=LINK, now=now)


def erase(session: Session, subscription: Subscription, now: datetime) -> bool:
    return lifecycle.erase(session, subscription.subscriber, suppression_key=KEY, evidence=LINK, now=now)


def test_asking_subscribes_nobody(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        asked = people.ask(session, publication, people.wish(), now)

        assert asked.letter == "confirmation"
        assert asked.subscription.state == "pending"
        assert asked.subscription.subscriber.name == ""
        assert audience.count(session, publication) == 0
        assert events(session, asked.subscription) == ["requested"]


def test_confirming_carries_out_the_wish(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        asked = people.ask(session, publication, people.wish(language="ja", topics=0b101, interests=0b11), now)

        confirmed = people.confirm(session, asked.token, now + HOUR)

        subscription = confirmed.subscription
        assert not confirmed.again
        assert (subscription.state, subscription.state_at, subscription.confirmed_at) == (
            "active",
            now + HOUR,
            now + HOUR,
        )
        assert (subscription.topics, subscription.interests) == (0b101, 0b11)
        subscriber = subscription.subscriber
        assert (subscriber.name, subscriber.language, subscriber.country) == ("Taro Yamada", "ja", "JP")
        assert events(session, subscription) == ["requested", "confirmed"]
        assert consent.verify(session) is None


def test_a_second_press_shows_the_same_and_does_nothing(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        asked = people.ask(session, publication, people.wish(), now)
        people.confirm(session, asked.token, now)

        again = people.confirm(session, asked.token, now + 30 * DAY)

        assert again.again
        assert again.subscription.state == "active"
        assert events(session, again.subscription) == ["requested", "confirmed"]


def test_an_old_link_brings_nobody_back_who_left(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        first = people.ask(session, publication, people.wish(), now)
        second = people.ask(session, publication, people.wish(), now + 11 * MINUTE)
        subscription = people.confirm(session, first.token, now + 12 * MINUTE).subscription
        leave(session, subscription, now + HOUR)

        for token in (first.token, second.token):
            assert people.confirm(session, token, now + 2 * HOUR).again
        assert subscription.state == "left"
        assert suppressed(session, publication) == "left"


def test_a_link_mailed_before_leaving_has_expired(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        asked = people.ask(session, publication, people.wish(), now)
        leave(session, asked.subscription, now + MINUTE)

        with pytest.raises(ExpiredError):
            people.confirm(session, asked.token, now + 2 * MINUTE)


def test_a_link_expires_and_can_be_had_again(any_engine: Engine, publication: int, now: datetime) -> None:
    later = now + VALID
    with database.writing(any_engine) as session:
        asked = people.ask(session, publication, people.wish(topics=0b10), now)
        assert asked.token is not None
        with pytest.raises(ExpiredError):
            people.confirm(session, asked.token, later)

        again = lifecycle.ask_again(session, asked.token, valid_for=VALID, now=later)
        too_soon = lifecycle.ask_again(session, asked.token, valid_for=VALID, now=later + MINUTE)
        confirmed = people.confirm(session, again.token, later + HOUR)
        after = lifecycle.ask_again(session, asked.token, valid_for=VALID, now=later + DAY)

        assert (again.letter, too_soon.letter, after.letter) == ("confirmation", "none", "already")
        assert again.token != asked.token
        assert confirmed.subscription.topics == 0b10


@pytest.mark.parametrize("token", ["", "nonsense", "a" * 26, "\x00", "日本"])
def test_a_foreign_token_is_not_ours(any_engine: Engine, publication: int, now: datetime, token: str) -> None:
    with database.writing(any_engine) as session:
        people.ask(session, publication, people.wish(), now)

        with pytest.raises(TokenError):
            people.confirm(session, token, now)
        with pytest.raises(TokenError):
            lifecycle.ask_again(session, token, valid_for=VALID, now=now)


def test_a_footer_token_confirms_nothing(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        asked = people.ask(session, publication, people.wish(), now)

        with pytest.raises(TokenError):
            people.confirm(session, tokens.unsubscribe_token([KEY], asked.subscription.id), now)


def test_nobody_is_flooded_with_confirmations(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        written = [
            minutes
            for minutes in range(0, 48 * 60, 5)
            if people.ask(session, publication, people.wish(), now + minutes * MINUTE).letter == "confirmation"
        ]

        assert written == [0, 10, 24 * 60, 24 * 60 + 10]
        assert session.scalar(select(func.count(Subscription.id))) == 1


def test_a_reader_who_asks_again_keeps_what_was_chosen(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)

        asked = people.ask(session, publication, people.wish(" TARO@example.org ", topics=0b1000), now + DAY)

        assert (asked.letter, asked.token) == ("already", None)
        assert asked.subscription is subscription
        assert subscription.topics == 0b11
        assert events(session, subscription) == ["requested", "confirmed"]


def test_an_unconfirmed_request_changes_nothing_of_a_former_reader(
    any_engine: Engine, publication: int, now: datetime
) -> None:
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)
        leave(session, subscription, now + DAY)

        people.ask(session, publication, people.wish(language="ja", topics=0b1000), now + 2 * DAY)

        assert (subscription.state, subscription.topics, subscription.subscriber.language) == ("left", 0b11, "en")
        assert suppressed(session, publication) == "left"


def test_changing_is_on_record_with_what_differs(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)

        changed = lifecycle.change(
            session,
            subscription,
            evidence=LINK,
            now=now,
            topics=0b1,
            language="ja",
            country="",
            name=" 山田\n太郎\x00 ",
        )
        same = lifecycle.change(session, subscription, evidence=LINK, now=now, topics=0b1)

        assert (changed, same) == (True, False)
        subscriber = subscription.subscriber
        assert (subscription.topics, subscriber.language, subscriber.country) == (0b1, "ja", None)
        assert subscriber.name == "山田 太郎"
        last = consent.story(session, subscriber.subject)[-1]
        assert last.event == "changed"
        assert last.payload is not None
        assert last.payload["change"]["topics"] == [0b11, 0b1]
        assert "interests" not in last.payload["change"]


def test_who_left_cannot_change_anything(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)
        leave(session, subscription, now)

        assert not lifecycle.change(session, subscription, evidence=LINK, now=now, topics=0)
        assert subscription.topics == 0b11


def test_leaving_takes_effect_once(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)

        first, second = leave(session, subscription, now + DAY), leave(session, subscription, now + 2 * DAY)

        assert (first, second) == (True, False)
        assert (subscription.state, subscription.state_at) == ("left", now + DAY)
        assert suppressed(session, publication) == "left"
        assert audience.count(session, publication) == 0
        assert events(session, subscription) == ["requested", "confirmed", "left"]


def test_who_left_comes_back_by_confirming(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)
        leave(session, subscription, now + DAY)

        back = people.reader(session, publication, now + 2 * DAY)

        assert back is subscription
        assert back.state == "active"
        assert suppressed(session, publication) is None
        assert events(session, back)[-3:] == ["requested", "lifted", "confirmed"]
        assert consent.story(session, back.subscriber.subject)[-2].payload is not None


def test_a_dead_address_is_held_until_it_confirms(any_engine: Engine, publication: int, now: datetime) -> None:
    def hold() -> bool:
        return lifecycle.hold(
            session, subscription, suppression_key=KEY, evidence=Evidence(method="bounce"), reason="5.1.1", now=now
        )

    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)

        assert (hold(), hold()) == (True, False)
        assert (subscription.state, suppressed(session, publication)) == ("held", "bounced")
        assert audience.count(session, publication) == 0

        people.reader(session, publication, now + DAY)
        assert (subscription.state, suppressed(session, publication)) == ("active", None)


def test_a_bounced_confirmation_leaves_a_request_to_be_forgotten(
    any_engine: Engine, publication: int, now: datetime
) -> None:
    with database.writing(any_engine) as session:
        asked = people.ask(session, publication, people.wish(), now)

        held = lifecycle.hold(session, asked.subscription, suppression_key=KEY, evidence=LINK, reason="5.1.1", now=now)

        assert not held
        assert (asked.subscription.state, suppressed(session, publication)) == ("pending", None)


def test_a_bounce_holds_nobody_who_left(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)
        leave(session, subscription, now)

        held = lifecycle.hold(session, subscription, suppression_key=KEY, evidence=LINK, reason="5.1.1", now=now)

        assert not held
        assert (subscription.state, suppressed(session, publication)) == ("left", "left")


def test_after_a_complaint_one_letter_may_be_asked_for(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)
        assert complain(session, subscription, now + DAY)
        assert not complain(session, subscription, now + DAY)
        assert (subscription.state, suppressed(session, publication)) == ("left", "complained")

        letters = [people.ask(session, publication, people.wish(), now + days * DAY).letter for days in (2, 3, 10, 400)]

        assert letters == ["confirmation", "none", "none", "none"]


def test_confirming_after_a_complaint_counts(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)
        complain(session, subscription, now + DAY)

        people.reader(session, publication, now + 2 * DAY)

        assert (subscription.state, suppressed(session, publication)) == ("active", None)
        complain(session, subscription, now + 3 * DAY)
        assert people.ask(session, publication, people.wish(), now + 4 * DAY).letter == "confirmation"


def test_links_mailed_before_a_complaint_are_dead(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        asked = people.ask(session, publication, people.wish(), now)
        complain(session, asked.subscription, now)
        assert asked.token is not None

        with pytest.raises(TokenError):
            people.confirm(session, asked.token, now)
        with pytest.raises(TokenError):
            lifecycle.ask_again(session, asked.token, valid_for=VALID, now=now)


def test_a_complaint_stays_one_whatever_follows(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)
        leave(session, subscription, now)
        complain(session, subscription, now)

        erase(session, subscription, now)

        assert suppressed(session, publication) == "complained"


def test_erasure_leaves_an_id_and_a_hash(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)
        subject = subscription.subscriber.subject
        people.ask(session, publication, people.wish("other@example.org"), now)
        consent.seal(session)

        assert erase(session, subscription, now + DAY)
        assert not erase(session, subscription, now + DAY)

        session.expire_all()
        subscriber = subscription.subscriber
        assert (subscriber.email, subscriber.email_key, subscriber.name) == (None, None, "")
        assert (subscriber.country, subscriber.language, subscriber.erased_at) == (None, "", now + DAY)
        assert (subscription.state, subscription.topics, subscription.source) == ("erased", 0, "")
        assert session.scalars(select(Ticket).where(Ticket.subscription_id == subscription.id)).all() == []
        assert suppressed(session, publication) == "erased"
        story = consent.story(session, subject)
        assert [entry.event for entry in story] == ["requested", "confirmed", "erased"]
        assert [entry.payload for entry in story] == [None, None, {"evidence": {"method": "link"}}]
        consent.seal(session)
        assert consent.verify(session) is None


def test_an_erased_person_may_come_back_as_somebody_new(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        old = people.reader(session, publication, now)
        erase(session, old, now)

        new = people.reader(session, publication, now + DAY)

        assert new.id != old.id
        assert new.subscriber.subject != old.subscriber.subject
        assert suppressed(session, publication) is None
        assert events(session, new) == ["requested", "lifted", "confirmed"]
        assert lifecycle.find(session, publication, address.parse("taro@example.org")) is new
        assert (old.state, leave(session, old, now)) == ("erased", False)


def test_the_erased_line_says_nothing_of_the_person(any_engine: Engine, publication: int, now: datetime) -> None:
    evidence = Evidence(method="link", ip="192.0.2.1", agent="Mozilla", message_id="<a@b>", source="taro", actor="ed")
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)
        subject = subscription.subscriber.subject

        lifecycle.erase(session, subscription.subscriber, suppression_key=KEY, evidence=evidence, now=now)

        assert consent.story(session, subject)[-1].payload == {"evidence": {"method": "link", "actor": "ed"}}


def test_erasing_calls_what_others_must_forget_while_the_address_is_there(
    any_engine: Engine, publication: int, now: datetime
) -> None:
    told: list[str | None] = []

    def forget(_: Session, subscriber: Subscriber) -> None:
        told.append(subscriber.email)

    with database.writing(any_engine) as session:
        subscriber = people.reader(session, publication, now).subscriber

        lifecycle.erase(session, subscriber, suppression_key=KEY, evidence=LINK, now=now, forget=forget)

    assert told == ["taro@example.org"]


def test_a_request_never_confirmed_is_forgotten_and_may_be_made_again(
    any_engine: Engine, publication: int, now: datetime
) -> None:
    week = now + 7 * DAY
    with database.writing(any_engine) as session:
        stale = people.ask(session, publication, people.wish("stale@example.org"), now).subscription
        fresh = people.ask(session, publication, people.wish("fresh@example.org"), now).subscription
        people.ask(session, publication, people.wish("fresh@example.org"), now + DAY)
        active = people.reader(session, publication, now)
        gone = people.reader(session, publication, now, "gone@example.org")
        leave(session, gone, now)

        purged = lifecycle.purge_pending(session, before=week - 7 * DAY + MINUTE, now=week)
        again = lifecycle.purge_pending(session, before=week - 7 * DAY + MINUTE, now=week)

        session.expire_all()
        assert (purged, again) == (1, 0)
        assert [row.state for row in (stale, fresh, active, gone)] == ["erased", "pending", "active", "left"]
        assert stale.subscriber.email is None
        assert suppressed(session, publication, "stale@example.org") is None
        assert consent.verify(session) is None
        assert people.ask(session, publication, people.wish("stale@example.org"), week).letter == "confirmation"


def test_what_a_form_sends_is_trimmed_to_what_the_tables_take(
    any_engine: Engine, publication: int, now: datetime
) -> None:
    wish = lifecycle.Wish(address.parse("x@example.org"), "N\x00\r\nBcc: " + "長" * 500, "en" * 40, "Japan", 1, 0)
    with database.writing(any_engine) as session:
        subscription = people.confirm(session, people.ask(session, publication, wish, now).token, now).subscription
        session.flush()

        subscriber = subscription.subscriber
        assert subscriber.name.startswith("N Bcc: 長")
        assert len(subscriber.name) == 100
        assert (subscriber.country, len(subscriber.language)) == (None, 16)


def test_find_and_get_know_everybody_in_any_state(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication, now)
        leave(session, subscription, now)

    with database.reading(any_engine) as session:
        found = lifecycle.find(session, publication, address.parse("Taro@Example.org"))
        assert found is not None
        assert lifecycle.get(session, found.id) is found
        assert lifecycle.find(session, publication, address.parse("nobody@example.org")) is None
        assert lifecycle.find(session, publication + 1, address.parse("taro@example.org")) is None
        assert lifecycle.get(session, 999_999) is None
