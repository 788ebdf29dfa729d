"""A mail server that drops, stalls, refuses, babbles and lies: each ends in the right state, for that reader alone."""

import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from newsletter import database
from newsletter.config import Settings
from newsletter.delivery import commands, whys
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.conftest import Send
from tests.newsletter.delivery.office import Office
from tests.newsletter.delivery.relays import DROP, LATE, RESET, STALL, Server, at, both, serving

ONE = "r1@example.org"
PIPELINED = ("PIPELINING", "8BITMIME")
PLAIN = ("8BITMIME",)
STREAMED = ("PIPELINING", "8BITMIME", "CHUNKING")
both_ways = pytest.mark.parametrize("features", [PIPELINED, PLAIN], ids=["pipelined", "four steps"])


def _once_each(server: Server) -> bool:
    return len(set(server.addressees())) == len(server.addressees())


@both_ways
def test_everybody_gets_one_message(office: Office, send: Send, features: tuple[str, ...]) -> None:
    with serving(features=features) as server:
        send(server.port)

    assert office.states() == ["sent"] * 3
    assert sorted(server.addressees()) == ["r0@example.org", ONE, "r2@example.org"]
    first = office.deliveries()[0]
    assert (first.code, first.reply, first.attempts) == (250, "2.0.0 queued", 1)
    assert first.marked_at is not None
    assert server.commands[-1] == "QUIT"


def test_a_body_and_the_next_envelope_leave_in_one_write(office: Office, send: Send) -> None:
    with serving(features=PIPELINED) as server:
        send(server.port, connections=1)

    verbs = [command.split(":")[0] for command in server.commands]
    assert verbs == ["EHLO localhost", *["MAIL FROM", "RCPT TO", "DATA"] * 3, "QUIT"]
    assert office.states() == ["sent"] * 3


@both_ways
def test_answers_in_pieces_are_put_together(office: Office, send: Send, features: tuple[str, ...]) -> None:
    long = b"250-2.1.5 first\r\n250-2.1.5 second\r\n250 2.1.5 third"
    with serving(at("RCPT", long), features=features, in_pieces=True) as server:
        send(server.port)

    assert office.states() == ["sent"] * 3
    assert len(server.taken) == 3


@both_ways
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", [DROP, RESET, STALL])
def test_a_connection_lost_in_an_envelope_costs_nobody_a_message(
    office: Office, send: Send, features: tuple[str, ...], step: str, answer: object
) -> None:
    with serving(at(step, answer, times=1), features=features) as server:
        send(server.port)

    assert office.states() == ["sent"] * 3
    assert _once_each(server)


@both_ways
def test_one_reader_whose_envelope_breaks_every_connection_is_put_off_and_the_others_served(
    office: Office, send: Send, features: tuple[str, ...]
) -> None:
    with serving(at("RCPT", DROP, to=ONE), features=features) as server:
        send(server.port)

    assert office.states() == ["sent", "deferred", "sent"]
    assert office.deliveries()[1].next_at is not None


@both_ways
def test_a_temporary_refusal_is_put_off_and_tried_again_later(
    office: Office, send: Send, features: tuple[str, ...]
) -> None:
    with serving(at("RCPT", b"451 4.7.1 greylisted", to=ONE), features=features) as server:
        send(server.port)

    assert office.states() == ["sent", "deferred", "sent"]
    delivery = office.deliveries()[1]
    assert (delivery.code, delivery.attempts) == (451, 1)
    assert delivery.next_at is not None
    assert delivery.settled_at is not None
    assert 290 < (delivery.next_at - delivery.settled_at).total_seconds() < 310


@both_ways
def test_a_refused_address_is_never_tried_again(office: Office, send: Send, features: tuple[str, ...]) -> None:
    with serving(at("RCPT", b"550 5.1.1 user unknown", to=ONE), features=features) as server:
        send(server.port)
        send(server.port)

    assert office.states() == ["sent", "refused", "sent"]
    assert office.deliveries()[1].reason == "unknown_user"
    assert sum("RCPT" in command and ONE in command for command in server.commands) == 1


@pytest.mark.usefixtures("office")
def test_a_lone_dot_follows_only_where_no_recipient_was_accepted(send: Send) -> None:
    with serving(at("RCPT", b"550 5.1.1 user unknown", to=ONE), features=PIPELINED) as server:
        send(server.port, connections=1)

    assert b".\r\n" not in server.contents
    assert server.contents.count(b"") == 1  # the server said 354 all the same, and got nothing
    assert sorted(server.addressees()) == ["r0@example.org", "r2@example.org"]


def test_data_refused_after_a_refused_recipient_is_one_refusal(office: Office, send: Send) -> None:
    with serving(at("RCPT", b"550 5.1.1 user unknown", to=ONE), features=PIPELINED, strict=True) as server:
        send(server.port, connections=1)

    assert office.states() == ["sent", "refused", "sent"]
    assert "RSET" in server.commands


