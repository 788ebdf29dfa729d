"""Make this place and this journal the installation's own, after a person has answered."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from newsletter.journal import files, place
from newsletter.journal.errors import JournalError
from newsletter.journal.witness import Witness, lock
from newsletter.models import Installation
from subscribers import noted


def adopt(
    session: Session, witness: Witness, *, event: str = "restored", anew: bool = False, now: datetime
) -> Installation:
    """Let the database follow the journal from its end on, in a new generation, and lift the hold; return the row.

    `anew` begins another journal and keeps the old files beside it. The line about it is written, and the
    hold lifted, when the transaction commits. Raises JournalError.
    """
    row = lock(session)
    if row is None:
        raise JournalError("no_journal", "The database belongs to no installation yet. Run: newsletter serve")
    try:
        if anew:
            files.put_away(witness.folder, f"until-{now:%Y%m%dT%H%M%S}")
            witness.journal.begin(row.name, now)
        head = witness.journal.head()
        here = place.settle(session, witness.folder)
    except OSError as error:
        message = f"The journal's folder {witness.folder} cannot be used: {error.strerror}."
        raise JournalError("unwritable", message) from error
    if head is None or head.installation != row.name:
        raise JournalError("no_journal", f"The journal of this installation is not in {witness.folder}.")
    values = {"generation": row.generation + 1, "sequence": head.matter, "place": here}
    session.execute(update(Installation).values(**values, moved_at=None, held="", held_at=None))
    session.refresh(row)
    noted.note(session, event, now=now, generation=row.generation)
    return row
