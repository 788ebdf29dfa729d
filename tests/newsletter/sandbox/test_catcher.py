"""The mail catcher takes everything, keeps it, sends nothing on, and goes when its parent goes."""

import json
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted

from newsletter.sandbox.catcher import Catcher, store
from newsletter.sandbox.catcher.store import Store

ADDRESSES = ("info@example.org", "news@example.org", "bounce@example.org")
MESSAGE = b"From: a@example.org\r\nSubject: Hello\r\n\r\nGood morning\r\n.a line with a dot\r\n"


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[Catcher]:
    """Return a running catcher with free ports."""
    with Catcher(tmp_path / "mail", ADDRESSES) as catcher:
        yield catcher


def _client(catcher: Catcher) -> smtplib.SMTP:
    return smtplib.SMTP(catcher.host, catcher.smtp_port)


def _inbox(catcher: Catcher) -> list[bytes]:
    with MailBoxUnencrypted(catcher.host, catcher.imap_port) as box:
        box.login(catcher.imap_user, catcher.imap_password)
        return [mail.obj.as_bytes() for mail in box.fetch(mark_seen=False)]


def test_a_message_is_kept_with_its_envelope_byte_for_byte(catcher: Catcher) -> None:
    with _client(catcher) as client:
        client.sendmail("bounce+x@example.org", ["Tan@example.test", "sato@example.test"], MESSAGE)

    [caught] = catcher.messages()
    assert caught.raw == MESSAGE
    assert (caught.id, caught.envelope_from) == (1, "bounce+x@example.org")
    assert caught.envelope_to == ("Tan@example.test", "sato@example.test")
    assert catcher.messages("tan@EXAMPLE.test") == [caught]
    assert catcher.messages("nobody@example.test") == []


def test_the_null_sender_is_kept_as_nothing(catcher: Catcher) -> None:
    with _client(catcher) as client:
        client.sendmail("", "tan@example.test", MESSAGE)

    assert catcher.messages()[0].envelope_from == ""


def test_it_announces_what_our_transport_uses(catcher: Catcher) -> None:
    with _client(catcher) as client:
        client.ehlo()

        assert {"pipelining", "8bitmime", "smtputf8"} <= set(client.esmtp_features)


def test_pipelined_envelopes_and_bodies_are_taken_in_order(catcher: Catcher) -> None:
    envelope = b"MAIL FROM:<a@example.org>\r\nRCPT TO:<%d@example.test>\r\nDATA\r\n"
    with socket.create_connection((catcher.host, catcher.smtp_port), timeout=60) as wire:
        answers = wire.makefile("rb")
        wire.sendall(b"EHLO x\r\n")
        while not answers.readline().startswith(b"250 "):
            pass
        wire.sendall(envelope % 0)
        for number in range(1, 4):
            assert [answers.readline()[:3] for _ in range(3)] == [b"250", b"250", b"354"]
            wire.sendall(MESSAGE.replace(b"\r\n.", b"\r\n..") + b".\r\n" + envelope % number)
            assert answers.readline().startswith(b"250")

    assert [caught.envelope_to[0] for caught in catcher.messages()] == [f"{n}@example.test" for n in range(3)]
    assert {caught.raw for caught in catcher.messages()} == {MESSAGE}


def test_what_real_servers_break_is_refused(catcher: Catcher) -> None:
    for body in (b"a\nb\r\n", b"a\rb\r\n", b"x" * 999 + b"\r\n"):
        with _client(catcher) as client:
            client.ehlo()
            client.mail("a@example.org")
            client.rcpt("b@example.test")
            client.putcmd("data")
            client.getreply()
            client.send(b"Subject: x\r\n\r\n" + body + b".\r\n")

            assert client.getreply()[0] == 554

    assert catcher.messages() == []


