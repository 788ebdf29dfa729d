"""Whom a story is told for: written down by an editor, or forgotten."""

from starlette.responses import Response

from newsletter import proposals, stories
from newsletter.web.dependencies import Writing
from newsletter.web.editor.desk import AtDesk
from newsletter.web.editor.stories import desk, form
from newsletter.web.editor.stories import page as pages
from newsletter.web.uploads import Sent
from subscribers.errors import AddressError

NAMES = ("organisation", "name", "email", "language")

router = desk.router()


@router.post("/stories/{story_id:int}/proposer")
def note(at: AtDesk, session: Writing, sent: Sent, story_id: int) -> Response:
    """Write down whom a story is told for, so that they hear what became of it."""
    story = stories.get(session, story_id)
    typed = {name: form.line(form.one(sent, name))[:200] for name in NAMES}
    if typed["language"] not in at.context.settings.publication.languages:
        typed["language"] = at.language
    if not typed["organisation"]:
        return pages.page(at, session, story, status=422, wrong="organisation", typed=typed)
    try:
        proposals.note(session, story, **typed, editor_id=at.editor.id, now=at.now)
    except AddressError:
        return pages.page(at, session, story, status=422, wrong="email", typed=typed)
    return at.go(desk.path(at, story, done="proposer_noted"))


@router.post("/stories/{story_id:int}/proposer/forget")
def forget(at: AtDesk, session: Writing, story_id: int) -> Response:
    """Delete whom a story is told for."""
    story = stories.get(session, story_id)
    proposals.forget(session, story, editor_id=at.editor.id, now=at.now)
    return at.go(desk.path(at, story, done="proposer_forgotten"))