@both_ways
def test_a_body_refused_for_now_is_put_off(office: Office, send: Send, features: tuple[str, ...]) -> None:
    with serving(at("BODY", b"452 4.3.1 disk full", to=ONE), features=features) as server:
        send(server.port)

    assert office.states() == ["sent", "deferred", "sent"]


@both_ways
def test_a_body_refused_for_good_is_refused(office: Office, send: Send, features: tuple[str, ...]) -> None:
    with serving(at("BODY", b"554 5.6.0 no", to=ONE), features=features) as server:
        send(server.port)

    assert office.states() == ["sent", "refused", "sent"]
    assert office.deliveries()[1].reason == "content"


@both_ways
@pytest.mark.parametrize("answer", [DROP, RESET, STALL, LATE, b"nonsense", b"354 more", b"199 hm"])
def test_a_body_without_an_answer_is_uncertain_and_not_sent_again(
    office: Office, send: Send, features: tuple[str, ...], answer: object
) -> None:
    with serving(at("BODY", answer, to=ONE), features=features) as server:
        send(server.port)
        send(server.port)

    assert office.states() == ["sent", "uncertain", "sent"]
    assert office.deliveries()[1].reason == "no_answer"
    assert sum(b"r1@example.org" in data for data in server.contents) == 1
    assert _once_each(server)


def test_a_connection_lost_before_the_whole_body_has_left_is_put_off(office: Office, send: Send) -> None:
    with database.writing(office.engine) as session:
        offices.add_letter(session, datetime.now(UTC), text="長" * 3_000_000)

    with serving(at("CONTENT", STALL, times=1), features=("PIPELINING",)) as server:
        send(server.port, connections=1)

    letter = office.letters()[0]
    assert (letter.state, letter.reason) == ("deferred", "connection")
    assert office.states() == ["sent"] * 3


def test_three_unanswered_bodies_in_a_row_stop_the_server_and_pause_the_issue(
    settings: Settings, engine: Engine, send: Send
) -> None:
    office = offices.make(engine, settings, datetime.now(UTC), readers=20)
    with serving(at("BODY", DROP), features=PIPELINED) as server:
        send(server.port, seconds=6)

    uncertain = office.states().count("uncertain")
    assert 3 <= uncertain <= 2 + 2
    assert office.states().count("queued") == 20 - uncertain
    reason = office.issue().paused_reason
    assert reason is not None
    assert "three times in a row" in whys.told(reason, "en")


def test_streaming_leaves_no_more_uncertain_than_connections_times_depth(
    settings: Settings, engine: Engine, send: Send
) -> None:
    office = offices.make(engine, settings, datetime.now(UTC), readers=30)
    with serving(at("BODY", DROP), features=STREAMED) as server:
        send(server.port, seconds=6, chunking="streaming", streaming_depth=4)

    uncertain = office.states().count("uncertain")
    assert 3 <= uncertain <= 2 * 4 + 2  # one event on two connections, then one message at a time, twice
    # A message is put off where its connection broke before the whole had left, or twice before it began.
    assert office.states().count("queued") + office.states().count("deferred") == 30 - uncertain
    assert "three times in a row" in whys.told(office.issue().paused_reason or "", "en")


def test_streaming_serves_everybody_once_around_those_refused(settings: Settings, engine: Engine, send: Send) -> None:
    office = offices.make(engine, settings, datetime.now(UTC), readers=12)
    refusals = both(
        at("RCPT", b"550 5.1.1 user unknown", to="<r3@"),
        at("RCPT", b"450 4.2.0 greylisted", to="<r5@"),
        at("BODY", b"554 5.6.0 no", to="r7@"),
    )
    with serving(refusals, features=STREAMED, strict=True) as server:
        send(server.port, chunking="streaming", connections=1)

    odd = {3: "refused", 5: "deferred", 7: "refused"}
    assert office.states() == [odd.get(number, "sent") for number in range(12)]
    assert len(server.taken) == 9
    assert _once_each(server)


@pytest.mark.parametrize("strict", [True, False])
@both_ways
def test_a_refused_sender_is_our_fault_and_costs_nobody_anything(
    office: Office, send: Send, features: tuple[str, ...], *, strict: bool
) -> None:
    with serving(at("MAIL", b"550 5.7.1 sender rejected"), features=features, strict=strict) as server:
        send(server.port, seconds=3)

    assert office.states() == ["queued"] * 3
    reason = office.issue().paused_reason
    assert reason is not None
    assert "sender rejected" in reason
    assert office.subscription(0).state == "active"


