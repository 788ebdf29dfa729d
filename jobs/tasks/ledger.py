"""Seal the consent lines written since the last tick into the chain."""

from jobs.tasks.deps import Deps
from newsletter import database
from subscribers import consent


def seal_ledger(deps: Deps) -> int:
    """Seal new lines in one short transaction; return how many."""
    with database.writing(deps.engine) as session:
        return consent.seal(session)
