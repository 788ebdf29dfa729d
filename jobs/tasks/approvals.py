"""Ask, remind and hold: the letters of an approval, and the office's copy before readers get theirs."""

import structlog

from jobs.tasks.deps import Deps
from newsletter import database
from newsletter.approvals import deadline, mailing, office_copies

log = structlog.get_logger()


def ask_approvers(deps: Deps) -> int:
    """Write to whoever decides next and has not been asked, or is to be reminded; return how many letters.

    Letters are composed outside any transaction; two clocks do no harm, since each letter has one name.
    """
    with database.reading(deps.engine) as session:
        letters = mailing.due(session, deps.settings, now=deps.now())
    sent = 0
    for letter in letters:
        with database.writing(deps.engine) as session:
            if mailing.send(session, deps.settings, letter, now=deps.now()):
                sent += 1
                log.info("approval asked", issue=letter.issue_id, editor=letter.editor_id, seat=letter.seat)
    return sent


def hold_unapproved(deps: Deps) -> int:
    """Hold every issue whose send time passed before its approval was complete; return how many."""
    with database.reading(deps.engine) as session:
        missed = deadline.due(session, deps.settings, now=deps.now())
    held = 0
    for one in missed:
        with database.writing(deps.engine) as session:
            if deadline.hold(session, deps.settings, one, now=deps.now()):
                held += 1
                log.warning("approval missed", issue=one.issue_id)
    return held


def copy_to_office(deps: Deps) -> int:
    """Send the office its copy of what is about to go out; return of how many parts."""
    with database.reading(deps.engine) as session:
        copies = office_copies.due(session, deps.settings, now=deps.now())
    made = 0
    for copy in copies:
        with database.writing(deps.engine) as session:
            if office_copies.send(session, copy, now=deps.now()):
                made += 1
                log.info("office copy written", release=copy.release_id, letters=len(copy.letters))
    return made
