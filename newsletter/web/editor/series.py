"""Series: issues that make themselves; what each takes, when it goes out, what became of it, and who agreed."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Form
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import series
from newsletter.models import Editor, Issue, Series, SeriesRun
from newsletter.series import Occasion, Rule, closed, standing
from newsletter.web.dependencies import Reading, Writing
from newsletter.web.editor import route, serial
from newsletter.web.editor.desk import AtDesk, Desk, Sent

router = route.router()

NEXT = 4
"""Days ahead that are shown."""
MOST_RUNS = 24


@router.get("/series")
def show_all(at: AtDesk, session: Reading) -> Response:
    """List the series with what comes next of each."""
    found = []
    for one in series.in_order(session, at.context.publication_id):
        rule = series.rule_of(one)
        ahead = series.upcoming(at.context.settings, rule, now=at.now, count=1)
        found.append((one, rule, ahead[0] if ahead else None))
    return at.page("series_list", here=at.links.at("series"), entries=found)


@router.get("/series/new")
def begin(at: AtDesk) -> Response:
    """Show the form of a new series."""
    return _form(at, None, serial.empty(at.now.astimezone(at.zone).date()))


@router.post("/series/new")
def create(at: AtDesk, session: Writing, sent: Sent) -> Response:
    """Add a series; it is stopped until somebody has looked at what it would do and starts it."""
    settings = at.context.settings
    form = serial.typed(sent, settings.publication.languages)
    rule, wrong = serial.rule_of(form, settings.publication.languages)
    if rule is None:
        return _form(at, None, form, wrong)
    made = series.create(session, settings, at.context.publication_id, rule, editor_id=at.editor.id, now=at.now)
    return at.go(at.links.at("series", made.id, done="series_made"))


@router.get("/series/{series_id:int}")
def show(at: AtDesk, session: Reading, series_id: int) -> Response:
    """Show a series: what comes next, who agreed, what became of it."""
    return _page(at, session, series.get(session, series_id))


@router.get("/series/{series_id:int}/edit")
def edit(at: AtDesk, session: Reading, series_id: int) -> Response:
    """Show the form of a series."""
    one = series.get(session, series_id)
    return _form(at, one, serial.of(series.rule_of(one), one.version))


@router.post("/series/{series_id:int}/edit")
def save(at: AtDesk, session: Writing, sent: Sent, series_id: int) -> Response:
    """Keep another rule."""
    settings, one = at.context.settings, series.get(session, series_id)
    form = serial.typed(sent, settings.publication.languages)
    rule, wrong = serial.rule_of(form, settings.publication.languages)
    if rule is None:
        return _form(at, one, form, wrong)
    series.save(session, settings, one, rule, base=form.base, editor_id=at.editor.id, now=at.now)
    return at.go(at.links.at("series", series_id, done="series_saved"))


@router.post("/series/{series_id:int}/start")
def start(at: AtDesk, session: Writing, series_id: int) -> Response:
    """Let the clock make issues from now on."""
    series.start(session, series.get(session, series_id), editor_id=at.editor.id, now=at.now)
    return at.go(at.links.at("series", series_id, done="series_started"))


@router.post("/series/{series_id:int}/stop")
def stop(at: AtDesk, session: Writing, series_id: int) -> Response:
    """Make no more issues."""
    series.stop(session, series.get(session, series_id), editor_id=at.editor.id, now=at.now)
    return at.go(at.links.at("series", series_id, done="series_stopped"))


@router.post("/series/{series_id:int}/agree")
def agree(
    at: AtDesk, session: Writing, series_id: int, *, shown: Annotated[str, Form()], until: Annotated[str, Form()] = ""
) -> Response:
    """Agree that issues of this series go out by themselves up to a day."""
    one = series.get(session, series_id)
    try:
        last = date.fromisoformat(until.strip())
    except ValueError:
        return _page(at, session, one, wrong="until")
    today = at.now.astimezone(at.zone).date()
    if not today <= last <= today + standing.LONGEST:
        return _page(at, session, one, wrong="until")
    settings = at.context.settings
    standing.give(session, settings, one, shown=shown, until=last, editor_id=at.editor.id, now=at.now)
    return at.go(at.links.at("series", series_id, done="series_agreed"))


@router.post("/series/{series_id:int}/withdraw")
def withdraw(at: AtDesk, session: Writing, series_id: int) -> Response:
    """Take the standing approval back."""
    one = series.get(session, series_id)
    standing.withdraw(session, at.context.settings, one, editor_id=at.editor.id, now=at.now)
    return at.go(at.links.at("series", series_id, done="series_withdrawn"))


def _page(at: Desk, session: Session, one: Series, *, wrong: str = "") -> Response:
    settings, rule = at.context.settings, series.rule_of(one)
    today = at.now.astimezone(at.zone).date()
    ahead = series.upcoming(settings, rule, now=at.now, count=NEXT)
    held = standing.in_force(session, settings, one, day=today)
    names = dict(session.execute(select(Editor.id, Editor.name)).all())
    return at.page(
        "series_one",
        status=422 if wrong else 200,
        here=at.links.at("series", one.id),
        series=one,
        rule=rule,
        ahead=[(occasion, _why(at, occasion)) for occasion in ahead],
        picked=_picked(at, session, rule, ahead),
        held=held,
        until=min((line.until for line in held if line.until), default=None),
        holders=[names.get(line.editor_id or 0, "") for line in held],
        may_give=standing.may_give(session, settings, one, at.editor, now=at.now),
        seal=standing.seal(settings, one),
        longest=today + standing.LONGEST,
        suggested=today + timedelta(days=183),
        record=[(line, names.get(line.editor_id or 0, "")) for line in standing.lines(session, one)][::-1],
        runs=_runs(session, one),
        wrong=wrong,
    )


def _why(at: Desk, occasion: Occasion) -> str:
    """Return the holiday a day has moved off, or an empty string."""
    if occasion.moved == occasion.day:
        return ""
    return closed.holiday(at.context.settings, occasion.day, at.language)


def _picked(at: Desk, session: Session, rule: Rule, ahead: list[Occasion]) -> series.Picked | None:
    if not ahead:
        return None
    day = ahead[0].moved or ahead[0].day
    return series.pick(session, at.context.settings, at.context.publication_id, rule.picking, day=day)


def _runs(session: Session, one: Series) -> list[tuple[SeriesRun, Issue | None]]:
    rows = session.execute(
        select(SeriesRun, Issue)
        .outerjoin(Issue, Issue.id == SeriesRun.issue_id)
        .where(SeriesRun.series_id == one.id)
        .order_by(SeriesRun.day.desc())
        .limit(MOST_RUNS)
    )
    return [(run, issue) for run, issue in rows.all()]


def _form(at: Desk, one: Series | None, form: serial.Form, wrong: list[str] | None = None) -> Response:
    return at.page(
        "series_form",
        status=422 if wrong else 200,
        here=at.links.at("series", one.id, "edit") if one else at.links.at("series", "new"),
        series=one,
        form=form,
        wrong=wrong or [],
        kinds=serial.KINDS,
        nths=serial.NTHS,
    )
