"""The mailbox task, against a real IMAP server: what letters ask is done once, and people's mail is left alone."""

import smtplib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from imap_tools import MailBoxUnencrypted
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from jobs.tasks import verdicts
from jobs.tasks.deps import Deps
from jobs.tasks.mailbox import read_mailbox
from newsletter import database
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.message import letters
from newsletter.models import Letter
from newsletter.sandbox.catcher import Catcher, opening, web, writing
from subscribers import tokens
from subscribers.errors import MailboxError
from subscribers.mailbox.fetch import Inbox
from subscribers.models import MailboxCursor, ReceivedMail, Subscription
from tests.subscribers.mailbox.post import complaint, delivery_report, letter

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ADDRESSES = ("info@example.org", "news@example.org", "bounce@example.org")


@dataclass
class Office:
    """The office with its mailbox, a clock that tests may turn, and ways to look."""

    catcher: Catcher
    deps: Deps
    clock: list[datetime] = field(default_factory=list)

    def receive(self, raw: bytes, *, to: str = "info@example.org", sender: str = "tan@example.test") -> None:
        with smtplib.SMTP(self.catcher.host, self.catcher.smtp_port) as client:
            client.sendmail(sender, [to], raw)

    def connect(self) -> None:
        """Point the settings to the mail server, whose ports change when it starts again."""
        changes = {
            "enabled": True,
            "port": self.catcher.imap_port,
            "username": self.catcher.imap_user,
            "password_file": self.catcher.imap_password_file,
        }
        mailbox = self.deps.settings.mailbox.model_copy(update=changes)
        self.deps = replace(self.deps, settings=self.deps.settings.model_copy(update={"mailbox": mailbox}))

    def empty(self) -> None:
        with self._box() as box:
            for folder in box.folder.list():
                box.folder.set(folder.name)
                box.delete(box.uids())

    def read(self) -> int:
        return read_mailbox(self.deps)

    def take(self, raw: bytes, *, to: str = "info@example.org") -> int:
        self.receive(raw, to=to)
        return self.read()

    def folder(self, name: str = "INBOX") -> list[tuple[str, ...]]:
        """Return the flags of the letters in a folder."""
        with self._box() as box:
            if name != "INBOX" and not box.folder.exists(name):
                return []
            box.folder.set(name)
            return [tuple(flag for flag in mail.flags if flag != "\\Recent") for mail in box.fetch(mark_seen=False)]

    def renumber(self) -> None:
        """Let the server lose its numbers, as after a restore."""
        self.catcher.stop()
        (self.catcher.folder / "office" / "Maildir" / "dovecot-uidlist").unlink()
        self.catcher.start()
        self.connect()

    def letters(self) -> list[Letter]:
        with database.reading(self.deps.engine) as session:
            return list(session.scalars(select(Letter).order_by(Letter.id)))

    def rows(self) -> list[ReceivedMail]:
        with database.reading(self.deps.engine) as session:
            return list(session.scalars(select(ReceivedMail).order_by(ReceivedMail.id)))

    def subscription(self) -> Subscription:
        with database.reading(self.deps.engine) as session:
            return session.scalars(select(Subscription)).one()

    def subscribe(self) -> Subscription:
        """Let Tan Wei subscribe by two letters."""
        self.take(letter(subject="subscribe"))
        self.take(letter("\n> Please confirm", subject="Re: Please confirm"), to=self.confirm_address())
        return self.subscription()

    def confirm_address(self) -> str:
        address = message_from_bytes(f"Headers: {self.letters()[-1].headers}\n\n".encode())["Headers"]
        found = address[address.index("confirm+") : address.index("@example.org")]
        return f"{found}@example.org"

    def turn(self, by: timedelta) -> None:
        self.clock[0] += by

    def _box(self) -> MailBoxUnencrypted:
        box = MailBoxUnencrypted(self.catcher.host, self.catcher.imap_port)
        return box.login(self.catcher.imap_user, self.catcher.imap_password)


@pytest.fixture(scope="module")
def catcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catcher]:
    """Return one mail server for all tests of this module."""
    with Catcher(tmp_path_factory.mktemp("mail"), ADDRESSES) as catcher:
        yield catcher


@pytest.fixture
def office(catcher: Catcher, settings: Settings, keys: Keys, engine: Engine, publication_id: int) -> Office:
    """Return an office whose mailbox is empty and was read once."""
    clock = [NOW]
    office = Office(catcher, Deps(settings, keys, engine, publication_id, now=lambda: clock[0]), clock)
    office.connect()
    office.empty()
    assert office.read() == 0
    return office


