"""Only a person sends again: once each, to whoever failed or may have it, never to those who have it or have gone."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from newsletter import database
from newsletter.config import Settings
from newsletter.delivery import closing, outbox, recovery, report, resending
from newsletter.delivery.outbox import DELIVERIES, Settlement
from newsletter.delivery.processes import Process
from newsletter.errors import StateError
from newsletter.models import Audit, Correction, Delivery, Edition, Issue
from subscribers.models import Subscription
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.conftest import Send
from tests.newsletter.delivery.office import Office
from tests.newsletter.delivery.relays import Server

ME = Process(boot_id="b", host="h", pid=1, nonce="n")
LEASE = timedelta(minutes=15)


def put(office: Office, number: int, **values: object) -> int:
    """Set columns of the delivery with that number; return its id."""
    with database.writing(office.engine) as session:
        delivery = session.get_one(Delivery, office.deliveries()[number].id)
        for name, value in values.items():
            setattr(delivery, name, value)
        return delivery.id


def again(office: Office, ids: list[int], now: datetime, *, doubt: bool = False) -> int:
    """Send again in a transaction of its own."""
    act = resending.again_in_doubt if doubt else resending.again
    with database.writing(office.engine) as session:
        return act(session, session.get_one(Issue, office.issue_id), ids, now=now, editor_id=None)


@pytest.fixture
def closed(any_engine: Engine, settings: Settings, now: datetime) -> Office:
    """Return an office whose issue is closed: one sent, one mailbox full, one given up, one held, one in doubt."""
    office = offices.make(any_engine, settings, now, readers=5)
    put(office, 0, state="sent", settled_at=now)
    put(office, 1, state="refused", reason="mailbox_full", settled_at=now)
    put(office, 2, state="given_up", reason="rate", attempts=6, settled_at=now)
    put(office, 3, state="refused", reason="unknown_user", settled_at=now)
    put(office, 4, state="uncertain", reason="no_answer", settled_at=now)
    with database.writing(any_engine) as session:
        session.get_one(Subscription, office.subscriptions[3]).state = "held"
        session.flush()
        assert closing.close_if_done(session, settings, session.get_one(Issue, office.issue_id), now=now)
    return office


def test_who_failed_is_counted_by_reason_and_who_has_gone_apart(closed: Office) -> None:
    with database.reading(closed.engine) as session:
        found = resending.failed(session, closed.issue_id)

    assert {(one.reason, one.people, one.gone) for one in found} == {
        ("mailbox_full", 1, 0),
        ("rate", 1, 0),
        ("unknown_user", 0, 1),
    }


def test_a_second_wave_goes_to_those_who_failed_for_that_reason_and_to_nobody_else(
    closed: Office, now: datetime
) -> None:
    with database.reading(closed.engine) as session:
        wanted = resending.who_failed(session, closed.issue_id, {"mailbox_full", "unknown_user"})

    assert again(closed, wanted, now) == 1
    assert closed.states() == ["sent", "queued", "given_up", "refused", "uncertain"]
    row = closed.deliveries()[1]
    assert (row.resent_from, row.attempts, row.reason, row.claim_id) == ("refused", 0, None, None)
    assert closed.issue().state == "sending"


def test_whatever_ids_are_named_those_who_have_it_may_have_it_or_have_gone_are_left_alone(
    closed: Office, now: datetime
) -> None:
    ids = [row.id for row in closed.deliveries()]

    assert again(closed, ids, now + timedelta(days=1)) == 2
    assert again(closed, ids, now + timedelta(days=1)) == 0, "nobody is queued twice"
    assert closed.states() == ["sent", "queued", "queued", "refused", "uncertain"]


def test_of_two_who_press_at_once_one_queues_and_the_record_says_it_once(closed: Office, now: datetime) -> None:
    ids = [closed.deliveries()[1].id]

    assert [again(closed, ids, now) for _ in range(2)] == [1, 0]
    with database.reading(closed.engine) as session:
        lines = session.scalars(select(func.count()).select_from(Audit).where(Audit.action == "send again"))
        assert lines.one() == 1


def test_a_doubt_is_sent_again_only_ten_minutes_after_its_lease(office: Office, now: datetime) -> None:
    with office.engine.begin() as connection:
        rows = outbox.claim(connection, DELIVERIES, process=ME, lease=LEASE, limit=1, now=now) or []
        outbox.mark(connection, rows, now=now)
        outbox.settle(connection, [Settlement(rows[0], "uncertain", None, "lost", "no_answer")], now=now)
    ids = [rows[0].id]

    assert again(office, ids, now + LEASE + timedelta(minutes=9), doubt=True) == 0
    assert again(office, ids, now + LEASE + timedelta(days=1)) == 0, "a doubt is no failure"
    assert again(office, ids, now + LEASE + timedelta(minutes=10), doubt=True) == 1
    assert office.deliveries()[0].resent_from == "uncertain"


def test_a_late_answer_does_not_settle_what_was_sent_again(office: Office, now: datetime) -> None:
    later = now + timedelta(hours=1)
    with office.engine.begin() as connection:
        rows = outbox.claim(connection, DELIVERIES, process=ME, lease=LEASE, limit=1, now=now) or []
        outbox.mark(connection, rows, now=now)
        recovery.recover(connection, process=Process("b", "h", 2, "m"), alone=True, now=now)
    again(office, [rows[0].id], later, doubt=True)

    with office.engine.begin() as connection:
        assert outbox.settle(connection, [Settlement(rows[0], "sent", 250, "ok")], now=later) == 0
    assert office.states()[0] == "queued"


def test_doubts_have_a_name_and_a_time_and_may_be_left(closed: Office, now: datetime) -> None:
    with database.writing(closed.engine) as session:
        [doubt] = resending.doubts(session, closed.issue_id)
        assert (doubt.name, doubt.email, doubt.there, doubt.left) == ("Reader 4", "r4@example.org", True, False)
        assert doubt.sure_at == now + resending.WAIT

        issue = session.get_one(Issue, closed.issue_id)
        assert resending.leave(session, issue, [doubt.delivery_id], now=now, editor_id=None) == 1
        assert resending.leave(session, issue, [doubt.delivery_id], now=now, editor_id=None) == 0
        [left] = resending.doubts(session, closed.issue_id)

    assert left.left
    assert closed.states()[4] == "uncertain"
    assert closed.issue().state == "closed"


def test_a_cancelled_issue_is_not_sent_again(closed: Office, now: datetime) -> None:
    with database.writing(closed.engine) as session:
        session.get_one(Issue, closed.issue_id).state = "cancelled"

    with pytest.raises(StateError, match="cannot be sent again"):
        again(closed, [closed.deliveries()[1].id], now)


def test_a_paused_issue_stays_paused(closed: Office, now: datetime) -> None:
    with database.writing(closed.engine) as session:
        issue = session.get_one(Issue, closed.issue_id)
        issue.state, issue.paused_at, issue.paused_reason = "sending", now, "Wait."

    assert again(closed, [closed.deliveries()[1].id], now) == 1
    assert closed.issue().paused_at == now


@pytest.mark.parametrize("with_successor", [True, False])
def test_what_was_corrected_is_not_sent_again_with_the_old_words(
    closed: Office, now: datetime, *, with_successor: bool
) -> None:
    row = closed.deliveries()[1]
    with database.writing(closed.engine) as session:
        _correct(session, closed, now)
        if with_successor:
            old = session.get_one(Edition, row.edition_id)
            new = offices.add_edition(session, closed.issue_id, "en", [2])
            new.stories, new.revision = old.stories, 2

    if not with_successor:
        with pytest.raises(StateError, match="old words"):
            again(closed, [row.id], now)
        return
    assert again(closed, [row.id], now) == 1
    assert closed.deliveries()[1].edition_id != row.edition_id


def _correct(session: Session, office: Office, now: datetime) -> None:
    short = offices.add_issue(session, office.publication_id, now, number=99, state="closed")
    session.add(
        Correction(
            issue_id=office.issue_id,
            short_id=short.id,
            number=1,
            state="applied",
            stories="[1]",
            notes="{}",
            revision=2,
            created_at=now,
        )
    )
    session.flush()


def test_the_second_wave_arrives_under_the_same_name_and_the_report_counts_it(
    office: Office, settings: Settings, server: Server, send: Send, now: datetime
) -> None:
    server.rule = lambda step, argument, _count: b"552 5.2.2 full" if step == "RCPT" and "r1@" in argument else None
    send(server.port)
    with database.writing(office.engine) as session:
        issue = session.get_one(Issue, office.issue_id)
        first = closing.close_if_done(session, settings, issue, now=now)
        wanted = resending.who_failed(session, office.issue_id, {"mailbox_full"})
        resending.again(session, issue, wanted, now=now, editor_id=None)
    server.rule = lambda _step, _argument, _count: None
    send(server.port)
    with database.writing(office.engine) as session:
        second = closing.close_if_done(session, settings, session.get_one(Issue, office.issue_id), now=now)

    assert first is not None
    assert second is not None
    assert (first.refused, first.resent) == (1, {})
    assert (second.sent, second.refused, second.resent) == (3, 0, {"refused": 1})
    assert second.adds_up
    assert server.addressees().count("r1@example.org") == 1
    assert "1 person was sent it again" in report.sentences(second, "en")
