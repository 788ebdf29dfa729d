"""Editions as readers will see them: designed, plain, as source; wide or on a phone, in the light or in the dark."""

import re
from typing import Annotated

from fastapi import Form
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import database, issues, previews
from newsletter.errors import InvalidContentError, NotFoundError, TemplateError
from newsletter.models import Edition, Issue
from newsletter.previews import Reader, RecipientsError
from newsletter.web import limits
from newsletter.web.dependencies import Reading
from newsletter.web.editor import framing, readers, route, showing, standing
from newsletter.web.editor.desk import AtDesk, Desk
from newsletter.web.editor.showing import Shown, View
from subscribers import languages

router = route.router()
_WAY = re.compile(r"(editions|readers)/(\d{1,9})|drafts/([a-z]{2}(?:\+[a-z]{2})?)")


@router.get("/issues/{issue_id:int}/editions/{edition_id:int}")
def show_edition(at: AtDesk, session: Reading, view: View, issue_id: int, edition_id: int) -> Response:
    """Show a frozen edition."""
    return showing.page(at, shown(at, session, issues.get(session, issue_id), f"editions/{edition_id}"), view)


@router.get("/issues/{issue_id:int}/drafts/{language}")
def show_draft(at: AtDesk, session: Reading, view: View, issue_id: int, language: str) -> Response:
    """Show the complete issue as it is now, before it is frozen; also in two languages ("en+ja")."""
    return showing.page(at, shown(at, session, issues.get(session, issue_id), f"drafts/{language}"), view)


@router.get("/issues/{issue_id:int}/readers/{reader_id:int}")
def show_reader(at: AtDesk, session: Reading, view: View, issue_id: int, reader_id: int) -> Response:
    """Show what one reader gets, or why nothing."""
    issue = issues.get(session, issue_id)
    reader = previews.get(session, issue.publication_id, reader_id)
    try:
        return showing.page(at, shown(at, session, issue, f"readers/{reader_id}"), view)
    except NothingError as error:
        return at.page("nobody", issue=issue, reader=reader, reason=str(error))


@router.post("/issues/{issue_id:int}/readers")
def find_readers(at: AtDesk, session: Reading, issue_id: int, who: Annotated[str, Form()] = "") -> Response:
    """List readers by name or address. A POST, so that no address stands in a link, a log or a history."""
    issue = issues.get(session, issue_id)
    found = previews.find(session, issue.publication_id, who)
    return at.page("readers", issue=issue, who=who.strip(), found=found, here=at.links.issue(issue_id))


@router.get("/issues/{issue_id:int}/{way:path}/mail")
def show_mail(at: AtDesk, session: Reading, view: View, issue_id: int, way: str) -> Response:
    """Return a mail itself, for the frame."""
    seen = shown(at, session, issues.get(session, issue_id), way)
    return framing.answer(at, seen.copy.html, view["scheme"])


@router.get("/issues/{issue_id:int}/{way:path}/message.eml")
def show_message(at: AtDesk, session: Reading, issue_id: int, way: str) -> Response:
    """Return the message as it is sent, for a mail program to open."""
    seen = shown(at, session, issues.get(session, issue_id), way)
    disposition = f'attachment; filename="issue-{seen.issue.number}-{seen.copy.language}.eml"'
    return Response(
        seen.copy.raw,
        media_type="message/rfc822",
        headers={"content-disposition": disposition, "cache-control": "no-store"},
    )


@router.post("/issues/{issue_id:int}/test")
def send_test(
    at: AtDesk, view: View, issue_id: int, way: Annotated[str, Form()] = "", to: Annotated[str, Form()] = ""
) -> Response:
    """Send what is previewed to colleagues, marked as a test."""
    limits.check(at.request, "test")
    with database.reading(at.context.engine) as session:
        seen = shown(at, session, issues.get(session, issue_id), way)
        try:
            colleagues = previews.recipients(session, at.context.settings, to)
        except RecipientsError as error:
            return showing.page(at, Shown(**{**vars(seen), "to": to, "wrong": error}), view)
        test = previews.written(at.context.settings, seen.issue, seen.copy, language=at.language, by=at.editor.name)
    with database.writing(at.context.engine) as session:
        previews.send(session, test, colleagues, now=at.now)
    return at.go(at.links.issue(issue_id, *way.split("/"), done="tested", **view))


class NothingError(NotFoundError):
    """The issue holds nothing for this reader."""


def shown(at: Desk, session: Session, issue: Issue, way: str) -> Shown:
    """Return what `way` ("editions/5", "drafts/en", "readers/17") leads to; raise NotFoundError, NothingError."""
    matched = _WAY.fullmatch(way)
    if matched is None:
        raise NotFoundError
    content = standing.shown(session, issue)
    readership = readers.of(session, issue) if issue.frozen_revision is not None else None
    reader = _reader(session, issue, matched)
    edition = _edition(at, session, issue, reader, matched)
    seen_by = reader or previews.sample(edition.language, at.words("preview.name"))
    copy = previews.copy(session, at.context.settings, issue, edition, seen_by, now=at.now)
    return Shown(issue, copy, way, content, readership, edition.id or 0, reader)


def _reader(session: Session, issue: Issue, matched: re.Match[str]) -> Reader | None:
    return previews.get(session, issue.publication_id, int(matched[2])) if matched[1] == "readers" else None


def _edition(at: Desk, session: Session, issue: Issue, reader: Reader | None, matched: re.Match[str]) -> Edition:
    settings = at.context.settings
    if matched[1] == "editions":
        edition = session.get(Edition, int(matched[2]))
        if edition is None or edition.issue_id != issue.id:
            raise NotFoundError
        return edition
    try:
        if reader is not None:
            picked = previews.fitting(session, settings, issue, reader)
            if picked.edition is None:
                raise NothingError(picked.reason)
            return picked.edition
        known = issues.content(session, issue).texts
        if not all(language in known for language in languages.of(matched[3])):
            raise NotFoundError
        return previews.drafted(session, settings, issue, matched[3])
    except (InvalidContentError, TemplateError) as error:
        raise route.UnfinishedError(str(error)) from error
