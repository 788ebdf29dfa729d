"""Writing an issue: its words in each language, its stories and their order, its readers and its times."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from newsletter import database, issues, revisions
from newsletter.content import IssueContent
from newsletter.errors import InvalidContentError, NotFoundError, StaleError, StateError
from newsletter.issues import states, views
from newsletter.models import Issue
from newsletter.revisions import Conflict, ConflictError
from newsletter.web.dependencies import Reading, Writing
from newsletter.web.editor import arranging, composing, route
from newsletter.web.editor.composing import Form, FormRefusedError, Wrong
from newsletter.web.editor.desk import AtDesk, Desk, Sent
from subscribers import audience

router = route.router()

DEEDS = ("add", "drop", "renew", "up", "down", "section-up", "section-down", "count")
"""What a button may do to the form without saving it."""

STEPS = {"up": -1, "down": 1, "section-up": -1, "section-down": 1}


@dataclass(frozen=True)
class Clash:
    """A field that two editors changed: both texts, and the name of the choice between them."""

    name: str
    place: str
    language: str
    mine: str
    theirs: str
    base: str
    pieces: list[revisions.Piece]


@dataclass(frozen=True)
class Asked:
    """What is wrong with a form or undecided in it, beside the form itself."""

    wrong: dict[str, Wrong]
    clashes: list[Clash]
    by: str = ""  # who else saved
    touched: str = ""  # the button that was pressed, which keeps the focus


NOTHING = Asked({}, [])


@router.get("/issues/{issue_id:int}/compose")
def show(at: AtDesk, session: Reading, issue_id: int) -> Response:
    """Show an issue to be written on."""
    issue = _open(session, issue_id)
    form = composing.of(issues.content(session, issue), at.context.settings, base=issue.head)
    return _page(at, session, issue, form)


@router.post("/issues/{issue_id:int}/compose")
def write(at: AtDesk, sent: Sent, issue_id: int) -> Response:
    """Save the form, or do what a button of it says and show it again unsaved."""
    form = composing.read(sent, at.context.settings)
    deed, _, subject = composing.one(sent, "do").partition(":")
    if deed in DEEDS:
        with database.reading(at.context.engine) as session:
            issue = _open(session, issue_id)
            changed = _changed(at, session, form, deed, subject)
            return _page(at, session, issue, changed, Asked({}, [], touched=f"{deed}:{subject}"), unsaved=True)
    return _save(at, sent, form, issue_id)


@router.post("/issues/{issue_id:int}/renew")
def renew(at: AtDesk, session: Writing, sent: Sent, issue_id: int) -> Response:
    """Take the newest words of all stories."""
    base = composing.read(sent, at.context.settings).base
    issue = _open(session, issue_id)
    if base != issue.head:
        raise StaleError
    issues.renew(session, issue, base=base, editor_id=at.editor.id, now=at.now)
    return at.go(at.links.issue(issue_id, done="renewed"))


def _changed(at: Desk, session: Session, form: Form, deed: str, subject: str) -> Form:
    held = arranging.sections(session, at.context.settings, form, language=at.language)
    if deed == "count":
        return form
    if deed.startswith("section-"):
        return replace(form, sections=arranging.shifted(held, subject, STEPS[deed]))
    story_id = int(subject) if subject.isascii() and subject.isdecimal() and len(subject) < 10 else 0  # noqa: PLR2004 - below 2**31
    if deed == "drop":
        return replace(form, stories=tuple(one for one in form.stories if one.story_id != story_id))
    if deed in ("add", "renew"):
        return replace(form, stories=arranging.newest(session, form, story_id))
    section = next((one for one in held if story_id in [story.id for story in one.stories]), None)
    if section is None:
        raise NotFoundError
    return replace(form, stories=arranging.moved(form, section, story_id, STEPS[deed]))


def _save(at: Desk, sent: FormData, form: Form, issue_id: int) -> Response:
    """Save what the form says; where something is undecided or wrong, show it again with everything kept."""
    try:
        with database.writing(at.context.engine) as session:
            issue = _open(session, issue_id)
            before = _base(session, issue, form)
            settings, head = at.context.settings, issue.head
            wanted = _settled(sent, composing.content(form, before, settings, now=at.now), before)
            issues.save(session, issue, wanted, base=form.base, editor_id=at.editor.id, now=at.now)
            done = "unchanged" if issue.head == head else "saved" if form.base == head else "merged"
    except FormRefusedError as error:
        return _again(at, issue_id, form, Asked(error.wrong, []))
    except InvalidContentError:
        return _again(at, issue_id, form, Asked({"stories": Wrong("story_gone")}, []))
    except ConflictError as error:
        return _clashing(at, issue_id, error)
    return at.go(at.links.issue(issue_id, "compose", done=done))


def _base(session: Session, issue: Issue, form: Form) -> IssueContent:
    try:
        return issues.content(session, issue, form.base)
    except NotFoundError as error:
        raise StaleError from error


def _settled(sent: FormData, mine: IssueContent, theirs: IssueContent) -> IssueContent:
    """Return my content with their field wherever the editor chose it; the form was made from theirs."""
    for value in _taken(sent):
        try:
            mine = revisions.take(mine, theirs, tuple(value.split(".")))
        except (ValueError, KeyError, AttributeError) as error:
            raise StaleError from error
    return mine


def _taken(sent: FormData) -> list[str]:
    """Return the fields for which the other editor's text was chosen."""
    kept = [composing.one(sent, name) for name in sent if name.startswith("keep.")]
    return [value for value in kept if value != "mine"]


