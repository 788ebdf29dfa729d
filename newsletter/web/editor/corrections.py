"""Corrections: begun at an issue, written, asked for, decided, and watched to their end."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Form
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from newsletter import checks, corrections, database, issues
from newsletter.approvals import specimen
from newsletter.corrections import Prepared, changes
from newsletter.errors import CheckFailedError, NotFoundError
from newsletter.findings import Finding
from newsletter.models import Correction, Issue
from newsletter.web import headers
from newsletter.web.dependencies import Reading, Writing
from newsletter.web.editor import correcting, frame, own_words, route
from newsletter.web.editor.desk import AtDesk, Desk, Sent

router = route.router()


@router.get("/corrections")
def show_all(at: AtDesk, session: Reading) -> Response:
    """Show what readers were told that no longer holds, what is being corrected, and what was."""
    entries = correcting.entries(session, at.context.publication_id)
    begun = {entry.issue.id for entry in entries if entry.correction.state in correcting.OPEN}
    offers = corrections.offers(session, at.context.publication_id)
    return at.page(
        "corrections",
        here=at.links.at("corrections"),
        offers=[one for one in offers if one.issue.id not in begun],
        entries=entries,
    )


@router.get("/issues/{issue_id:int}/correct")
def choose(at: AtDesk, session: Reading, issue_id: int) -> Response:
    """Ask which stories were wrong; those that have changed since are chosen already."""
    issue = issues.get(session, issue_id)
    changes.demand_out(issue)
    known = next((one for one in corrections.of_issue(session, issue) if one.state in correcting.OPEN), None)
    if known is not None:
        return at.go(at.links.at("corrections", known.id))
    held = corrections.changed(session, issue)
    return at.page("correct", here=at.links.issue(issue_id, "correct"), issue=issue, stories=held, wrong="")


@router.post("/issues/{issue_id:int}/correct")
def begin(at: AtDesk, session: Writing, issue_id: int, sent: Sent) -> Response:
    """Open a correction: what is still to be sent pauses at once."""
    issue = issues.get(session, issue_id)
    held = corrections.changed(session, issue)
    chosen = [one for one in held if str(one.story_id) in correcting.every(sent, "story")]
    if not chosen and not correcting.one(sent, "own"):
        return at.page("correct", status=422, issue=issue, stories=held, wrong="none")
    different = [one for one in chosen if one.differs]
    notes = corrections.suggest(different, correcting.tongues(at, session, issue)) if different else {}
    ids = [one.story_id for one in chosen]
    settings = at.context.settings
    begun = corrections.begin(session, settings, issue, ids, notes, editor_id=at.editor.id, now=at.now)
    return at.go(at.links.at("corrections", begun.id, done="correcting"))


@router.post("/issues/{issue_id:int}/redate")
def redate(at: AtDesk, session: Writing, issue_id: int) -> Response:
    """Open a correction that gives today's date to what still waits; an open one does that already."""
    issue = issues.get(session, issue_id)
    known = correcting.opened(session, issue)
    if known is None:
        settings, by = at.context.settings, at.editor.id
        known = corrections.begin(session, settings, issue, [], {}, editor_id=by, now=at.now)
    return at.go(at.links.at("corrections", known.id, done="correcting"))


@router.get("/corrections/{correction_id:int}")
def show(at: AtDesk, session: Reading, correction_id: int) -> Response:
    """Show how a correction stands, and the one thing to do next."""
    return _page(at, session, corrections.get(session, correction_id))


@router.post("/corrections/{correction_id:int}")
def save(at: AtDesk, session: Writing, correction_id: int, sent: Sent) -> Response:
    """Keep which stories are corrected and what was wrong."""
    correction = corrections.get(session, correction_id)
    if wrong := own_words.refused(session, correction, sent):
        return _page(at, session, correction, wrong=wrong, sent=sent)
    _save(at, session, correction, sent)
    return at.go(at.links.at("corrections", correction_id, done="correction_saved"))


@router.post("/corrections/{correction_id:int}/ask")
def ask(at: AtDesk, correction_id: int, sent: Sent) -> Response:
    """Keep what was typed, check and render it, and ask for approval; warnings may be let stand in the same step."""
    settings, engine = at.context.settings, at.context.engine
    with database.writing(engine) as session:
        correction = corrections.get(session, correction_id)
        if wrong := own_words.refused(session, correction, sent):
            return _page(at, session, correction, wrong=wrong, sent=sent)
        _save(at, session, correction, sent)
    with database.reading(engine) as session:
        correction = corrections.get(session, correction_id)
        lacking = corrections.lacking(session, correction, now=at.now)
        if lacking:
            return _page(at, session, correction, wrong=lacking)
        prepared = corrections.prepare(session, settings, correction, speak=at.language, now=at.now)
    looked = set(correcting.every(sent, "stands"))
    try:
        with database.writing(engine) as session:
            correction = corrections.get(session, correction_id)
            _tick(at, session, correction, prepared, looked)
            corrections.ask(session, settings, correction, prepared, editor_id=at.editor.id, now=at.now)
            done = "correction_asked" if correction.state == "asked" else "correction_approved"
    except CheckFailedError as error:
        with database.reading(engine) as session:
            correction = corrections.get(session, correction_id)
            return _page(at, session, correction, findings=error.findings, wrong="findings")
    return at.go(at.links.at("corrections", correction_id, done=done))


