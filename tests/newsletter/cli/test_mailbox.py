"""Letters from files and from a pipe are read as those of the mailbox are."""

import io
import json
import sys

import pytest

from tests.newsletter.cli.conftest import Run
from tests.subscribers.bounces.test_reading import MAILS
from tests.subscribers.mailbox.post import letter

pytestmark = pytest.mark.usefixtures("made")


class _Pipe:
    """Standard input of a program that is given bytes."""

    def __init__(self, raw: bytes) -> None:
        self.buffer = io.BytesIO(raw)


def test_files_are_told_of_a_line_each_and_nothing_is_done(run: Run) -> None:
    ran = run("mailbox", "receive", "--dry-run", "--json", MAILS / "postfix-two.eml", MAILS / "vacation.eml")

    bounce, vacation = (json.loads(line) for line in ran.out.splitlines())
    assert (ran.code, bounce["kind"], bounce["action"]) == (0, "bounce", "none")
    assert bounce["recipients"] == [
        {
            "address": "full@example.org",
            "reason": "mailbox_full",
            "status": "5.2.2",
            "reply": "552 5.2.2 mailbox full",
            "hard": False,
        },
        {
            "address": "gone@example.org",
            "reason": "unknown_user",
            "status": "5.1.1",
            "reply": "550 5.1.1 no such user",
            "hard": True,
        },
    ]
    assert (vacation["kind"], vacation["recipients"]) == ("auto-reply", [])
    assert set(vacation) == {"file", "kind", "recipients", "action", "why"}


def test_a_letter_from_a_pipe_subscribes_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = letter("", subject="subscribe", sender="tan@example.test", to="subscribe@example.org")
    for _ in range(2):
        monkeypatch.setattr(sys, "stdin", _Pipe(raw))
        ran = run("mailbox", "receive")
        assert (ran.code, ran.out) == (0, "-: subscribe, ask\n")

    assert json.loads(run("subscribers", "show", "tan@example.test", "--json").out)["state"] == "pending"


def test_a_file_that_is_not_there_is_named_and_the_next_is_read(run: Run) -> None:
    ran = run("mailbox", "receive", "--dry-run", "gone.eml", MAILS / "qmail.eml")

    assert ran.code == 3
    assert "gone.eml cannot be read: No such file or directory." in ran.err
    assert "qmail.eml: bounce, none (no token of ours)" in ran.out
