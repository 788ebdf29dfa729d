"""Moving whoever still waits for an issue to its corrected editions."""

# ruff: noqa: S608 - statements are put together from constants only; every value is bound

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.delivery.sql import Sql
from newsletter.models import Edition, Issue

MOST = 3_000
"""Rows moved in one transaction, so that it holds the write lock well under 100 ms."""
WAITING = ("state = 'queued'", "state = 'deferred'")
"""As the partial indexes have them. A claimed row is the sender's, and one on the wire is past changing."""


def move(session: Session, issue: Issue, revision: int) -> int:
    """Move at most `MOST` waiting deliveries to the edition of `revision` that holds the same; return how many.

    Guarded by the state of each row: one that is claimed at this moment keeps what it was claimed with, and
    is moved when it comes back to the queue.
    """
    successors = _successors(session, issue, revision)
    if not successors:
        return 0
    sql = Sql(session.connection())
    moved = 0
    for waiting in WAITING:
        found = sql.all(
            f"SELECT id, edition_id FROM delivery WHERE {waiting} AND issue_id = ? AND edition_id IN_IDS"
            f" ORDER BY id LIMIT ?{' FOR UPDATE' if sql.postgres else ''}",
            issue.id,
            sql.ids(list(successors)),
            MOST - moved,
        )
        moved += sql.run_many(
            f"UPDATE delivery SET edition_id = ? WHERE id = ? AND edition_id = ? AND {waiting}",
            [(successors[edition_id], delivery_id, edition_id) for delivery_id, edition_id in found],
        )
    return moved


def _successors(session: Session, issue: Issue, revision: int) -> dict[int, int]:
    """Return which edition takes the place of which: the one of `revision` in that language with those stories."""
    known = session.execute(
        select(Edition.id, Edition.revision, Edition.language, Edition.stories).where(Edition.issue_id == issue.id)
    ).all()
    new = {(language, _key(held)): edition for edition, number, language, held in known if number == revision}
    return {
        edition: new[language, _key(held)]
        for edition, number, language, held in known
        if number < revision and (language, _key(held)) in new
    }


def _key(stories: str) -> tuple[int, ...]:
    return tuple(json.loads(stories))