@router.post("/corrections/{correction_id:int}/give")
def give(at: AtDesk, session: Writing, correction_id: int, shown: Annotated[str, Form()]) -> Response:
    """Approve exactly what was shown."""
    correction = corrections.get(session, correction_id)
    corrections.give(session, at.context.settings, correction, shown=shown, editor_id=at.editor.id, now=at.now)
    return at.go(at.links.at("corrections", correction_id, done="correction_approved"))


@router.post("/corrections/{correction_id:int}/refuse")
def refuse(at: AtDesk, session: Writing, correction_id: int, comment: Annotated[str, Form()] = "") -> Response:
    """Send a correction back with a sentence about what should change."""
    correction = corrections.get(session, correction_id)
    if not comment.strip():
        return _page(at, session, correction, wrong="comment")
    settings = at.context.settings
    corrections.refuse(session, settings, correction, comment=comment.strip(), editor_id=at.editor.id, now=at.now)
    return at.go(at.links.at("corrections", correction_id, done="refused"))


@router.post("/corrections/{correction_id:int}/take-back")
def take_back(at: AtDesk, session: Writing, correction_id: int) -> Response:
    """Ask nobody any more: the correction is a draft again."""
    corrections.take_back(session, corrections.get(session, correction_id), editor_id=at.editor.id, now=at.now)
    return at.go(at.links.at("corrections", correction_id, done="correction_taken_back"))


@router.post("/corrections/{correction_id:int}/drop")
def drop(at: AtDesk, session: Writing, correction_id: int) -> Response:
    """Give a correction up; the issue stays paused until somebody lets it go on."""
    correction = corrections.get(session, correction_id)
    corrections.drop(session, correction, editor_id=at.editor.id, now=at.now)
    return at.go(at.links.issue(correction.issue_id, done="correction_dropped"))


@router.get("/corrections/{correction_id:int}/mail/{language}")
def show_mail(at: AtDesk, session: Reading, correction_id: int, language: str) -> Response:
    """Return the short mail itself, for the frame."""
    mails = _mails(at, session, corrections.get(session, correction_id))
    found = next((mail for mail in mails if mail.language == language), None)
    if found is None:
        raise NotFoundError
    return frame.answer(at.context, found.html)


def _page(
    at: Desk,
    session: Session,
    correction: Correction,
    *,
    findings: Sequence[Finding] = (),
    wrong: str = "",
    sent: FormData | None = None,
) -> Response:
    """Return the page; what was `sent` and could not be kept stands in its fields."""
    shown = correcting.show(at, session, correction, findings=findings)
    shown = shown if sent is None else correcting.as_typed(shown, sent)
    response = at.page(
        "correction",
        status=422 if wrong else 200,
        here=at.links.at("corrections", correction.id),
        shown=shown,
        correction=correction,
        issue=shown.issue,
        mails=_mails(at, session, correction),
        wrong=wrong,
    )
    response.headers["content-security-policy"] = headers.policy(frame_src="'self'")
    return response


def _mails(at: Desk, session: Session, correction: Correction) -> list[specimen.Specimen]:
    short = corrections.short_of(session, correction)
    return specimen.of_issue(session, at.context.settings, short) if short.frozen_revision else []


def _save(at: Desk, session: Session, correction: Correction, sent: Sent) -> None:
    base, ids = correcting.number(sent, "base"), correcting.numbers(sent, "story")
    issue = session.get_one(Issue, correction.issue_id)
    notes = {tongue: correcting.one(sent, f"note-{tongue}") for tongue in correcting.tongues(at, session, issue)}
    settings, own = at.context.settings, own_words.typed(session, correction, sent)
    by = at.editor.id
    corrections.save(session, settings, correction, ids, notes, own=own, base=base, editor_id=by, now=at.now)


def _tick(at: Desk, session: Session, correction: Correction, prepared: Prepared, looked: set[str]) -> None:
    """Let those warnings stand that the editor has seen and ticked."""
    short = corrections.short_of(session, correction)
    seen = [one for one in prepared.findings if one.fingerprint in looked]
    checks.tick(session, short, seen, editor_id=at.editor.id, now=at.now)
