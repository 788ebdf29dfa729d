"""Carry out approved corrections, and stop what would announce or remind of what does not take place."""

from jobs.tasks.deps import Deps
from newsletter import corrections, database
from newsletter.corrections import Step, mailing, overtaking, reminders

MOST_STEPS = 1_000
"""In one tick; each moves thousands of readers."""


def carry_out_corrections(deps: Deps) -> int:
    """Take approved corrections as far as they go now; return how many steps, holds and stops there were.

    Each step is a short transaction of its own. Killed between two, the next tick goes on; nothing is told twice.
    """
    with database.reading(deps.engine) as session:
        pending = [one.id for one in corrections.pending(session)]
        behind = corrections.stragglers(session)
    done = sum(_carry_out(deps, correction_id) for correction_id in pending)
    done += sum(_sweep(deps, issue_id) for issue_id in behind)
    return done + hold_overtaken(deps) + _stop_reminders(deps)


def ask_about_corrections(deps: Deps) -> int:
    """Write to whoever decides about a correction and has not been asked, or is to be reminded; return how many."""
    with database.reading(deps.engine) as session:
        due = mailing.due(session, deps.settings, now=deps.now())
    sent = 0
    for one in due:
        with database.writing(deps.engine) as session:
            sent += mailing.send(session, deps.settings, one, now=deps.now())
    return sent


def hold_overtaken(deps: Deps) -> int:
    """Hold issues that would announce a fair which is off by now; return how many."""
    with database.reading(deps.engine) as session:
        found = overtaking.overtaken(session)
    held = 0
    for one in found:
        with database.writing(deps.engine) as session:
            held += overtaking.hold(session, deps.settings, one, now=deps.now())
    return held


def _carry_out(deps: Deps, correction_id: int) -> int:
    for taken in range(1, MOST_STEPS):
        with database.writing(deps.engine) as session:
            correction = corrections.get(session, correction_id)
            step = corrections.advance(session, deps.settings, correction, now=deps.now())
        if step is Step.WAITS:
            return 0  # an answer is still to come
        if step is Step.DONE:
            return taken
    return MOST_STEPS


def _sweep(deps: Deps, issue_id: int) -> int:
    with database.writing(deps.engine) as session:
        return corrections.sweep(session, issue_id)


def _stop_reminders(deps: Deps) -> int:
    with database.reading(deps.engine) as session:
        if not reminders.off(session):
            return 0
    with database.writing(deps.engine) as session:
        return corrections.stop_reminders(session, now=deps.now())
