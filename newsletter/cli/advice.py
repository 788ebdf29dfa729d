"""What a person at a terminal does where nothing may be sent (`newsletter.journal.REASONS`)."""

from sqlalchemy import Engine

from newsletter import journal
from newsletter.cli import output

_BRING_BACK = " Put the right one back; or, if it is lost for good: newsletter restore --without-journal"
_ADVICE = {
    "restored": "This database is older than its journal: a backup was put back. Answer first: newsletter restore",
    "copied": (
        "Database and journal stand in another place than before. If they are the newest there are and this server"
        " takes over: newsletter move in. If they are an older copy: newsletter restore --without-journal"
    ),
    "moved_out": "Another server sends now. To send from here again: newsletter move in",
    "unwritable": "The journal cannot be written or read. Mend its disk or permissions; then it goes on by itself.",
    "no_journal": "The journal is not there." + _BRING_BACK,
    "other_journal": "The journal is another installation's, or the database is." + _BRING_BACK,
    "old_journal": "The journal is older than the database." + _BRING_BACK,
    "damaged": "A line of the journal is not what was written, or keys.json is another one." + _BRING_BACK,
}


def of(reason: str) -> str:
    """Return what to do, in a sentence or two."""
    return _ADVICE[reason]


def warn(engine: Engine) -> str:
    """Say on standard error where nothing is sent, and what to do; return the reason, or an empty string."""
    reason = journal.look(engine)
    if reason:
        output.complain(f"Nothing is sent or posted. {of(reason)}")
    return reason
