"""From a claimed row to a message with its envelope."""

from collections.abc import Container, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import flyers
from newsletter.config import Settings
from newsletter.delivery import commands
from newsletter.delivery.feed import Parcel
from newsletter.delivery.outbox import LETTERS, Row
from newsletter.keys import Keys
from newsletter.message import headers, letters, segments
from newsletter.message.dkim import seal
from newsletter.message.segments import Recipient, Segments
from newsletter.models import Edition, Issue, Letter, Release
from subscribers import languages

MOST_EDITIONS = 200
"""Compiled editions kept in memory."""


class Parcels:
    """Writes messages; editions are compiled once, letters are read when they are claimed."""

    def __init__(self, settings: Settings, keys: Keys) -> None:
        """Take what messages are written and signed with; raise SettingsError where a DKIM key cannot be used."""
        self._settings = settings
        self._keys = keys
        self._sealed = seal.of(settings)
        self._editions: dict[int, Segments] = {}
        self._letters: dict[int, Letter] = {}

    def prepare(self, session: Session, rows: Iterable[Row], *, waiting: Container[int | None] = ()) -> None:
        """Read what these rows need, so that `make` needs no database; keep the editions that others still wait for."""
        rows = list(rows)
        if len(self._editions) > MOST_EDITIONS:
            self._editions = {key: edition for key, edition in self._editions.items() if key in waiting}
        for edition_id in {row.edition_id for row in rows if row.edition_id is not None} - self._editions.keys():
            self._editions[edition_id] = self._compiled(session, edition_id)
        wanted = [row.id for row in rows if row.kind is LETTERS]
        if wanted:
            for letter in session.scalars(select(Letter).where(Letter.id.in_(wanted))):
                self._letters[letter.id] = letter

    def make(self, row: Row) -> Parcel:
        """Return the message of a row; raise ValueError where its address or a field cannot be written."""
        if row.kind is LETTERS:
            return self._letter(row, self._letters.pop(row.id))
        return self._delivery(row, self._editions[row.edition_id or 0])

    def _delivery(self, row: Row, edition: Segments) -> Parcel:
        recipient = Recipient(
            subscription_id=row.subscription_id or 0,
            delivery_id=row.id,
            email=row.email,
            name=row.name,
            language=edition.language,
        )
        return Parcel(row, edition.envelope_sender(recipient), row.email, self._sealed(edition.build(recipient)))

    def _letter(self, row: Row, letter: Letter) -> Parcel:
        if letter.envelope_sender and not headers.is_mailable(letter.envelope_sender):
            message = "the envelope sender is not an address"
            raise ValueError(message)
        data = commands.stuffed(self._sealed(letters.build(letter, self._settings)))
        return Parcel(row, letter.envelope_sender, letter.to_address, data)

    def _compiled(self, session: Session, edition_id: int) -> Segments:
        edition = session.get_one(Edition, edition_id)
        issue = session.get_one(Issue, edition.issue_id)
        # An edition in two languages left with the later one.
        spoken = Release.issue_id == issue.id, Release.language.in_(languages.of(edition.language))
        out = session.execute(select(Release.released_at, Release.due_at).where(*spoken)).all()
        date = max(released_at or due_at for released_at, due_at in out)
        enclosed = flyers.of_edition(session, edition)
        return segments.compile(
            edition, self._settings, issue, keys=self._keys.unsubscribe, date=date, enclosed=enclosed
        )