def test_a_busy_server_is_left_alone_and_costs_nobody_anything(office: Office, send: Send) -> None:
    with serving(at("MAIL", b"451 4.3.2 busy", times=2)) as server:
        send(server.port)

    assert set(office.states()) <= {"sent", "deferred"}
    assert office.states().count("sent") >= 2


@both_ways
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_421_closes_the_connection_and_costs_nobody_a_message(
    office: Office, send: Send, features: tuple[str, ...], step: str
) -> None:
    with serving(at(step, b"421 4.3.2 closing", times=1), features=features) as server:
        send(server.port)

    assert office.states() == ["sent"] * 3
    assert _once_each(server)


def test_421_as_the_answer_to_a_body_puts_it_off(office: Office, send: Send) -> None:
    with serving(at("BODY", b"421 4.3.2 closing", to=ONE)) as server:
        send(server.port)

    assert office.states() == ["sent", "deferred", "sent"]


@pytest.mark.parametrize("answer", [b"250 already done", b"200 fine"])
def test_data_answered_with_neither_354_nor_a_refusal_sends_no_body(office: Office, send: Send, answer: bytes) -> None:
    with serving(at("DATA", answer, times=1)) as server:
        send(server.port)

    assert office.states() == ["sent"] * 3
    assert _once_each(server)


def test_an_answer_to_nothing_ends_the_connection(office: Office, send: Send) -> None:
    with serving(at("MAIL", b"250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go\r\n250 taken\r\n250 more", times=1)) as server:
        send(server.port)

    assert _once_each(server)
    # What the server "took" before it was sent was not believed; the messages behind it are not lost.
    assert office.states().count("sent") + office.states().count("uncertain") == 3


def test_a_server_without_ehlo_is_spoken_to_in_the_old_way(office: Office, send: Send) -> None:
    with serving(lambda step, verb, _n: b"502 5.5.1 what?" if (step, verb) == ("EHLO", "EHLO") else None) as server:
        send(server.port)

    assert office.states() == ["sent"] * 3


def test_a_dead_server_consumes_nothing_and_sending_resumes_by_itself(office: Office, send: Send) -> None:
    with Server() as server:
        port = server.port
    send(port, seconds=4)
    assert office.states() == ["queued"] * 3
    assert all(delivery.attempts == 0 for delivery in office.deliveries())

    with serving(port=port):
        send(port)

    assert office.states() == ["sent"] * 3


def test_a_message_larger_than_the_server_takes_is_our_fault(office: Office, send: Send) -> None:
    with serving(features=("PIPELINING", "SIZE 100")) as server:
        send(server.port, seconds=3)

    assert office.states() == ["queued"] * 3
    reason = office.issue().paused_reason
    assert reason is not None
    assert "100 at most" in whys.told(reason, "en")


@pytest.mark.usefixtures("office")
def test_size_is_told_where_it_is_announced(send: Send) -> None:
    with serving(features=("PIPELINING", "SIZE 1000000")) as server:
        send(server.port)

    sizes = [int(command.rsplit("SIZE=", 1)[1]) for command in server.commands if command.startswith("MAIL")]
    assert sorted(sizes) == sorted(len(received.data) for received in server.taken)


def test_a_connection_serves_no_more_messages_than_it_should(office: Office, send: Send) -> None:
    with serving() as server:
        send(server.port, connections=1, messages_per_connection=2)

    assert office.states() == ["sent"] * 3
    assert server.connections == 2


@pytest.mark.usefixtures("office")
def test_no_more_connections_are_opened_than_there_are_messages(send: Send) -> None:
    with serving() as server:
        send(server.port, connections=50)

    assert server.greatest <= 3


@pytest.mark.usefixtures("office")
def test_envelopes_name_the_subscription_and_one_recipient(send: Send) -> None:
    with serving() as server:
        send(server.port)

    senders = {received.sender for received in server.taken}
    assert len(senders) == 3
    assert all(sender.startswith("bounce+") for sender in senders)
    assert all(len(received.recipients) == 1 for received in server.taken)


def test_dots_at_line_starts_are_doubled_and_bare_line_ends_mended() -> None:
    smuggled = b".first\r\nx\n.\ny\r.\r\n..\r\nlast"

    ready = commands.stuffed(smuggled)

    assert ready == b"..first\r\nx\r\n..\r\ny\r\n..\r\n...\r\nlast\r\n"
    assert b"\r\n.\r\n" not in ready


def test_the_pace_is_kept(settings: Settings, engine: Engine, send: Send) -> None:
    office = offices.make(engine, settings, datetime.now(UTC), readers=10)
    with serving() as server:
        begun = time.monotonic()
        send(server.port, messages_per_second=10)
        took = time.monotonic() - begun

    assert office.states() == ["sent"] * 10
    assert 0.7 < took < 3
    assert len(server.taken) == 10