def test_a_letter_becomes_a_confirmation_letter_and_the_reply_a_subscriber(office: Office) -> None:
    asked = office.take(letter(subject="Subscribe", sender="Tan Wei <tan@example.test>"))
    confirmation = office.letters()[0]
    confirmed = office.take(
        letter("\n> Please confirm", subject=f"Re: {confirmation.subject}"), to=office.confirm_address()
    )

    assert (asked, confirmed) == (1, 1)
    assert (confirmation.kind, confirmation.to_address, confirmation.language) == (
        "confirmation",
        "tan@example.test",
        "en",
    )
    assert office.subscription().state == "active"
    assert office.subscription().topics == 0b1111
    assert [(row.kind, row.action) for row in office.rows()] == [("subscribe", "ask"), ("confirm", "confirm")]
    assert office.letters()[1].to_name == "Tan Wei"


def test_a_japanese_letter_with_topics_is_answered_in_japanese(office: Office, bits_of_food: int) -> None:
    office.take(letter("登録をお願いします", charset="iso-2022-jp"), to="subscribe+food+tennis@example.org")
    office.take(letter("はい", subject="Re: 確認"), to=office.confirm_address())

    assert office.letters()[0].language == "ja"
    assert office.subscription().topics == bits_of_food


@pytest.fixture
def bits_of_food(engine: Engine, publication_id: int) -> int:
    """Return the mask of the topic food."""
    from subscribers import bits  # noqa: PLC0415 - the name is taken by a fixture's at the top

    with database.reading(engine) as session:
        return bits.load(session, publication_id).topic_mask(["food"])


@pytest.mark.parametrize("subject", ["subscribe", "購読希望"])
def test_a_reply_that_leaves_our_letter_as_it_is_confirms(office: Office, subject: str) -> None:
    office.take(letter(subject=subject))
    [asked] = office.letters()
    office.receive(letters.build(asked, office.deps.settings), to=asked.to_address, sender="")
    browser = TestClient(web.create(office.catcher))
    opened = opening.take_apart(office.catcher.messages()[-1])

    form = browser.get(f"/write?answers={opened.summary.caught.id}").text
    reply = writing.answer(opened, asked.to_address)
    browser.post("/write", data=asdict(reply))
    office.read()

    assert reply.to in form
    assert "\n> " in reply.body
    assert office.subscription().state == "active"


def test_handled_letters_are_moved_and_peoples_letters_stay_unread(office: Office) -> None:
    office.receive(letter("May we meet on Tuesday?"))
    office.receive(letter(subject="subscribe"))
    handled = office.read()

    wish, person = sorted(office.rows(), key=lambda row: row.kind, reverse=True)
    assert handled == 1
    assert office.folder() == [()]
    assert len(office.folder("Newsletter")) == 1
    assert (person.kind, person.action, person.handled_at) == ("person", "none", None)
    assert b"May we meet" in (person.raw or b"")
    assert (wish.kind, wish.raw) == ("subscribe", None)


def test_what_lay_in_the_mailbox_before_is_only_read_when_asked_for(office: Office) -> None:
    with database.writing(office.deps.engine) as session:
        session.delete(session.scalars(select(MailboxCursor)).one())
    office.receive(letter(subject="subscribe"))

    at_first = office.read()
    with database.writing(office.deps.engine) as session:
        session.delete(session.scalars(select(MailboxCursor)).one())
    asked_for = read_mailbox(office.deps, from_start=True)

    assert (at_first, asked_for) == (0, 1)


def test_a_token_unsubscribes_and_the_reader_is_told(office: Office, keys: Keys) -> None:
    subscription = office.subscribe()
    token = tokens.unsubscribe_token(keys.unsubscribe, subscription.id)

    office.take(letter(), to=f"unsubscribe+{token.upper()}@example.org")
    office.take(letter("again"), to=f"unsubscribe+{token}@example.org")

    assert office.subscription().state == "left"
    assert [row.subject for row in office.letters()[2:]] == ["You are unsubscribed from J.CLAIR News"]


def test_the_bare_word_gets_a_link_that_only_the_reader_receives(office: Office) -> None:
    subscription = office.subscribe()

    office.take(letter("unsubscribe", subject="Re: J.CLAIR News"))

    offer = office.letters()[-1]
    assert office.subscription().state == "active"
    assert (offer.to_address, offer.subscription_id) == ("tan@example.test", subscription.id)
    assert "/u/" in offer.text
    assert '"In-Reply-To": "<1@example.test>"' in offer.headers


def test_somebody_unknown_who_wants_to_leave_is_told_how_it_works(office: Office) -> None:
    office.take(letter("配信停止", sender="x@example.test"))

    assert [(row.to_address, row.language) for row in office.letters()] == [("x@example.test", "ja")]


