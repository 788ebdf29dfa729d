"""Claim, mark, settle, recover: every change of state has a guard that decides, on SQLite and PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, update

from newsletter import database
from newsletter.config import Settings
from newsletter.delivery import closing, outbox, recovery
from newsletter.delivery.outbox import DELIVERIES, LETTERS, Kind, Row, Settlement
from newsletter.delivery.processes import Process
from newsletter.models import Claim, Delivery, Issue, Letter
from subscribers.models import Subscription
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.office import Office

ME = Process(boot_id="boot-1", host="here", pid=1, nonce="a")
OTHER = Process(boot_id="boot-1", host="far", pid=2, nonce="b")
LEASE = timedelta(minutes=15)


@pytest.fixture
def due(any_engine: Engine, settings: Settings, now: datetime) -> Office:
    """Return an office with three queued deliveries, on each database in turn."""
    return offices.make(any_engine, settings, now, readers=3)


def claim(
    office: Office, now: datetime, *, process: Process = ME, kind: Kind = DELIVERIES, limit: int = 10
) -> list[Row]:
    with office.engine.begin() as connection:
        issue_id = office.issue_id if kind is DELIVERIES else None
        rows = outbox.claim(connection, kind, process=process, lease=LEASE, limit=limit, now=now, issue_id=issue_id)
    return rows or []


def mark(office: Office, rows: list[Row], now: datetime) -> set[Row]:
    with office.engine.begin() as connection:
        return outbox.mark(connection, rows, now=now)


def settle(office: Office, row: Row, state: str, now: datetime) -> int:
    with office.engine.begin() as connection:
        return outbox.settle(connection, [Settlement(row, state, 250, "ok")], now=now)


def recover(office: Office, now: datetime, *, process: Process = ME, alone: bool = True) -> recovery.Recovered:
    with office.engine.begin() as connection:
        return recovery.recover(connection, process=process, alone=alone, now=now)


def change(office: Office, statement: object) -> None:
    with database.writing(office.engine) as session:
        session.execute(statement)  # type: ignore[call-overload]


def pause_issue(office: Office, now: datetime) -> None:
    change(office, update(Issue).values(paused_at=now))


def cancel_issue(office: Office, _now: datetime) -> None:
    change(office, update(Issue).values(state="cancelled"))


def unsubscribe(office: Office, _now: datetime) -> None:
    change(office, update(Subscription).where(Subscription.id == office.subscriptions[0]).values(state="left"))


def end_lease(office: Office, now: datetime) -> None:
    change(office, update(Claim).values(lease_until=now - timedelta(seconds=1)))


def test_rows_are_claimed_in_order_and_by_one_process_only(due: Office, now: datetime) -> None:
    first = claim(due, now, limit=2)
    second = claim(due, now, process=OTHER)

    assert [row.email for row in first] == ["r0@example.org", "r1@example.org"]
    assert [row.email for row in second] == ["r2@example.org"]
    assert claim(due, now) == []
    assert due.states() == ["claimed"] * 3


def test_whoever_left_before_the_claim_is_withdrawn(due: Office, now: datetime) -> None:
    unsubscribe(due, now)

    rows = claim(due, now)

    assert [row.email for row in rows] == ["r1@example.org", "r2@example.org"]
    assert due.states() == ["withdrawn", "claimed", "claimed"]
    assert due.deliveries()[0].settled_at == now


def test_a_marked_row_is_on_the_wire_once(due: Office, now: datetime) -> None:
    rows = claim(due, now)

    assert mark(due, rows, now) == set(rows)
    assert mark(due, rows, now) == set()
    assert due.states() == ["on_wire"] * 3


@pytest.mark.parametrize(
    ("happening", "state"),
    [(unsubscribe, "withdrawn"), (pause_issue, "queued"), (cancel_issue, "cancelled"), (end_lease, "queued")],
)
def test_a_row_that_may_not_go_any_more_is_let_go_at_the_mark(
    due: Office, now: datetime, happening: Callable[[Office, datetime], None], state: str
) -> None:
    row = claim(due, now, limit=1)[0]
    happening(due, now)

    assert mark(due, [row], now) == set()

    assert due.states()[0] == state
    assert due.deliveries()[0].claim_id is None


def test_a_row_of_another_claim_is_not_marked(due: Office, now: datetime) -> None:
    row = claim(due, now, limit=1)[0]
    theirs = claim(due, now, process=OTHER, limit=1)[0]

    assert mark(due, [replace(theirs, claim_id=row.claim_id)], now) == set()
    assert due.states()[:2] == ["claimed", "claimed"]


def test_an_outcome_is_recorded_once(due: Office, now: datetime) -> None:
    row = claim(due, now, limit=1)[0]
    mark(due, [row], now)

    assert settle(due, row, "sent", now) == 1
    assert settle(due, row, "refused", now) == 0

    delivery = due.deliveries()[0]
    assert (delivery.state, delivery.code, delivery.attempts) == ("sent", 250, 1)


def test_what_is_deferred_of_a_cancelled_issue_is_cancelled(due: Office, now: datetime) -> None:
    row = claim(due, now, limit=1)[0]
    mark(due, [row], now)
    cancel_issue(due, now)

    settle(due, row, "deferred", now)

    assert due.states()[0] == "cancelled"


def test_a_late_answer_wins_over_uncertain(due: Office, now: datetime) -> None:
    row = claim(due, now, limit=1)[0]
    mark(due, [row], now)
    recover(due, now + LEASE, process=OTHER, alone=False)
    assert due.states()[0] == "uncertain"

    assert settle(due, row, "sent", now) == 1

    assert due.states()[0] == "sent"


def test_a_late_not_now_after_the_issue_has_closed_leaves_nothing_waiting_for_ever(due: Office, now: datetime) -> None:
    row = claim(due, now, limit=1)[0]
    mark(due, [row], now)
    recover(due, now + LEASE, process=OTHER, alone=False)
    change(due, update(Issue).values(state="closed"))

    settle(due, row, "deferred", now)

    assert due.states()[0] == "given_up"
    assert due.deliveries()[0].next_at is None


def test_a_late_answer_does_not_touch_a_row_that_was_claimed_anew(due: Office, now: datetime) -> None:
    row = claim(due, now, limit=1)[0]
    recover(due, now + LEASE, process=OTHER, alone=False)
    again = claim(due, now, process=OTHER, limit=1)[0]

    assert again.id == row.id
    assert settle(due, row, "sent", now) == 0
    assert due.states()[0] == "claimed"


def test_a_dead_process_leaves_claimed_rows_queued_and_those_on_the_wire_uncertain(due: Office, now: datetime) -> None:
    rows = claim(due, now, process=OTHER)
    mark(due, rows[:1], now)

    assert recover(due, now) == recovery.Recovered(queued=2, uncertain=1)

    assert due.states() == ["uncertain", "queued", "queued"]
    assert due.deliveries()[0].reason == "interrupted"
    assert recover(due, now) == recovery.Recovered(0, 0)


def test_after_another_boot_every_unsettled_row_of_a_claim_is_uncertain_and_nothing_else_changes(
    due: Office, now: datetime
) -> None:
    rows = claim(due, now, process=replace(OTHER, boot_id="boot-0"), limit=2)
    mark(due, rows, now)
    settle(due, rows[0], "sent", now)
    claim(due, now, process=replace(OTHER, boot_id="boot-0", nonce="c"))

    assert recover(due, now) == recovery.Recovered(queued=0, uncertain=2)

    assert due.states() == ["sent", "uncertain", "uncertain"]
    assert due.deliveries()[1].reason == "power_cut"


def test_a_claim_that_somebody_else_holds_is_left_alone_until_its_lease_is_over(due: Office, now: datetime) -> None:
    rows = claim(due, now, process=OTHER)
    mark(due, rows[:1], now)

    assert recover(due, now + LEASE - timedelta(seconds=1), alone=False) == recovery.Recovered(0, 0)
    assert recover(due, now + LEASE, alone=False) == recovery.Recovered(queued=2, uncertain=1)


def test_a_process_that_has_gone_from_this_host_is_not_waited_for(due: Office, now: datetime) -> None:
    gone = replace(ME, pid=2**22 + 1, nonce="z")
    claim(due, now, process=gone)

    assert recover(due, now, alone=False).queued == 3


def test_a_row_of_a_claim_that_was_closed_too_early_is_not_forgotten(due: Office, now: datetime) -> None:
    rows = claim(due, now, process=OTHER)
    mark(due, rows[:1], now)
    change(due, update(Claim).values(closed_at=now))

    assert recover(due, now) == recovery.Recovered(queued=2, uncertain=1)


def test_my_own_claims_are_never_recovered(due: Office, now: datetime) -> None:
    mark(due, claim(due, now), now)

    assert recover(due, now + LEASE) == recovery.Recovered(0, 0)


def test_recovered_rows_of_a_cancelled_issue_and_of_those_who_left_come_to_their_end(
    due: Office, now: datetime
) -> None:
    claim(due, now, process=OTHER)
    unsubscribe(due, now)
    cancel_issue(due, now)

    recover(due, now)

    assert due.states() == ["withdrawn", "cancelled", "cancelled"]


def test_rows_given_back_are_queued_even_when_their_mark_was_just_committed(due: Office, now: datetime) -> None:
    rows = claim(due, now)
    mark(due, rows[:1], now)

    with due.engine.begin() as connection:
        outbox.let_go(connection, rows, now=now)

    assert due.states() == ["queued"] * 3
    assert all(delivery.claim_id is None and delivery.attempts == 0 for delivery in due.deliveries())


def test_deferred_rows_are_queued_when_their_time_has_come(due: Office, now: datetime) -> None:
    row = claim(due, now, limit=1)[0]
    with due.engine.begin() as connection:
        outbox.settle(connection, [Settlement(row, "deferred", next_at=now + timedelta(minutes=5))], now=now)
        assert outbox.requeue_due(connection, now=now + timedelta(minutes=4)) == 0
        assert outbox.requeue_due(connection, now=now + timedelta(minutes=5)) == 1

    assert due.states() == ["queued"] * 3
    assert claim(due, now, limit=1)[0].attempts == 1


def test_a_paused_issue_does_not_wait(due: Office, now: datetime) -> None:
    with due.engine.begin() as connection:
        assert outbox.issues_waiting(connection) == [due.issue_id]
    pause_issue(due, now)
    with due.engine.begin() as connection:
        assert outbox.issues_waiting(connection) == []


def test_letters_need_no_subscription_but_are_withdrawn_after_erasure(due: Office, now: datetime) -> None:
    with database.writing(due.engine) as session:
        offices.add_letter(session, now)
        bound = offices.add_letter(session, now, subscription_id=due.subscriptions[1])
        offices.add_letter(session, now, subscription_id=due.subscriptions[2])
        letters = [bound.id]
    change(due, update(Subscription).where(Subscription.id == due.subscriptions[1]).values(state="pending"))
    rows = claim(due, now, kind=LETTERS)
    assert len(rows) == 3
    change(due, update(Subscription).where(Subscription.id == due.subscriptions[2]).values(state="erased"))

    going = mark(due, rows, now)

    assert {row.id for row in going} == {rows[0].id, *letters}
    assert [letter.state for letter in due.letters()] == ["on_wire", "on_wire", "withdrawn"]


def test_the_two_outboxes_do_not_mix(due: Office, now: datetime) -> None:
    with database.writing(due.engine) as session:
        offices.add_letter(session, now)
    rows = [*claim(due, now, kind=LETTERS), *claim(due, now, limit=1)]
    assert rows[0].id == rows[1].id

    mark(due, rows, now)
    settle(due, rows[0], "sent", now)

    assert due.letters()[0].state == "sent"
    assert due.states()[0] == "on_wire"


def test_times_are_stored_as_the_models_read_them(due: Office) -> None:
    moment = datetime(2026, 11, 24, 2, 0, 0, 123456, tzinfo=UTC)
    row = claim(due, moment, limit=1)[0]
    mark(due, [row], moment)

    assert due.deliveries()[0].marked_at == moment
    with database.reading(due.engine) as session:
        found = session.query(Claim).where(Claim.lease_until == moment + LEASE).one()
    assert (found.claimed_at, found.closed_at) == (moment, None)


def test_no_statement_of_the_outbox_walks_the_whole_table(engine: Engine, settings: Settings, now: datetime) -> None:
    office = offices.make(engine, settings, now, readers=3)
    statements: list[str] = []  # with their values in them

    @event.listens_for(engine, "checkout")
    def _(connection: Any, *_: object) -> None:
        connection.set_trace_callback(statements.append)

    rows = claim(office, now)
    mark(office, rows, now)
    with engine.begin() as connection:
        outbox.settle(connection, [Settlement(rows[0], "deferred", next_at=now)], now=now)
        outbox.let_go(connection, rows, now=now)
        outbox.requeue_due(connection, now=now)
        outbox.issues_waiting(connection)
    recover(office, now, process=OTHER)
    with database.writing(engine) as session:
        closing.close_if_done(session, settings, session.get_one(Issue, office.issue_id), now=now)
    event.remove(engine, "checkout", _)

    ours = [statement for statement in statements if "delivery" in statement and not statement.startswith("--")]
    assert len(ours) >= 10
    with engine.connect() as connection:
        for statement in ours:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
            walks = [step for step in plan if step in {"SCAN r", "SCAN delivery"}]
            assert not walks, (statement, plan)
            assert not any("sqlite_autoindex_delivery" in step for step in plan), (statement, plan)


def test_the_hot_columns_are_those_of_both_tables() -> None:
    shared = {"state", "claim_id", "attempts", "next_at", "marked_at", "settled_at", "code", "reply", "reason"}

    assert shared <= set(Delivery.__table__.columns.keys())
    assert shared <= set(Letter.__table__.columns.keys())
