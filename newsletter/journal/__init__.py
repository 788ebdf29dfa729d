"""The journal outside the database that makes restores and moves safe (DESIGN 5.7)."""

from sqlalchemy import Engine

from newsletter import database
from newsletter.config import Settings
from newsletter.journal.errors import HeldError, JournalError
from newsletter.journal.journal import Journal
from newsletter.journal.standing import REASONS, held, is_held, look, may_send, owes, witness_of
from newsletter.journal.witness import Witness
from newsletter.keys import Keys

__all__ = [
    "REASONS",
    "HeldError",
    "Journal",
    "JournalError",
    "Witness",
    "attach",
    "held",
    "is_held",
    "look",
    "may_send",
    "owes",
    "witness_of",
]


def attach(engine: Engine, settings: Settings, keys: Keys) -> Witness:
    """Let every write transaction of `engine` keep the journal from now on; return what keeps it."""
    witness = Witness(Journal(settings.journal_folder, keys.suppression), keys)
    engine.update_execution_options(**{database.WITNESS: witness})
    return witness
