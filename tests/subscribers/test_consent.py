"""The ledger proves what happened, notices every change, and can forget."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.orm import Session

from newsletter import database
from subscribers import consent
from subscribers.consent import Broken, Evidence
from subscribers.models import ConsentLine, ConsentPayload

pytestmark = pytest.mark.usefixtures("publication")


def write(session: Session, count: int, now: datetime, subject: str = "a" * 32) -> None:
    for number in range(count):
        consent.append(
            session,
            publication_id=None,
            subject=subject,
            event="requested",
            evidence=Evidence(method="form"),
            detail={"number": number},
            now=now,
        )


def test_lines_are_sealed_in_batches_onto_the_head(any_engine: Engine, now: datetime) -> None:
    with database.writing(any_engine) as session:
        assert consent.head(session) is None
        write(session, 5, now)

        counts = [consent.seal(session, limit=2) for _ in range(4)]

        head = consent.head(session)
        assert counts == [2, 2, 1, 0]
        assert head is not None
        assert head.sequence == 5
        assert consent.verify(session, head) is None


def test_a_story_is_told_in_order_with_what_was_shown(any_engine: Engine, now: datetime) -> None:
    evidence = Evidence(method="form", ip="192.0.2.1", agent="Mozilla", wording="web-1", language="ja")
    with database.writing(any_engine) as session:
        consent.append(
            session,
            publication_id=1,
            subject="b" * 32,
            event="requested",
            evidence=evidence,
            detail={"address": "taro@example.org"},
            now=now,
        )
        write(session, 1, now)

        (entry,) = consent.story(session, "b" * 32)

    assert (entry.at, entry.event, entry.publication_id, entry.sequence) == (now, "requested", 1, None)
    assert entry.payload == {
        "address": "taro@example.org",
        "evidence": {"method": "form", "ip": "192.0.2.1", "agent": "Mozilla", "wording": "web-1", "language": "ja"},
    }


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"subject": "f" * 32}, "hash"),
        ({"event": "confirmed"}, "hash"),
        ({"at": datetime(2020, 1, 1, tzinfo=UTC)}, "hash"),
        ({"publication_id": 1}, "hash"),
        ({"commitment": bytes(32)}, "hash"),
        ({"hash": bytes(32)}, "hash"),
        ({"previous": bytes(31) + b"x"}, "previous"),
        ({"sequence": 99}, "gap"),
    ],
)
def test_a_changed_line_is_found(any_engine: Engine, now: datetime, values: dict[str, object], reason: str) -> None:
    with database.writing(any_engine) as session:
        write(session, 5, now)
        consent.seal(session)
        session.execute(update(ConsentLine).where(ConsentLine.sequence == 3).values(**values))

        broken = consent.verify(session)

    assert broken is not None
    assert (broken.sequence, broken.reason) == (3, reason)


def test_a_line_taken_out_is_found(any_engine: Engine, now: datetime) -> None:
    with database.writing(any_engine) as session:
        write(session, 5, now)
        consent.seal(session)
        third = session.scalars(select(ConsentLine.id).where(ConsentLine.sequence == 3)).one()
        session.execute(delete(ConsentPayload).where(ConsentPayload.line_id == third))
        session.execute(delete(ConsentLine).where(ConsentLine.id == third))

        broken = consent.verify(session)

    assert broken is not None
    assert (broken.sequence, broken.reason) == (3, "gap")


def test_lines_cut_off_the_end_are_found_with_an_earlier_head(any_engine: Engine, now: datetime) -> None:
    with database.writing(any_engine) as session:
        write(session, 5, now)
        consent.seal(session)
        known = consent.head(session)
        last = session.scalars(select(ConsentLine.id).where(ConsentLine.sequence == 5)).one()
        session.execute(delete(ConsentPayload).where(ConsentPayload.line_id == last))
        session.execute(delete(ConsentLine).where(ConsentLine.id == last))

        assert consent.verify(session) is None
        assert consent.verify(session, known) == Broken(None, 5, "head")


@pytest.mark.parametrize("sealed", [True, False])
def test_a_changed_payload_is_found_sealed_or_not(any_engine: Engine, now: datetime, *, sealed: bool) -> None:
    with database.writing(any_engine) as session:
        write(session, 2, now)
        if sealed:
            consent.seal(session)
        session.execute(update(ConsentPayload).values(payload='{"evidence": {"method": "paper"}}'))

        broken = consent.verify(session)

    assert broken is not None
    assert broken.reason == "payload"


def test_a_payload_may_be_missing_only_where_its_subject_was_erased(any_engine: Engine, now: datetime) -> None:
    with database.writing(any_engine) as session:
        write(session, 2, now, subject="a" * 32)
        write(session, 2, now, subject="b" * 32)
        consent.seal(session)

        consent.forget(session, ["a" * 32])
        before = consent.verify(session)
        consent.append(
            session, publication_id=None, subject="a" * 32, event="erased", evidence=Evidence(), detail={}, now=now
        )
        after = consent.verify(session)

        assert before is not None
        assert before.reason == "payload missing"
        assert after is None
        assert [entry.payload for entry in consent.story(session, "a" * 32)] == [None, None, {"evidence": {}}]
        assert all(entry.payload for entry in consent.story(session, "b" * 32))


def test_many_lines_at_once_are_the_same_ledger(any_engine: Engine, now: datetime) -> None:
    events = [
        consent.Event(None, f"{number:032d}", "imported", Evidence(method="import"), {"line": number})
        for number in range(2500)
    ]
    with database.writing(any_engine) as session:
        consent.append_all(session, [], now=now)
        consent.append_all(session, events, now=now)
        while consent.seal(session):
            pass

        assert consent.verify(session) is None
        assert [consent.story(session, f"{number:032d}")[0].payload for number in (0, 2499)] == [
            {"evidence": {"method": "import"}, "line": number} for number in (0, 2499)
        ]


def test_what_strangers_write_is_kept_whatever_it_is(any_engine: Engine, now: datetime) -> None:
    nasty = "NUL \x00, lone \udc80, 日本語, ' OR 1=1 --"
    with database.writing(any_engine) as session:
        consent.append(
            session,
            publication_id=None,
            subject="a" * 32,
            event="requested",
            evidence=Evidence(agent=nasty, note="x" * 100_000),
            detail={"address": nasty},
            now=now,
        )
        consent.seal(session)

        (entry,) = consent.story(session, "a" * 32)
        assert consent.verify(session) is None

    assert entry.payload is not None
    assert entry.payload["address"] == nasty
    assert entry.payload["evidence"]["agent"] == nasty
    assert len(entry.payload["evidence"]["note"]) == consent.MAX_EVIDENCE


def test_the_zone_a_time_was_given_in_does_not_matter(any_engine: Engine, now: datetime) -> None:
    singapore = now.astimezone(timezone(timedelta(hours=8)))
    with database.writing(any_engine) as session:
        write(session, 1, singapore)
        consent.seal(session)

    with database.reading(any_engine) as session:
        assert consent.verify(session) is None


def test_two_clocks_seal_one_chain(any_engine: Engine, now: datetime) -> None:
    with database.writing(any_engine) as session:
        write(session, 200, now)
    start, counts, failures = threading.Barrier(4), [], []

    def seal() -> None:
        start.wait()
        try:
            sealed = 1
            while sealed:
                with database.writing(any_engine) as session:
                    sealed = consent.seal(session, limit=7)
                    counts.append(sealed)
        except Exception as error:  # noqa: BLE001 - any failure of a thread is to be seen
            failures.append(error)

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert sum(counts) == 200
    with database.reading(any_engine) as session:
        head = consent.head(session)
        assert head is not None
        assert head.sequence == 200
        assert consent.verify(session) is None


def test_a_line_slipped_in_unsealed_without_a_payload_is_found(any_engine: Engine, now: datetime) -> None:
    with database.writing(any_engine) as session:
        session.execute(insert(ConsentLine).values(subject="c" * 32, event="confirmed", at=now, commitment=bytes(32)))

        broken = consent.verify(session)

    assert broken is not None
    assert broken.reason == "payload missing"