def _open(session: Session, issue_id: int) -> Issue:
    issue = issues.get(session, issue_id)
    if issue.state not in states.OPEN:
        raise StateError
    return issue


def _again(at: Desk, issue_id: int, form: Form, asked: Asked) -> Response:
    with database.reading(at.context.engine) as session:
        issue = issues.get(session, issue_id)
        return _page(at, session, issue, form, asked, status=422, unsaved=True)


def _clashing(at: Desk, issue_id: int, error: ConflictError) -> Response:
    """Show the form with everything that could be merged, and both texts of what could not."""
    with database.reading(at.context.engine) as session:
        issue = issues.get(session, issue_id)
        newest = next(iter(issues.history(session, issue, before=error.head + 1, limit=1)))
        form = composing.of(error.merged.draft, at.context.settings, base=error.head)
        clashes = [_clash(at, session, conflict) for conflict in error.conflicts]
        asked = Asked({}, clashes, by=newest.editor or at.words("issue.somebody"))
        return _page(at, session, issue, form, asked, status=409, unsaved=True)


def _clash(at: Desk, session: Session, conflict: Conflict) -> Clash:
    say = revisions.words_of(at.language)
    mine, theirs, base = (
        _told(at, session, conflict.path, value) for value in (conflict.mine, conflict.theirs, conflict.base)
    )
    return Clash(
        name=".".join(conflict.path),
        place=revisions.place(conflict.path, say),
        language=conflict.path[1] if conflict.path[:1] == ("texts",) else "",
        mine=mine,
        theirs=theirs,
        base=base,
        pieces=revisions.pieces(base, theirs),
    )


def _told(at: Desk, session: Session, path: revisions.Path, value: Any) -> str:
    say = revisions.words_of(at.language)
    if path[:1] != ("stories",):
        return revisions.told(path, value, say, zone=at.zone)
    ids = value if path[-1] == "order" else [int(path[1])] if value else []
    return "\n".join(issues.title(session, story_id, at.language) for story_id in ids)


def _page(
    at: Desk,
    session: Session,
    issue: Issue,
    form: Form,
    asked: Asked = NOTHING,
    *,
    status: int = 200,
    unsaved: bool = False,
) -> Response:
    settings = at.context.settings
    held = arranging.sections(session, settings, form, language=at.language)
    among = views.among(IssueContent(texts={}, audience=form.audience))
    return at.page(
        "compose",
        status=status,
        here=at.links.issue(issue.id, "compose"),
        issue=issue,
        form=form,
        tongues=sorted(settings.publication.languages, key=lambda one: one != at.language),
        sections=held,
        ordered=form.stories,
        pool=arranging.pool(session, settings, issue.publication_id, form),
        people=audience.count(session, issue.publication_id, among),
        everybody=audience.count(session, issue.publication_id),
        options=_options(at),
        asked=asked,
        wrong={name: _sentence(at, one) for name, one in asked.wrong.items()},
        unsaved=unsaved,
    )


def _sentence(at: Desk, wrong: Wrong) -> str:
    wall = wrong.values.get("wall")
    told = at.day_and_time(wall.replace(tzinfo=at.zone)) if wall else ""  # type: ignore[attr-defined] # it is a datetime
    return at.words(f"wrong.{wrong.sentence}", **{**wrong.values, "when": told, "day": ""})


def _options(at: Desk) -> dict[str, list[tuple[str, str]]]:
    """Return by what readers may be chosen: codes with their names, in the order of the settings."""
    say = revisions.words_of(at.language)
    publication = at.context.settings.publication
    named = {"languages": publication.languages, "countries": publication.countries}
    return {
        **{name: [(code, revisions.told((name,), (code,), say)) for code in codes] for name, codes in named.items()},
        "topics": [(topic.key, topic.title.get(at.language, topic.key)) for topic in publication.topics],
    }
