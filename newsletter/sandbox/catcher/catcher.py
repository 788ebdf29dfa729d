"""The whole catcher: what SMTP takes goes into the store, and what is for the office also into its mailbox."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from newsletter.sandbox.catcher.office import Office
from newsletter.sandbox.catcher.smtp import SmtpServer
from newsletter.sandbox.catcher.store import Caught, Store

LOOPBACK = "127.0.0.1"


class Catcher:
    """Real SMTP and IMAP servers on loopback; nothing that they take leaves this machine."""

    def __init__(
        self,
        folder: Path,
        office_addresses: Iterable[str],
        *,
        smtp_port: int = 0,
        imap_port: int = 0,
        host: str = LOOPBACK,
    ) -> None:
        """Keep everything in `folder`; mail to `office_addresses` and their subaddresses also goes to IMAP.

        Port 0 takes a free one; `smtp_port` and `imap_port` name the real ones once it has started.
        """
        self.office_addresses = tuple(office_addresses)
        self.folder = folder
        self.host = host
        self.smtp_port = smtp_port
        self.imap_port = imap_port
        self._office = Office(folder / "office", self.office_addresses, user="office")
        self.imap_user = self._office.user
        self.imap_password = self._office.password
        self.imap_password_file = self._office.password_file
        self._store: Store | None = None
        self._smtp: SmtpServer | None = None

    def start(self) -> None:
        """Serve SMTP and IMAP; raise OSError where a port is taken."""
        self._smtp = SmtpServer(self._keep, host=self.host, port=self.smtp_port)
        try:
            self._office.start(self.host, self.imap_port)
        except OSError:
            self._smtp.stop()
            raise
        self.smtp_port, self.imap_port = self._smtp.port, self._office.port
        self._store = Store(self.folder / "messages")
        self._smtp.start()

    def stop(self) -> None:
        """End both servers; what was caught stays in the folder."""
        if self._smtp:
            self._smtp.stop()
        self._office.stop()
        if self._store:
            self._store.close()

    @property
    def reachable(self) -> tuple[str, ...]:
        """Return the addresses at which a letter reaches the office."""
        return self._office.addresses

    def messages(self, to: str | None = None) -> list[Caught]:
        """Return what was caught, oldest first; with `to`, only messages whose envelope names that address."""
        every = self._store.all() if self._store else []
        if to is None:
            return every
        return [caught for caught in every if to.lower() in {address.lower() for address in caught.envelope_to}]

    def get(self, number: int) -> Caught | None:
        """Return the message of that id."""
        return self._store.get(number) if self._store else None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _keep(self, sender: str, recipients: tuple[str, ...], raw: bytes) -> Caught:
        for recipient in recipients:
            if self._office.receives(recipient):
                self._office.deliver(sender, recipient, raw)
        if self._store is None:
            raise RuntimeError("a message came before the store was open")
        return self._store.add(sender, recipients, raw)
