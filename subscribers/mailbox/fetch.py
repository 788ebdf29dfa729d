"""Read the office's mailbox by IMAP (RFC 9051) without leaving a trace on what is for people."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError
from imap_tools.utils import encode_folder

from subscribers.errors import MailboxError, UnreadableLetterError

TIMEOUT_SECONDS = 30.0
MAX_LETTER_BYTES = 10 * 2**20
"""Larger letters hold attachments for people; they are never fetched."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FAILURES = (OSError, imaplib.IMAP4.error, ImapToolsError)


@dataclass(frozen=True)
class Account:
    """Where a mailbox is and how to enter it; `security` is tls or plain."""

    host: str
    port: int
    security: str
    username: str
    password: str
    folder: str

    @property
    def name(self) -> str:
        """Return what tells this folder from others."""
        return f"{self.username}@{self.host}/{self.folder}"


class Inbox:
    """One open folder. Letters are named by their UID, which is only good for this `uid_validity`."""

    def __init__(self, box: BaseMailBox, folder: str) -> None:
        """Open `folder` of a mailbox that is logged in."""
        self._box = box
        self._made: set[str] = set()
        status = box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
        self.uid_validity = status.get("UIDVALIDITY", 0)
        self.uid_next = status.get("UIDNEXT", 1)
        box.folder.set(folder)

    def uids_from(self, first: int) -> list[int]:
        """Return the letters from `first` on, oldest first."""
        # `n:*` names the last letter even where its UID is below n, hence the comparison.
        return [uid for uid in self._search(f"UID {first}:*") if uid >= first]

    def uids_since(self, day: date) -> list[int]:
        """Return the letters that arrived on `day` or later."""
        return self._search(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}")

    def raw(self, uid: int) -> bytes | None:
        """Return a letter's bytes, leaving it unread; None: it is gone, or too large to be one of ours.

        Raises UnreadableLetterError where the server stumbles over it; the connection may be over then.
        """
        try:
            if self._size(uid) >= MAX_LETTER_BYTES:
                return None
            _, answer = self._box.client.uid("FETCH", str(uid), "(BODY.PEEK[])")
        except _FAILURES as error:
            raise UnreadableLetterError(uid) from error
        return next((item[1] for item in answer if isinstance(item, tuple)), None)

    def move(self, uid: int, folder: str) -> None:
        """Move a letter to `folder`, which is made if need be. Nobody else's letters are expunged with it."""
        self._make(folder)
        name = encode_folder(folder)
        if "MOVE" in self._box.client.capabilities:
            self._order("MOVE", str(uid), name)
            return
        self._order("COPY", str(uid), name)
        self._order("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._box.client.capabilities:  # a plain EXPUNGE would take what people only marked
            self._order("EXPUNGE", str(uid))

    def _search(self, criteria: str) -> list[int]:
        return sorted(map(int, self._box.uids(f"{criteria} UNDELETED", charset=None)))

    def _size(self, uid: int) -> int:
        # Asked letter by letter: a search by size fails as a whole where the server cannot read one of them.
        _, answer = self._box.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
        found = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(item for item in answer if isinstance(item, bytes)))
        return int(found[1]) if found else 0

    def _make(self, folder: str) -> None:
        if folder not in self._made and not self._box.folder.exists(folder):
            self._box.folder.create(folder)
        self._made.add(folder)

    def _order(self, command: str, *arguments: str | bytes) -> None:
        status, answer = self._box.client.uid(command, *arguments)  # type: ignore[arg-type] # folder names are bytes
        if status != "OK":
            message = f"The mailbox refuses {command}: {answer!r}"
            raise MailboxError(message)


@contextmanager
def connect(account: Account) -> Iterator[Inbox]:
    """Open the folder for the block's time; raise MailboxError, in one sentence, for whatever goes wrong with it."""
    try:
        box = _box(account)
        try:
            box.login(account.username, account.password, initial_folder=None)
            _learn_capabilities(box)
            yield Inbox(box, account.folder)
        finally:
            _leave(box)
    except MailboxLoginError as error:
        message = f"The mailbox {account.username} at {account.host} refuses the password."
        raise MailboxError(message) from error
    except _FAILURES as error:
        message = f"The mailbox at {account.host}:{account.port} cannot be read: {error}"
        raise MailboxError(message) from error


def _box(account: Account) -> BaseMailBox:
    if account.security == "tls":
        # Without a context of ours imaplib would accept any certificate.
        return MailBox(account.host, account.port, timeout=TIMEOUT_SECONDS, ssl_context=ssl.create_default_context())
    return MailBoxUnencrypted(account.host, account.port, timeout=TIMEOUT_SECONDS)


def _leave(box: BaseMailBox) -> None:
    try:
        box.logout()
    except _FAILURES:  # the server hung up before we did, after everything was done or with an error of its own
        box.client.shutdown()


def _learn_capabilities(box: BaseMailBox) -> None:
    # imaplib remembers what the server could do before the log-in, when most servers hide MOVE.
    _, answer = box.client.capability()
    words = re.findall(r"\S+", b" ".join(part for part in answer if isinstance(part, bytes)).decode("ascii", "replace"))
    box.client.capabilities = tuple(word.upper() for word in words)
