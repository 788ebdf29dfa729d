"""Writing a story: a plain form for each kind, merged with what a colleague saved meanwhile or asked about."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import database, revisions, stories
from newsletter.errors import NotFoundError, StaleError
from newsletter.models import Story
from newsletter.rendering.views import AnyStory
from newsletter.revisions import ConflictError
from newsletter.web.dependencies import Reading
from newsletter.web.editor.desk import AtDesk, Desk
from newsletter.web.editor.stories import clashes, desk, fields, files, form, sheet
from newsletter.web.editor.stories.form import Form
from newsletter.web.editor.stories.saying import FormRefusedError, Wrong, content
from newsletter.web.uploads import Sent

router = desk.router()


@router.get("/stories/new")
def begin(at: AtDesk, kind: str = "") -> Response:
    """Show the empty form of a kind, or ask which kind."""
    if kind not in fields.KINDS:
        return at.page("story_kinds", kinds=fields.KINDS)
    return sheet.page(at, None, form.empty(kind, at.context.settings.publication.languages))


@router.post("/stories/new")
def create(at: AtDesk, sent: Sent) -> Response:
    """Add a story to the pool."""
    typed, wrong = files.received(at, sent)
    try:
        wanted = _wanted(at, typed, None, wrong)
    except FormRefusedError as error:
        return sheet.page(at, None, typed, wrong=error.wrong)
    with database.writing(at.context.engine) as session:
        story = stories.create(session, at.context.publication_id, wanted, editor_id=at.editor.id, now=at.now)
        return at.go(desk.path(at, story, done="story_created"))


@router.get("/stories/{story_id:int}/edit")
def show(at: AtDesk, session: Reading, story_id: int, kind: str = "") -> Response:
    """Show a story to be written on, as one of another kind if `kind` says so."""
    story = stories.get(session, story_id)
    languages = at.context.settings.publication.languages
    kind = kind if kind in fields.KINDS else ""
    return sheet.page(at, story, form.of(stories.content(session, story.id), languages, base=story.head, kind=kind))


@router.post("/stories/{story_id:int}/edit")
def write(at: AtDesk, sent: Sent, story_id: int) -> Response:
    """Save the form; where something is undecided or wrong, show it again with everything kept."""
    typed, wrong = files.received(at, sent)
    try:
        with database.writing(at.context.engine) as session:
            story = stories.get(session, story_id)
            head = story.head
            before = _base(session, story, typed)
            mine = clashes.settled(sent, _wanted(at, typed, before, wrong), before)
            if mine != before or typed.base != head:
                stories.save(session, story, mine, base=typed.base, editor_id=at.editor.id, now=at.now)
            done = "story_unchanged" if story.head == head else "saved" if typed.base == head else "merged"
    except FormRefusedError as error:
        return _again(at, story_id, typed, error.wrong)
    except ConflictError as error:
        return _clashing(at, story_id, error)
    return at.go(desk.path(at, story, done=done))


def _wanted(at: Desk, typed: Form, before: AnyStory | None, wrong: dict[str, Wrong]) -> AnyStory:
    """Return what the form says; raise FormRefusedError, also for a file that was refused."""
    try:
        wanted = content(typed, before, at.context.settings)
    except FormRefusedError as error:
        raise FormRefusedError({**error.wrong, **wrong}) from error
    if wrong:
        raise FormRefusedError(wrong)
    return stories.clean(wanted)


def _base(session: Session, story: Story, typed: Form) -> AnyStory:
    try:
        return stories.content(session, story.id, typed.base)
    except NotFoundError as error:
        raise StaleError from error


def _again(at: Desk, story_id: int, typed: Form, wrong: dict[str, Wrong]) -> Response:
    with database.reading(at.context.engine) as session:
        return sheet.page(at, stories.get(session, story_id), typed, wrong=wrong)


def _clashing(at: Desk, story_id: int, error: ConflictError) -> Response:
    """Show the form with everything that could be merged, and both texts of what could not."""
    languages = at.context.settings.publication.languages
    with database.reading(at.context.engine) as session:
        story = stories.get(session, story_id)
        newest = next(iter(revisions.history(session, story, before=error.head + 1, limit=1)))
        mine = form.of(error.merged.draft, languages, base=error.head)
        by = newest.editor or at.words("issue.somebody")
        return sheet.page(at, story, mine, clashing=clashes.all_of(at, error.conflicts), by=by)
