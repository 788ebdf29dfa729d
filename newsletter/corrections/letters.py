"""Letters about a correction to those who decide, and to the one who asked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from newsletter import letters, urls, words
from newsletter.approvals import chain, lines, notes
from newsletter.config import Settings
from newsletter.corrections import drafts, reach
from newsletter.models import Correction, Editor, Issue


def ask(session: Session, settings: Settings, correction: Correction, *, now: datetime) -> None:
    """Ask whoever may take the next seat."""
    known = lines.history(session, drafts.short_of(session, correction))
    sealed = correction.frozen_hash or ""
    seat = chain.next_seat(known, chain.seats(settings), sealed)
    if seat is None:
        return
    barred = chain.barred(settings, known, sealed)
    for editor in chain.sitters(session, settings, seat, now=now, barred=barred):
        ask_one(session, settings, correction, editor, seat=seat.number, now=now)


def ask_one(
    session: Session,
    settings: Settings,
    correction: Correction,
    editor: Editor,
    *,
    seat: int,
    hours: float | None = None,
    now: datetime,
) -> bool:
    """Ask one editor, or after so many `hours` remind them; return False where that letter was written before."""
    say, found = words.load("newsroom", notes.spoken(editor)), reach.reach(session, correction)
    told = say("correction.asked_text", told=f"{found.told:,}", waiting=f"{found.waiting:,}")
    name = "asked" if hours is None else "reminder"
    named = once(correction, editor, seat=seat, hours=hours)
    return _write(session, settings, correction, editor, [told], name=name, once=named, now=now)


def once(correction: Correction, editor: Editor, *, seat: int, hours: float | None = None) -> str:
    """Return the name of a letter, by which it is written once."""
    return _once(correction, editor, f"asked:{seat}" if hours is None else f"{hours:g}h:{seat}")


def refused(session: Session, settings: Settings, correction: Correction, comment: str, *, now: datetime) -> None:
    """Tell the one who asked what was said."""
    known = lines.history(session, drafts.short_of(session, correction))
    asker = next((line.editor_id for line in reversed(known) if line.decision == "asked"), None)
    editor = session.get(Editor, asker) if asker else None
    if editor is not None:
        told = [words.load("newsroom", notes.spoken(editor))("correction.refused_text"), comment]
        named = _once(correction, editor, "refused")
        _write(session, settings, correction, editor, told, name="refused", once=named, now=now)


def _write(
    session: Session,
    settings: Settings,
    correction: Correction,
    editor: Editor,
    paragraphs: Sequence[str],
    *,
    name: str,
    once: str,
    now: datetime,
) -> bool:
    say = words.load("newsroom", notes.spoken(editor))
    number = session.get_one(Issue, correction.issue_id).number
    written = letters.write(
        session,
        settings,
        "approval",
        language=say.language,
        to=editor.email,
        to_name=editor.name,
        once=once,
        now=now,
        template="note",
        heading=say(f"correction.{name}_heading", number=number),
        paragraphs=list(paragraphs),
        url=urls.desk_correction(settings, correction.id),
        label=say("correction.asked_label"),
    )
    return written is not None


def _once(correction: Correction, editor: Editor, what: str) -> str:
    return f"correction:{correction.id}:{what}:{(correction.frozen_hash or '')[:16]}:{editor.id}"
