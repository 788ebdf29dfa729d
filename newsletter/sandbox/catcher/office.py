"""The office's mailbox: which messages are for it, where they lie, and the server that shows them by IMAP."""

import mailbox
import os
import secrets
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

COMMAND_NAMES = ("subscribe", "unsubscribe", "confirm")
"""Local parts that reach the office beside its own addresses, at each of its domains."""

STOP_SECONDS = 5.0


class Office:
    """A Maildir and its IMAP server."""

    def __init__(self, folder: Path, addresses: Iterable[str], *, user: str) -> None:
        """Make or reopen the mailbox in `folder`; its password is made once and kept in `password_file`."""
        self._folder = folder.resolve()
        self.addresses = _addresses(addresses)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._maildir = mailbox.Maildir(self._folder / "Maildir", create=True)
        self._process: subprocess.Popen[bytes] | None = None
        self.user = user
        self.password_file = self._folder / "password"
        self.password = _password(self.password_file)
        self.port = 0

    def receives(self, address: str) -> bool:
        """Return whether mail to `address`, or to a subaddress of it (RFC 5233), reaches the office."""
        local, _, domain = address.lower().rpartition("@")
        return f"{local.partition('+')[0]}@{domain}" in self.addresses

    def deliver(self, sender: str, recipient: str, raw: bytes) -> None:
        """Put a message into the inbox, with the lines that a delivery agent writes (RFC 5321 4.4)."""
        trace = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n"
        self._maildir.add(trace.encode("utf-8", "surrogateescape") + raw)

    def start(self, host: str, port: int) -> None:
        """Serve IMAP; port 0 takes a free one, which `port` then names. Returns when log-ins are answered."""
        temporary = self._folder / "tmp"
        temporary.mkdir(exist_ok=True)
        # pymap renames its temporary files into the Maildir, so they must be on the same disk.
        environment = {**os.environ, "TMPDIR": str(temporary), "CATCHER_IMAP_PASSWORD": self.password}
        words = [str(self._folder), self.user, str(self._folder / "Maildir"), host, str(port)]
        self._process = subprocess.Popen(  # noqa: S603 - a module of ours, by this same Python
            [sys.executable, "-P", "-m", "newsletter.sandbox.catcher.imap", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        answer = self._process.stdout.readline() if self._process.stdout else b""
        if not answer.strip():
            self.stop()
            message = f"the mail catcher's IMAP server did not start on port {port}"
            raise OSError(message)
        self.port = int(answer)

    def stop(self) -> None:
        """End the IMAP server; the mailbox stays."""
        if self._process is None:
            return
        try:
            self._process.communicate(timeout=STOP_SECONDS)  # closes its standard input, which it waits for
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._process = None


def _addresses(own: Iterable[str]) -> tuple[str, ...]:
    given = [address.lower() for address in own]
    domains = [address.rpartition("@")[2] for address in given]
    # A dict keeps the order and drops what comes twice.
    return tuple(dict.fromkeys([*given, *(f"{name}@{domain}" for domain in domains for name in COMMAND_NAMES)]))


def _password(file: Path) -> str:
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(16))
    return file.read_text(encoding="ascii").strip()