def test_mail_for_the_office_and_no_other_reaches_its_mailbox(catcher: Catcher) -> None:
    ours = [
        "info@example.org",
        "INFO@Example.org",
        "bounce+token@example.org",
        "subscribe@example.org",
        "confirm+x@example.org",
    ]
    others = ["tan@example.org", "info@example.test", "information@example.org"]
    with _client(catcher) as client:
        for address in (*ours, *others):
            client.sendmail("tan@example.test", [address], MESSAGE)

    letters = _inbox(catcher)
    assert {letter.split(b"\n")[0] for letter in letters} == {b"Return-Path: <tan@example.test>"}
    assert {letter.split(b"\n")[1].decode() for letter in letters} == {f"Delivered-To: {address}" for address in ours}
    assert all(b"Good morning" in letter for letter in letters)


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    with Catcher(tmp_path, ADDRESSES) as first, _client(first) as client:
        client.sendmail("tan@example.test", "info@example.org", MESSAGE)
    with Catcher(tmp_path, ADDRESSES, smtp_port=first.smtp_port, imap_port=first.imap_port) as second:
        with _client(second) as client:
            client.sendmail("tan@example.test", "sato@example.test", MESSAGE)

        assert [caught.id for caught in second.messages()] == [1, 2]
        assert len(_inbox(second)) == 1
        assert second.imap_password == first.imap_password


def test_a_half_written_envelope_is_a_message_that_was_never_taken(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    kept.add("a@example.org", ("b@example.test",), MESSAGE)
    kept.close()
    with (tmp_path / store.INDEX).open("a") as index:
        index.write('{"id": 2, "at": "2026-')

    assert [caught.id for caught in store.read(tmp_path)] == [1]
    again = Store(tmp_path)
    again.add("a@example.org", ("c@example.test",), MESSAGE)
    again.close()

    assert [caught.envelope_to for caught in store.read(tmp_path)] == [("b@example.test",), ("c@example.test",)]


def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_running(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(OSError, match="in use"):
            Catcher(tmp_path / "a", ADDRESSES, smtp_port=port).start()
        with pytest.raises(OSError, match="did not start"):
            Catcher(tmp_path / "b", ADDRESSES, imap_port=port).start()


def test_a_stopping_catcher_hangs_up(tmp_path: Path) -> None:
    catcher = Catcher(tmp_path, ADDRESSES)
    catcher.start()
    client = _client(catcher)
    catcher.stop()

    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.noop()
    client.close()


@pytest.mark.slow
def test_an_issue_of_five_hundred_large_messages_is_kept_whole(catcher: Catcher) -> None:
    large = MESSAGE + (b"x" * 76 + b"\r\n") * 800
    with _client(catcher) as client:
        for number in range(500):
            client.sendmail("a@example.org", f"{number}@example.test", large)

    assert len(catcher.messages()) == 500


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Return the catcher as a process of its own."""
    command = [sys.executable, "-m", "newsletter.sandbox.catcher", "--folder", str(tmp_path / "mail")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def _ready(process: subprocess.Popen[str]) -> dict[str, int]:
    assert process.stdout is not None
    ready: dict[str, int] = json.loads(process.stdout.readline())
    return ready


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _fall_silent(ready: dict[str, int]) -> bool:
    ports = [ready["smtp_port"], ready["imap_port"], ready["web_port"]]
    deadline = time.monotonic() + 60
    while any(map(_answers, ports)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(_answers, ports))


def test_the_process_says_where_it_is_and_stops_cleanly(process: subprocess.Popen[str]) -> None:
    ready = _ready(process)
    with urllib.request.urlopen(f"http://127.0.0.1:{ready['web_port']}/messages.json") as answer:
        assert json.load(answer) == []

    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == 0
    assert _fall_silent(ready)


def test_a_killed_process_takes_its_imap_server_along(process: subprocess.Popen[str]) -> None:
    ready = _ready(process)

    process.send_signal(signal.SIGKILL)

    assert process.wait(60) == -signal.SIGKILL
    assert _fall_silent(ready)


def test_the_process_ends_with_its_parent(tmp_path: Path) -> None:
    start = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'newsletter.sandbox.catcher', '--folder', sys.argv[1]],"
        " stdout=subprocess.PIPE)\n"
        "sys.stdout.buffer.write(child.stdout.readline()); sys.stdout.flush(); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", start, str(tmp_path / "mail")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as parent:
        ready = _ready(parent)
        parent.kill()

    assert _fall_silent(ready)


def test_a_process_that_cannot_start_says_so_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "newsletter.sandbox.catcher", "--folder", str(tmp_path)]
        command += ["--smtp-port", str(taken.getsockname()[1])]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr == "The mail catcher cannot start: Address already in use.\n"