def test_an_invalid_token_unsubscribes_nobody(office: Office) -> None:
    office.subscribe()

    office.take(letter(sender="x@example.test"), to="unsubscribe+aaaaaaaaaaaaaaaaaaaaaaaaaa@example.org")

    assert office.subscription().state == "active"


def test_an_envelope_token_opens_no_way_to_unsubscribe(office: Office, keys: Keys) -> None:
    token = tokens.bounce_token(keys.unsubscribe, office.subscribe().id)

    office.take(letter(sender="x@example.test"), to=f"unsubscribe+{token}@example.org")

    assert office.subscription().state == "active"


@pytest.mark.parametrize("make", [tokens.bounce_token, tokens.unsubscribe_token])
def test_a_dead_address_is_held_by_its_token(office: Office, keys: Keys, make: object) -> None:
    subscription = office.subscribe()
    assert callable(make)
    to = f"bounce+{make(keys.unsubscribe, subscription.id)}@example.org"

    office.take(delivery_report(to=to), to=to)

    row = office.rows()[-1]
    assert office.subscription().state == "held"
    assert (row.kind, row.action, row.subscription_id) == ("bounce", "hold", subscription.id)


def test_a_forged_report_holds_nobody(office: Office, keys: Keys) -> None:
    subscription = office.subscribe()
    other = tokens.bounce_token([b"x" * 32], subscription.id)

    for token in (other, "abcdefghijklmnopqrstuvwxyz", "tan=example.test"):
        office.take(delivery_report(to=f"bounce+{token}@example.org"), to=f"bounce+{token}@example.org")
    ours = tokens.bounce_token(keys.unsubscribe, subscription.id)
    our_fault = delivery_report("5.7.1", diagnostic="smtp; 550 5.7.1 rejected", to=f"bounce+{ours}@example.org")
    office.take(our_fault, to=f"bounce+{ours}@example.org")

    assert office.subscription().state == "active"
    assert [(row.kind, row.action) for row in office.rows()[2:]] == [("bounce", "note")] * 4
    assert [row.subscription_id for row in office.rows()[2:]] == [None, None, None, subscription.id]


def test_a_complaint_ends_the_subscription_and_is_never_answered(office: Office, keys: Keys) -> None:
    subscription = office.subscribe()
    token = tokens.bounce_token(keys.unsubscribe, subscription.id)
    before = len(office.letters())

    office.take(complaint(returned=f"Return-Path: <bounce+{token}@example.org>"))
    office.take(letter("unsubscribe"))
    link = tokens.unsubscribe_token(keys.unsubscribe, subscription.id)
    office.take(letter("x"), to=f"unsubscribe+{link}@example.org")

    assert office.subscription().state == "left"
    assert len(office.letters()) == before


def test_an_expired_confirmation_brings_a_new_one(office: Office) -> None:
    office.take(letter(subject="subscribe"))
    address = office.confirm_address()
    office.turn(timedelta(hours=100))

    office.take(letter("yes"), to=address)

    assert [row.kind for row in office.letters()] == ["confirmation", "confirmation"]
    assert office.subscription().state == "pending"


def test_a_confirmation_of_nothing_is_a_persons_letter(office: Office) -> None:
    office.take(letter("yes"), to="confirm+aaaaaaaaaaaaaaaaaaaaaaaaaa@example.org")

    assert [(row.kind, row.action) for row in office.rows()] == [("person", "none")]
    assert office.folder() == [()]


def test_two_robots_fall_silent(office: Office) -> None:
    for number in range(10):
        office.take(letter("unsubscribe", sender="robot@example.test", X_Number=str(number)))

    assert len(office.letters()) == 1


def test_a_flood_of_wishes_waits_for_a_person(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "MOST_ASKS", 2)

    for number in range(3):
        office.take(letter(subject="subscribe", sender=f"victim{number}@example.test"))
    office.turn(timedelta(hours=2))
    office.take(letter(subject="subscribe", sender="later@example.test"))

    assert [row.kind for row in office.rows()] == ["subscribe", "subscribe", "person", "subscribe"]
    assert len(office.letters()) == 3
    assert len(office.folder()) == 1


