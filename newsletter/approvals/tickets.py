"""Mailed links of editors: bound to one editor, one frozen state and one seat; only their hashes are kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from newsletter.approvals.errors import LinkOverError
from newsletter.models import ApprovalTicket, Issue
from subscribers import guarded

TOKEN_BYTES = 24
VALID_FOR = timedelta(days=60)
"""An issue that is not out after two months is asked for again."""


def new() -> str:
    """Return a fresh token, to be mailed and known nowhere else."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def keep(
    session: Session, token: str, purpose: str, issue: Issue, *, editor_id: int, seat: int = 0, now: datetime
) -> ApprovalTicket:
    """Keep what a token is good for: a word on what is frozen of `issue` now."""
    ticket = ApprovalTicket(
        token_hash=_hash(token),
        purpose=purpose,
        issue_id=issue.id,
        editor_id=editor_id,
        frozen_hash=issue.frozen_hash or "",
        seat=seat,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    session.add(ticket)
    session.flush()
    return ticket


def find(session: Session, token: str, purpose: str, *, now: datetime) -> ApprovalTicket:
    """Return the ticket of a mailed token; raise LinkOverError for one that is unknown or over."""
    ticket = session.get(ApprovalTicket, _hash(token))
    if ticket is None or ticket.purpose != purpose or ticket.expires_at <= now:
        raise LinkOverError
    return ticket


def forget(session: Session, *, now: datetime) -> int:
    """Delete links that are over; return how many."""
    return guarded.write(session, delete(ApprovalTicket).where(ApprovalTicket.expires_at <= now))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
