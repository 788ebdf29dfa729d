"""Compare the database with the journal outside it, so that nothing leaves from an older copy."""

from jobs.tasks.deps import Deps
from newsletter import journal


def watch_journal(deps: Deps) -> int:
    """Look once; return 1 where nothing may leave, since a person must answer."""
    return int(bool(journal.look(deps.engine, now=deps.now())))