def test_a_connection_lost_before_the_move_repeats_no_action(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.receive(letter(subject="subscribe"))
    with monkeypatch.context() as broken:
        broken.setattr(Inbox, "move", _lose_connection)
        lost = office.read()
    between = (len(office.folder()), len(office.letters()))
    again = office.read()

    assert (lost, between, again) == (0, (1, 1), 1)
    assert len(office.letters()) == 1
    assert (office.folder(), len(office.folder("Newsletter"))) == ([], 1)


def test_a_connection_lost_after_the_move_repeats_no_action(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.receive(letter(subject="subscribe"))
    move = Inbox.move

    def move_and_lose(inbox: Inbox, uid: int, folder: str) -> None:
        move(inbox, uid, folder)
        raise MailboxError

    with monkeypatch.context() as broken:
        broken.setattr(Inbox, "move", move_and_lose)
        office.read()
    again = office.read()

    assert again == 0
    assert (len(office.letters()), len(office.folder("Newsletter"))) == (1, 1)


def test_a_server_that_renumbers_its_letters_repeats_no_action(office: Office) -> None:
    office.clock[0] = datetime.now(UTC)  # the server's own clock says when letters arrived
    office.receive(letter("May we meet?"))
    office.take(letter(subject="subscribe"))

    office.renumber()
    office.receive(letter("unsubscribe", sender="x@example.test"))
    handled = office.read()

    assert handled == 1
    assert len(office.rows()) == 3
    assert [row.kind for row in office.letters()] == ["confirmation", "answer"]
    assert office.read() == 0


def test_a_letter_that_breaks_us_is_put_aside_and_the_next_one_read(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.receive(letter(subject="subscribe", sender="first@example.test"))
    office.receive(letter(subject="subscribe", sender="second@example.test"))
    actions = {**verdicts._ACTIONS, "ask": _break_for("first@example.test")}
    monkeypatch.setattr(verdicts, "_ACTIONS", actions)

    handled = office.read()

    assert handled == 2
    unreadable, wish = sorted(office.rows(), key=lambda row: row.kind, reverse=True)
    assert (unreadable.kind, wish.kind) == ("unreadable", "subscribe")
    assert b"first@example.test" in (unreadable.raw or b"")
    assert (len(office.folder("Newsletter-unreadable")), len(office.folder("Newsletter"))) == (1, 1)


def test_a_database_that_fails_leaves_the_letter_for_next_time(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.receive(letter(subject="subscribe"))
    with monkeypatch.context() as broken:
        broken.setattr(verdicts, "carry_out", _fail_database)
        with pytest.raises(OperationalError):
            office.read()

    assert office.read() == 1


def test_a_large_letter_is_a_persons_and_never_fetched(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subscribers.mailbox.fetch.MAX_LETTER_BYTES", 1000)

    office.take(letter("x" * 500 + "\n" + "x" * 500, subject="subscribe"))

    assert (office.rows(), office.folder()) == ([], [()])


def test_a_letter_that_the_server_cannot_show_stays_and_the_others_are_read(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    boxes = "".join(f"--b{n}\r\nContent-Type: multipart/mixed; boundary=b{n + 1}\r\n\r\n" for n in range(3000))
    office.receive(letter(subject="subscribe", sender="first@example.test"))
    office.receive(f"From: x@example.test\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n{boxes}".encode())
    office.receive(letter(subject="subscribe", sender="second@example.test"))

    assert office.read() == 2
    assert office.take(letter(subject="subscribe", sender="third@example.test")) == 1

    assert [row.kind for row in office.rows()] == ["subscribe"] * 3
    assert capsys.readouterr().out.count("the server cannot show it") == 1


def test_other_peoples_deleted_mark_is_not_carried_out_with_our_move(office: Office) -> None:
    office.take(letter("May we meet?"))
    with office._box() as box:
        box.client.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")

    office.take(letter(subject="subscribe"))

    assert office.folder() == [("\\Deleted",)]


@pytest.mark.parametrize("change", [{"port": 1}, {"password_file": None}, {"folder": "Nowhere"}])
def test_a_mailbox_out_of_reach_is_one_line_in_the_log(
    office: Office, change: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    mailbox = office.deps.settings.mailbox.model_copy(update=change)
    settings = office.deps.settings.model_copy(update={"mailbox": mailbox})

    assert read_mailbox(replace(office.deps, settings=settings)) == 0
    assert "mailbox cannot be read" in capsys.readouterr().out


def test_a_mailbox_that_is_not_enabled_is_not_read(office: Office) -> None:
    mailbox = office.deps.settings.mailbox.model_copy(update={"enabled": False})
    office.receive(letter(subject="subscribe"))

    assert (
        read_mailbox(replace(office.deps, settings=office.deps.settings.model_copy(update={"mailbox": mailbox}))) == 0
    )


def _lose_connection(*_arguments: object) -> None:
    raise MailboxError


def _break_for(address: str) -> object:
    ask = verdicts._ACTIONS["ask"]

    def act(case: verdicts._Case) -> verdicts.Outcome:
        if case.verdict.address == address:
            raise ZeroDivisionError
        return ask(case)

    return act


def _fail_database(*_arguments: object, **_more: object) -> str:
    raise OperationalError("SELECT 1", None, Exception("disk is full"))
