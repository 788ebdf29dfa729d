"""Letters about a correction to those who decide, and to the one who asked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from newsletter import letters, urls, words
from newsletter.approvals import chain, lines
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
    found = reach.reach(session, correction)
    for editor in chain.sitters(session, settings, seat, now=now, barred=barred):
        say = words.load("newsroom", editor.language)
        told = say("correction.asked_text", told=f"{found.told:,}", waiting=f"{found.waiting:,}")
        _write(session, settings, correction, editor, [told], name="asked", once=f"asked:{seat.number}", now=now)


def refused(session: Session, settings: Settings, correction: Correction, comment: str, *, now: datetime) -> None:
    """Tell the one who asked what was said."""
    known = lines.history(session, drafts.short_of(session, correction))
    asker = next((line.editor_id for line in reversed(known) if line.decision == "asked"), None)
    editor = session.get(Editor, asker) if asker else None
    if editor is not None:
        told = [words.load("newsroom", editor.language)("correction.refused_text"), comment]
        _write(session, settings, correction, editor, told, name="refused", once="refused", now=now)


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
) -> None:
    say = words.load("newsroom", editor.language)
    number = session.get_one(Issue, correction.issue_id).number
    letters.write(
        session,
        settings,
        "approval",
        language=editor.language,
        to=editor.email,
        to_name=editor.name,
        once=f"correction:{correction.id}:{once}:{(correction.frozen_hash or '')[:16]}:{editor.id}",
        now=now,
        template="note",
        heading=say(f"correction.{name}_heading", number=number),
        paragraphs=list(paragraphs),
        url=urls.desk_correction(settings, correction.id),
        label=say("correction.asked_label"),
    )
