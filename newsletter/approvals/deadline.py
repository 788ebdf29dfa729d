"""A missed deadline: the send time passes before everybody has agreed, and the issue is held."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from newsletter import issues, letters, words
from newsletter.approvals import lines, notes, turns
from newsletter.approvals.turns import Turn
from newsletter.config import Settings
from newsletter.delivery import whys
from newsletter.issues import states
from newsletter.letters import Written
from newsletter.models import Editor, Issue
from newsletter.rendering import dates


@dataclass(frozen=True)
class Missed:
    """An issue whose time has passed, with the letters that say so, ready to be queued."""

    issue_id: int
    frozen_hash: str
    letters: list[tuple[int, str, str, Written]]  # editor, address, name, letter


def due(session: Session, settings: Settings, *, now: datetime) -> list[Missed]:
    """Return the issues whose send time passed unapproved and of which nobody was told; reads only, and renders."""
    found = []
    for issue in turns.asked(session):
        turn = turns.current(session, settings, issue, now=now)
        if turn is not None and turn.until is not None and turn.since < turn.until <= now and not _is_known(turn):
            found.append(_missed(session, settings, turn))
    return found


def hold(session: Session, settings: Settings, missed: Missed, *, now: datetime) -> bool:
    """Pause the issue, put it on record and queue the letters; return False where it was decided meanwhile.

    The approval may still be given; a person then chooses a new time, and with it the issue goes on.
    """
    issue = session.get_one(Issue, missed.issue_id)
    still = update(Issue).where(Issue.state == "asked", Issue.frozen_hash == missed.frozen_hash)
    if not states.put(session, issue, still.values(state="asked")):  # whoever decides now waits, or was before us
        return False
    turn = turns.current(session, settings, issue, now=now)
    if turn is None or _is_known(turn):
        return False
    reason = whys.written("missed.reason", area="newsroom")
    issues.pause(session, issue, reason, now=now, editor_id=None, cause=issues.MISSED)
    line = lines.add(session, issue, "missed", editor_id=None, now=now, seat=turn.seat)
    for editor_id, address, name, written in missed.letters:
        once = f"approval:missed:{line.id}:{editor_id}"
        letters.queue(session, "alarm", written, to=address, to_name=name, once=once, now=now)
    return True


def _missed(session: Session, settings: Settings, turn: Turn) -> Missed:
    told = [(one.id, one.email, one.name, _letter(settings, turn, one)) for one in notes.everybody(session)]
    return Missed(turn.issue.id, turn.issue.frozen_hash or "", told)


def _letter(settings: Settings, turn: Turn, editor: Editor) -> Written:
    language = notes.spoken(editor)
    due_at = dates.moment(turn.until, settings.office.zone, language) if turn.until else ""
    names = [one.name for one in turn.people]
    comma = "、" if language == "ja" else ", "
    waiting = words.load("newsroom", language)("missed.waiting", names=comma.join(names)) if names else ""
    return notes.compose(settings, turn.issue, "missed", editor, waiting, due=due_at)


def _is_known(turn: Turn) -> bool:
    return any(line.decision == "missed" and line.frozen_hash == turn.issue.frozen_hash for line in turn.history)
