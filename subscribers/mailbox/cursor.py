"""How far a mailbox has been read, kept in the database."""

from datetime import datetime

from sqlalchemy.orm import Session

from subscribers.models import MailboxCursor


def load(session: Session, mailbox: str) -> MailboxCursor | None:
    """Return the cursor of a mailbox, or None where it was never read."""
    return session.get(MailboxCursor, mailbox)


def save(session: Session, mailbox: str, *, uid_validity: int, next_uid: int, now: datetime) -> None:
    """Remember that everything before `next_uid` was dealt with."""
    session.merge(MailboxCursor(mailbox=mailbox, uid_validity=uid_validity, next_uid=next_uid, read_at=now))
