"""The pool as a list: what waits, what was told, what was put aside."""

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import proposals, stories
from newsletter.models import Editor
from newsletter.web.dependencies import Reading
from newsletter.web.editor.desk import AtDesk
from newsletter.web.editor.stories import desk, fields

PAGE = 50
SHELVES = {"waiting": ("proposed", "accepted"), "used": ("used",), "declined": ("declined",)}

router = desk.router()


@router.get("/stories")
def show_all(at: AtDesk, session: Reading, shelf: str = "waiting", before: desk.Before = None) -> Response:
    """List the stories of one shelf, newest first; proposed ones lead, since somebody waits for an answer."""
    shelf = shelf if shelf in SHELVES else "waiting"
    languages = at.context.settings.publication.languages
    found = stories.entries(
        session, at.context.publication_id, languages, states=SHELVES[shelf], before=before, limit=PAGE
    )
    return at.page(
        "stories",
        shelf=shelf,
        shelves=tuple(SHELVES),
        entries=sorted(found, key=lambda entry: entry.story.state != "proposed"),
        older=found[-1].story.id if len(found) == PAGE else None,
        colour=lambda content: desk.colour(at, content),
        told_for=proposals.of_stories(session, [entry.story.id for entry in found]),
        names=editors(session),
        kinds=fields.KINDS,
        today=at.now.astimezone(at.zone).date(),
    )


def editors(session: Session) -> dict[int, str]:
    """Return the names of the people of the office, those who left too."""
    return dict(session.execute(select(Editor.id, Editor.name).order_by(Editor.name)).all())
