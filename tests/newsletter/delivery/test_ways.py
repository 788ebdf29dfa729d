"""Each way of sending against a mail server that drops, refuses and lies: every message has one fate, the right one."""

from typing import Any

import pytest

from newsletter.config import RelaySettings, Settings
from newsletter.delivery import ways
from newsletter.delivery.outcomes import Refused
from tests.newsletter.delivery.conftest import pointed
from tests.newsletter.delivery.feeds import READERS, Desk, parcel, send
from tests.newsletter.delivery.relays import DROP, LATE, RESET, STALL, Answer, Rule, Server, at, both, serving

ONE = READERS[1]
OFFERS = ("PIPELINING", "8BITMIME", "SIZE 10000000", "CHUNKING", "DSN", "SMTPUTF8")
WAYS: dict[str, dict[str, Any]] = {
    "four steps": {"pipelining": False},
    "pipelined": {},
    "one chunk": {"pipelining": False, "chunking": "on"},
    "pipelined chunk": {"chunking": "on"},
    "streaming": {"chunking": "streaming"},
}
WITH_DATA = ["four steps", "pipelined"]
WITH_BDAT = ["one chunk", "pipelined chunk"]
every_way = pytest.mark.parametrize("way", WAYS)


def relay(settings: Settings, server: Server, way: str, **options: Any) -> RelaySettings:
    return pointed(settings, server.port, **{"timeout_seconds": 1.5, **WAYS[way], **options}).relay


def fates(
    settings: Settings, way: str, rule: Rule, *, in_pieces: bool = False, **options: Any
) -> tuple[list[str], Server, Desk]:
    with serving(rule, features=OFFERS, in_pieces=in_pieces) as server:
        desk = send(relay(settings, server, way, **options))
    assert len(set(server.addressees())) == len(server.addressees()), "somebody got it twice"
    taken = set(server.addressees())
    assert all(desk.fates.get(reader) in {"accepted", "unclear"} for reader in taken), "somebody would get it twice"
    return [desk.fates.get(reader, "waits") for reader in READERS], server, desk


@every_way
def test_the_settings_and_the_server_choose_the_way(settings: Settings, way: str) -> None:
    wished = settings.relay.model_copy(update=WAYS[way])

    assert ways.named(wished, dict.fromkeys(OFFERS, "")) == way
    assert ways.named(wished, {}) == "four steps"


@every_way
@pytest.mark.parametrize("in_pieces", [False, True])
def test_everybody_gets_one_message(settings: Settings, way: str, *, in_pieces: bool) -> None:
    states, server, desk = fates(settings, way, lambda *_: None, in_pieces=in_pieces)

    assert states == ["accepted"] * 3
    assert [received.data for received in server.taken] == [one.data for one in desk.parcels]


@pytest.mark.parametrize(
    ("step", "answer", "one"),
    [
        ("RCPT", b"550 5.1.1 user unknown", "refused"),
        ("RCPT", b"452 4.5.3 too many recipients", "deferred"),
        ("BODY", b"452 4.3.1 disk full", "deferred"),
        ("BODY", b"550-5.7.1 first\r\n550 5.7.1 last", "refused"),
    ],
)
@every_way
def test_a_refusal_is_one_readers_alone(settings: Settings, way: str, step: str, answer: bytes, one: str) -> None:
    states, _, desk = fates(settings, way, at(step, answer, to=ONE))

    assert states == ["accepted", one, "accepted"]
    assert not desk.unanswered


@pytest.mark.parametrize(
    "answer",
    [RESET, STALL, LATE, b"354 more", b"250-taken\r\n251 taken"],
)
@every_way
def test_a_message_without_a_sound_answer_is_uncertain(settings: Settings, way: str, answer: Answer) -> None:
    states, _, desk = fates(settings, way, at("BODY", answer, to=ONE))

    after = {"streaming": {"unclear"}, "pipelined": {"returned"}, "pipelined chunk": {"returned"}}
    assert states[:2] == ["accepted", "unclear"]
    assert states[2] in after.get(way, {"waits"})
    assert desk.unanswered


