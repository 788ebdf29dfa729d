"""Tell the editors at once when an issue has paused by itself."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import letters, urls, words
from newsletter.config import Settings
from newsletter.delivery import whys
from newsletter.models import Editor, Issue


def write(session: Session, settings: Settings, issue_id: int, sentence: str, *, now: datetime) -> None:
    """Queue a letter to every editor that says why, in their language; the desk shows the same sentence."""
    issue = session.get_one(Issue, issue_id)
    spoken = words.languages("report")
    for editor in session.scalars(select(Editor).where(Editor.disabled_at.is_(None)).order_by(Editor.id)).all():
        say = words.load("report", editor.language if editor.language in spoken else "en")
        letters.write(
            session,
            settings,
            "alarm",
            language=say.language,
            to=editor.email,
            to_name=editor.name,
            once=f"paused:{issue_id}:{now:%Y%m%dT%H%M}:{editor.id}",
            now=now,
            template="note",
            heading=say("alarm.correction_heading" if issue.corrects_id else "alarm.heading", number=issue.called),
            paragraphs=[say("alarm.text"), whys.told(sentence, say.language), say("alarm.next")],
            url=urls.desk_issue(settings, issue_id),
            label=say("desk"),
        )
