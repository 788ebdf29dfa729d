"""The sender as a whole: letters first, control within a second, one process, nothing forgotten."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from newsletter import database
from newsletter.config import Settings
from newsletter.delivery import lock, sender, whys
from newsletter.delivery.parcels import Parcels
from newsletter.errors import InUseError
from newsletter.keys import Keys
from newsletter.models import Claim, Delivery, Editor, Issue
from subscribers import lifecycle, suppression, tokens
from subscribers.consent import Evidence
from subscribers.models import Subscriber, Subscription
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.conftest import Send, pointed
from tests.newsletter.delivery.office import Office
from tests.newsletter.delivery.relays import DROP, STALL, Server, at, serving

PATIENCE_SECONDS = 60


@contextmanager
def sending(settings: Settings, keys: Keys, port: int, **options: Any) -> Iterator[threading.Event]:
    """Run a sender in a thread until the block ends or the event given is set."""
    stopping = threading.Event()
    pointing = pointed(settings, port, **options)
    thread = threading.Thread(target=sender.run, args=(pointing, keys), kwargs={"stop": stopping.is_set})
    thread.start()
    try:
        yield stopping
    finally:
        stopping.set()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


def wait_for(what: Callable[[], bool]) -> None:
    patience = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < patience, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture
def large(engine: Engine, settings: Settings) -> Office:
    """Return an office whose issue goes to 400 readers."""
    return offices.make(engine, settings, datetime.now(UTC), readers=400)


def test_letters_go_before_the_issue(office: Office, send: Send) -> None:
    with database.writing(office.engine) as session:
        offices.add_letter(session, datetime.now(UTC))
    with serving() as server:
        send(server.port, connections=1)

    assert server.addressees()[0] == "guest@example.org"
    assert len(server.taken) == 4


def test_a_letter_written_in_the_middle_of_a_long_issue_goes_before_the_rest_of_it(
    large: Office, settings: Settings, keys: Keys
) -> None:
    with serving() as server, sending(settings, keys, server.port, messages_per_second=50, connections=2):
        wait_for(lambda: len(server.taken) > 10)
        with database.writing(large.engine) as session:
            offices.add_letter(session, datetime.now(UTC))
        before = len(server.taken)
        wait_for(lambda: "guest@example.org" in server.addressees())

    assert server.addressees().index("guest@example.org") - before <= 50  # a second of this issue


@pytest.mark.parametrize("change", [{"paused_at": datetime(2026, 11, 24, tzinfo=UTC)}, {"state": "cancelled"}])
def test_pause_and_cancel_take_effect_within_a_second(
    large: Office, settings: Settings, keys: Keys, change: dict[str, Any]
) -> None:
    with serving() as server, sending(settings, keys, server.port, messages_per_second=100):
        wait_for(lambda: len(server.taken) > 10)
        with database.writing(large.engine) as session:
            session.execute(update(Issue).values(change))
        time.sleep(1)
        taken = len(server.taken)
        time.sleep(0.5)
        assert len(server.taken) == taken

    rest = "queued" if "paused_at" in change else "cancelled"
    states = large.states()
    assert states.count("sent") == taken
    assert set(states) <= {"sent", "queued", rest}
    assert "on_wire" not in states
    assert "claimed" not in states


def test_a_resumed_issue_goes_to_everybody_once(large: Office, settings: Settings, keys: Keys) -> None:
    with serving() as server, sending(settings, keys, server.port, messages_per_second=200):
        wait_for(lambda: len(server.taken) > 10)
        with database.writing(large.engine) as session:
            session.execute(update(Issue).values(paused_at=datetime.now(UTC)))
        time.sleep(0.5)
        with database.writing(large.engine) as session:
            session.execute(update(Issue).values(paused_at=None))
        wait_for(lambda: len(server.taken) == 400)

    assert len(set(server.addressees())) == 400


def test_whoever_leaves_while_the_issue_is_going_out_gets_no_mail(
    large: Office, settings: Settings, keys: Keys
) -> None:
    with serving() as server, sending(settings, keys, server.port, messages_per_second=100):
        wait_for(lambda: len(server.taken) > 5)
        with database.writing(large.engine) as session:
            last = lifecycle.get(session, large.subscriptions[-1])
            assert last is not None
            assert lifecycle.leave(
                session,
                last,
                suppression_key=keys.suppression,
                evidence=Evidence(method="one-click"),
                now=datetime.now(UTC),
            )
        wait_for(lambda: len(server.taken) == 399)

    assert large.states()[-1] == "withdrawn"
    assert "r399@example.org" not in server.addressees()


def test_an_unknown_user_is_held_and_suppressed(office: Office, send: Send) -> None:
    with serving(at("RCPT", b"550 5.1.1 user unknown", to="r1@example.org")) as server:
        send(server.port)

    assert [office.subscription(number).state for number in range(3)] == ["active", "held", "active"]


@pytest.mark.parametrize("answer", [b"550 5.7.1 policy", b"554 5.7.1 blocked as spam", b"550 : User unknown"])
def test_a_refusal_that_is_not_about_the_address_holds_nobody(office: Office, send: Send, answer: bytes) -> None:
    with serving(at("RCPT", answer)) as server:
        send(server.port)

    assert office.states() == ["refused"] * 3
    assert [office.subscription(number).state for number in range(3)] == ["active"] * 3


def test_many_refusals_because_of_us_pause_the_issue(large: Office, send: Send) -> None:
    with serving(at("BODY", b"554 5.7.1 blocked as spam")) as server:
        send(server.port)

    states = large.states()
    assert 5 <= states.count("refused") <= 10
    assert states.count("queued") == 400 - states.count("refused")
    assert "because of us" in whys.told(large.issue().paused_reason, "en")


def test_an_issue_that_pauses_by_itself_is_told_to_the_editors(large: Office, send: Send, now: datetime) -> None:
    with database.writing(large.engine) as session:
        for language in ("en", "ja"):
            session.add(
                Editor(email=f"{language}@example.org", name="Ed", role="editor", language=language, created_at=now)
            )
    with serving(at("BODY", b"554 5.7.1 blocked as spam", to="r")) as server:
        send(server.port)

    english, japanese = large.letters()
    assert (english.kind, english.subject) == ("alarm", "Issue 1 has paused by itself")
    assert "because of us" in english.text
    assert "再開" in japanese.text


def test_after_a_stop_the_server_is_tried_at_once_when_a_person_resumes(
    large: Office, settings: Settings, keys: Keys
) -> None:
    mended = threading.Event()
    with (
        serving(lambda step, *_: DROP if step == "BODY" and not mended.is_set() else None) as server,
        sending(settings, keys, server.port),
    ):
        wait_for(lambda: large.issue().paused_at is not None)
        uncertain = large.states().count("uncertain")
        mended.set()
        with database.writing(large.engine) as session:
            session.execute(update(Issue).values(paused_at=None))
        wait_for(lambda: "queued" not in large.states() and "claimed" not in large.states())

    assert 3 <= uncertain <= 4
    assert large.states().count("sent") == 400 - uncertain
    assert len(set(server.addressees())) == len(server.taken)


def test_a_dead_address_that_an_earlier_sender_had_no_time_to_hold_is_held(
    office: Office, send: Send, keys: Keys
) -> None:
    with database.writing(office.engine) as session:
        delivery = session.scalars(select(Delivery)).first()
        assert delivery is not None
        delivery.state, delivery.reason = "refused", "unknown_user"
        delivery.settled_at = datetime.now(UTC) + timedelta(seconds=1)
    with serving() as server:
        send(server.port)

    assert office.subscription(0).state == "held"
    with database.reading(office.engine) as session:
        key = session.get_one(Subscriber, 1).email_key
        assert key is not None
        hashed = tokens.address_hash(keys.suppression, key)
        assert suppression.reason(session, office.publication_id, hashed) == "bounced"


def test_retries_end_in_given_up(office: Office, send: Send) -> None:
    with serving(at("RCPT", b"451 4.2.0 later", to="r1@example.org")) as server:
        for _ in range(3):
            send(server.port, delivery={"retry_minutes": (0.001, 0.001)})
            time.sleep(0.1)

    assert office.states() == ["sent", "given_up", "sent"]
    assert office.deliveries()[1].attempts == 3


def test_an_address_that_could_speak_smtp_is_refused_and_the_others_are_served(office: Office, send: Send) -> None:
    with database.writing(office.engine) as session:
        session.execute(
            update(Subscriber).where(Subscriber.id == 2).values(email="x@example.org>\r\nRCPT TO:<v@example.org")
        )
    with serving() as server:
        send(server.port)

    assert office.states() == ["sent", "refused", "sent"]
    assert office.deliveries()[1].reason == "bad_address"
    assert not any("v@example.org" in command for command in server.commands)


def test_a_second_sender_says_so_in_one_sentence(office: Office, settings: Settings, keys: Keys) -> None:
    with (
        lock.hold(settings.data_folder),
        pytest.raises(InUseError, match="already sends from"),
    ):
        sender.run(settings, keys, stop=lambda: False, drain=True)

    assert office.states() == ["queued"] * 3


def test_the_lock_goes_with_its_holder(settings: Settings) -> None:
    for _ in range(2):
        with lock.hold(settings.data_folder):
            assert (settings.data_folder / lock.FILE).read_text(encoding="ascii").isdigit()


def test_stopping_returns_what_was_only_claimed_and_settles_what_was_on_the_wire(
    large: Office, settings: Settings, keys: Keys
) -> None:
    with serving() as server, sending(settings, keys, server.port, messages_per_second=100) as stopping:
        wait_for(lambda: len(server.taken) > 10)
        stopping.set()

    states = large.states()
    assert states.count("sent") == len(server.taken)
    assert states.count("queued") == 400 - len(server.taken)
    with database.reading(large.engine) as session:
        assert all(claim.closed_at is not None for claim in session.scalars(select(Claim)))


def test_stopping_does_not_wait_for_ever_for_a_server_that_is_silent(
    office: Office, settings: Settings, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "GRACE_SECONDS", 0.3)
    with serving(at("BODY", STALL)) as server:
        with sending(settings, keys, server.port, timeout_seconds=60, connections=1):
            wait_for(lambda: "on_wire" in office.states())
            begun = time.monotonic()
        assert time.monotonic() - begun < 5

    assert sorted(office.states()) == ["queued", "queued", "uncertain"]


def test_a_long_writer_elsewhere_delays_marks_and_loses_nothing(large: Office, settings: Settings, keys: Keys) -> None:
    with serving() as server, sending(settings, keys, server.port):
        for _ in range(5):
            with database.writing(large.engine) as session:
                session.execute(update(Subscription).values(source="busy"))
                time.sleep(0.2)
        wait_for(lambda: len(server.taken) == 400)

    assert large.states() == ["sent"] * 400
    assert len(set(server.addressees())) == 400


def test_two_issues_are_both_sent(office: Office, send: Send) -> None:
    with database.writing(office.engine) as session:
        other = offices.add_issue(session, office.publication_id, datetime.now(UTC), number=2)
        edition = offices.add_edition(session, other.id, "en", [1])
        for subscription_id in office.subscriptions:
            subscription = session.get_one(Subscription, subscription_id)
            session.add(
                Delivery(
                    issue_id=other.id,
                    edition_id=edition.id,
                    subscription_id=subscription_id,
                    subscriber_id=subscription.subscriber_id,
                    state="queued",
                )
            )
    with serving() as server:
        send(server.port)

    assert len(server.taken) == 6


def test_postgresql_is_sent_from_in_the_same_way(postgres_engine: Engine, settings: Settings, keys: Keys) -> None:
    office = offices.make(postgres_engine, settings, datetime.now(UTC), readers=50)
    url = postgres_engine.url.render_as_string(hide_password=False)
    there = settings.model_copy(update={"database_url": url})
    with database.writing(postgres_engine) as session:
        offices.add_letter(session, datetime.now(UTC))
    with serving(at("RCPT", b"550 5.1.1 user unknown", to="r7@example.org")) as server:
        end = time.monotonic() + 10
        sender.run(pointed(there, server.port), keys, stop=lambda: time.monotonic() > end, drain=True)

    assert office.states().count("sent") == 49
    assert office.states()[7] == "refused"
    assert office.subscription(7).state == "held"
    assert office.letters()[0].state == "sent"
    assert len(server.taken) == 50


def test_nothing_to_send_opens_no_connection(engine: Engine, settings: Settings, send: Send, server: Server) -> None:
    offices.make(engine, settings, datetime.now(UTC), readers=0)

    send(server.port)

    assert server.connections == 0


@pytest.mark.usefixtures("office")
def test_a_mistake_of_ours_ends_the_sender_instead_of_leaving_rows_hanging(
    send: Send, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("made for this test")

    monkeypatch.setattr(Parcels, "make", fail)

    with pytest.raises(KeyError, match="made for this test"):
        send(server.port, seconds=5)