@pytest.mark.parametrize("answer", [DROP, b"421 4.3.2 closing"])
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "RSET"])
@every_way
def test_a_connection_lost_in_an_envelope_marks_nobody_as_served(
    settings: Settings, way: str, step: str, answer: Answer
) -> None:
    states, server, _ = fates(settings, way, at(step, answer, times=1))

    if (step == "DATA" and way not in WITH_DATA) or (step == "RSET" and way in WITH_DATA):
        assert states == ["accepted"] * 3
    elif way == "streaming":  # the bodies have left with their envelopes
        assert set(states) <= {"unclear", "deferred"}
    else:
        assert set(states) <= {"accepted", "returned", "waits"}
        assert "returned" in states
        assert len(server.taken) == states.count("accepted")


@pytest.mark.parametrize("code", [b"421 4.3.2 closing", b"421-4.3.2 many\r\n421 4.3.2 lines"])
@every_way
def test_421_in_answer_to_a_message_puts_it_off_and_ends_the_connection(
    settings: Settings, way: str, code: bytes
) -> None:
    states, _, desk = fates(settings, way, at("BODY", code, to=ONE))

    assert states[:2] == ["accepted", "deferred"]
    assert desk.why is not None
    assert "4.3.2" in desk.why


@every_way
def test_a_refused_sender_is_our_fault(settings: Settings, way: str) -> None:
    states, server, desk = fates(settings, way, at("MAIL", b"550 5.7.1 not you"))

    # Where the server would take a recipient without a sender the connection is closed after the first.
    assert states == (["blamed", "waits", "waits"] if way == "pipelined" else ["blamed"] * 3)
    assert "not you" in desk.reasons[READERS[0]]
    assert not server.taken


@pytest.mark.parametrize("way", WAYS)
def test_a_recipient_taken_without_a_sender_never_counts_as_served(settings: Settings, way: str) -> None:
    rule = both(at("MAIL", b"550 5.7.1 not you", times=1), at("RCPT", b"250 2.1.5 all the same"))
    states, server, _ = fates(settings, way, rule)

    assert states[0] == "blamed"
    assert READERS[0] not in server.addressees()


@pytest.mark.parametrize("way", WITH_DATA)
@pytest.mark.parametrize("answer", [b"354 go\r\n354 go on", b"250 done", b"220 what"])
def test_data_answered_strangely_serves_nobody_twice(settings: Settings, way: str, answer: bytes) -> None:
    states, server, _ = fates(settings, way, at("DATA", answer, times=1))

    assert states[0] in {"returned", "unclear"}
    assert READERS[0] not in server.addressees() or states[0] == "unclear"


@pytest.mark.parametrize("answer", [b"552 5.3.4 too much", b"452 4.3.1 disk full", b"250 2.0.0 taken already"])
@pytest.mark.parametrize("way", [*WITH_BDAT, "streaming"])
def test_an_answer_in_the_middle_of_a_long_chunk(settings: Settings, way: str, answer: bytes) -> None:
    long = [parcel(reader, data=(b"x" * 76 + b"\r\n") * 200_000) for reader in READERS]
    with serving(at("CONTENT", answer, to=READERS[0]), features=(*OFFERS, "SIZE 99000000")) as server:
        desk = send(relay(settings, server, way, timeout_seconds=5), long)

    first = desk.fates[READERS[0]]
    assert first == {b"5": "refused", b"4": "deferred", b"2": "unclear"}[answer[:1]]
    assert desk.why is not None
    assert "before it had the whole" in desk.why


@every_way
def test_who_may_not_go_any_more_gets_nothing_and_holds_up_nobody_with_bdat(settings: Settings, way: str) -> None:
    with serving(features=OFFERS) as server:
        desk = send(relay(settings, server, way), barred=frozenset({ONE}))

    assert ONE not in server.addressees()
    assert desk.fates[ONE] == "barred"
    if way in WITH_DATA:  # after 354 only closing gives a message up
        assert desk.why == ""
        assert b".\r\n" not in server.contents
    else:
        assert server.addressees() == [READERS[0], READERS[2]]


