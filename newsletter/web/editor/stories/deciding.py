"""What becomes of a story, and who looks after which of its languages."""

from datetime import date

from starlette.responses import Response

from newsletter import proposals, stories
from newsletter.errors import InvalidContentError, NotFoundError
from newsletter.models import Editor
from newsletter.web.dependencies import Writing
from newsletter.web.editor.desk import AtDesk
from newsletter.web.editor.stories import desk, form
from newsletter.web.editor.stories import page as pages
from newsletter.web.uploads import Sent

router = desk.router()


@router.post("/stories/{story_id:int}/accept")
def accept(at: AtDesk, session: Writing, story_id: int) -> Response:
    """Take a proposed story into the pool and tell those who proposed it."""
    story = stories.get(session, story_id)
    proposals.accept(session, at.context.settings, story, editor_id=at.editor.id, now=at.now)
    return at.go(desk.path(at, story, done="story_accepted"))


@router.post("/stories/{story_id:int}/decline")
def decline(at: AtDesk, session: Writing, sent: Sent, story_id: int) -> Response:
    """Put a story aside; the words given go to those who proposed it."""
    story, reason = stories.get(session, story_id), form.one(sent, "reason").strip()
    try:
        proposals.decline(session, at.context.settings, story, reason, editor_id=at.editor.id, now=at.now)
    except InvalidContentError:
        return pages.page(at, session, story, status=422, wrong="reason", typed={"reason": reason})
    return at.go(desk.path(at, story, done="story_declined"))


@router.post("/stories/{story_id:int}/reopen")
def reopen(at: AtDesk, session: Writing, story_id: int) -> Response:
    """Bring a story back into the pool."""
    story = stories.get(session, story_id)
    stories.reopen(session, story, editor_id=at.editor.id, now=at.now)
    return at.go(desk.path(at, story, done="story_reopened"))


@router.post("/stories/{story_id:int}/next-year")
def make_next_year(at: AtDesk, session: Writing, story_id: int) -> Response:
    """Make next year's fair and lead to it."""
    story = stories.next_year(session, stories.get(session, story_id), editor_id=at.editor.id, now=at.now)
    return at.go(desk.path(at, story, done="story_next_year"))


@router.post("/stories/{story_id:int}/words/{language}/confirm")
def confirm(at: AtDesk, session: Writing, sent: Sent, story_id: int, language: str) -> Response:
    """Say that the words of a language still hold, as they were shown."""
    story = stories.get(session, story_id)
    base = form.number(form.one(sent, "base"))
    stories.confirm(session, story, _spoken(at, language), base=base, editor_id=at.editor.id, now=at.now)
    return at.go(desk.path(at, story, done="story_confirmed"))


@router.post("/stories/{story_id:int}/words/{language}/assign")
def assign(at: AtDesk, session: Writing, sent: Sent, story_id: int, language: str) -> Response:
    """Say who looks after the words of a language, and until when."""
    story = stories.get(session, story_id)
    owner = session.get(Editor, form.number(form.one(sent, "owner"))) if form.one(sent, "owner") else None
    due: date | None = form.day(form.one(sent, "due"))
    if form.one(sent, "due") and due is None:
        return pages.page(at, session, story, status=422, wrong="due")
    stories.assign(
        session,
        story,
        _spoken(at, language),
        owner_id=owner.id if owner else None,
        due=due,
        editor_id=at.editor.id,
        now=at.now,
    )
    return at.go(desk.path(at, story, done="story_assigned"))


def _spoken(at: AtDesk, language: str) -> str:
    if language not in at.context.settings.publication.languages:
        raise NotFoundError
    return language