def test_streaming_keeps_no_more_messages_on_the_way_than_its_depth(settings: Settings) -> None:
    parcels = [parcel(f"r{number}@example.org") for number in range(12)]
    with serving(at("BODY", STALL, times=1), features=OFFERS) as server:
        desk = send(relay(settings, server, "streaming", streaming_depth=5), parcels)

    assert sorted(desk.fates.values()) == ["unclear"] * 5
    assert desk.unanswered


def test_streaming_is_one_message_at_a_time_where_care_is_needed(settings: Settings) -> None:
    with serving(at("BODY", DROP), features=OFFERS) as server:
        desk = send(relay(settings, server, "streaming"), careful=True)

    assert list(desk.fates.values()).count("unclear") == 1


def test_an_address_that_tries_injection_never_reaches_the_wire(settings: Settings) -> None:
    tricks = [
        "x@example.org>\r\nRCPT TO:<y@example.org",
        "x@example.org>\nDATA",
        "x y@example.org",
        "x@example.org\0",
        "<x@example.org>",
        "x\u2028@example.org",
        "x\x85@example.org",
    ]
    parcels = [parcel(trick) for trick in tricks] + [
        parcel("z0@example.org", sender="b@example.org> SIZE=1\r\nRSET"),
        parcel(ONE),
    ]
    for way in WAYS:
        with serving(features=OFFERS) as server:
            desk = send(relay(settings, server, way), parcels)

        assert server.addressees() == [ONE]
        assert {command.split(" ")[0] for command in server.commands} <= {
            "EHLO",
            "MAIL",
            "RCPT",
            "DATA",
            "RSET",
            "BDAT",
        }
        assert sum(command.startswith("RCPT") for command in server.commands) == 1
        refused = [desk.outcomes[one.recipient] for one in parcels[:-1]]
        assert refused == [Refused(None, "bad_address")] * len(refused)


@pytest.mark.parametrize("offered", [OFFERS, ("PIPELINING", "SMTPUTF8")])
def test_a_name_in_another_script_needs_a_server_that_takes_utf8(settings: Settings, offered: tuple[str, ...]) -> None:
    parcels = [parcel("葛飾@example.org", data=b"To: \xe8\x91\x9b@example.org\r\n\r\nx\r\n"), parcel("x@葛飾.example")]
    with serving(features=offered) as server:
        desk = send(relay(settings, server, "pipelined"), parcels)

    domain = "x@" + "葛飾.example".encode("idna").decode()
    if offered is OFFERS:
        assert server.addressees() == ["葛飾@example.org", domain]
        mails = [command for command in server.commands if command.startswith("MAIL")]
        assert "BODY=8BITMIME SMTPUTF8" in mails[0]
        assert "SMTPUTF8" not in mails[1]
    else:  # without 8BITMIME it cannot be meant (RFC 6531 3.1)
        assert desk.outcomes["葛飾@example.org"] == Refused(None, "needs_utf8")
        assert server.addressees() == [domain]


def test_notices_are_asked_for_where_the_office_and_the_server_wish(settings: Settings) -> None:
    parcels = [parcel("a+b@example.org"), parcel(ONE, sender="")]
    with serving(features=OFFERS) as server:
        send(relay(settings, server, "pipelined", dsn=True), parcels)

    mails = [command for command in server.commands if command.startswith(("MAIL", "RCPT"))]
    assert mails[0].endswith("RET=HDRS ENVID=bounce+2Bt0k3n")
    assert mails[1] == "RCPT TO:<a+b@example.org> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb@example.org"
    assert "RET=" not in mails[2]
    assert mails[3] == f"RCPT TO:<{ONE}>"


def test_dots_are_doubled_for_data_and_left_alone_for_bdat(settings: Settings) -> None:
    data = b".first\r\n.\r\n..\r\nlast\r\n"
    stuffed = b"..first\r\n..\r\n...\r\nlast\r\n"
    for way in WAYS:
        with serving(features=OFFERS) as server:
            send(relay(settings, server, way), [parcel(ONE, data=stuffed)])

        assert server.taken[0].data == data, way
