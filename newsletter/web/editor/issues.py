"""The list of issues, and the page of one: how it stands, what it holds, and the one thing to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import approvals, checks, issues
from newsletter.content import IssueContent
from newsletter.findings import Finding
from newsletter.issues import views
from newsletter.issues.states import OPEN
from newsletter.models import Approval, Editor, Issue
from newsletter.social import posts
from newsletter.web.dependencies import Reading
from newsletter.web.editor import approving, correcting, readers, route, standing, times
from newsletter.web.editor import findings as found_by_checks
from newsletter.web.editor.desk import AtDesk, Desk

router = route.router()


@dataclass(frozen=True)
class Told:
    """A story as the desk names it."""

    id: int
    topic: str  # a colour name
    titles: dict[str, str]


@router.get("/issues")
def show_all(at: AtDesk, session: Reading, before: int | None = None) -> Response:
    """List the issues, newest first."""
    entries = standing.entries(session, at.context.publication_id, before=before)
    older = entries[-1].issue.number if len(entries) == standing.PAGE and entries[-1].issue.number > 1 else None
    return at.page("issues", entries=entries, older=older)


@router.get("/issues/{issue_id:int}")
def show_one(at: AtDesk, session: Reading, issue_id: int) -> Response:
    """Show one issue; a correction is shown with what it corrects."""
    issue = issues.get(session, issue_id)
    if issue.kind == "correction":
        return correcting.lead(at, session, issue)
    return page(at, session, issue)


def page(
    at: Desk, session: Session, issue: Issue, *, findings: Sequence[Finding] | None = None, wrong: str = ""
) -> Response:
    """Return an issue's page; with `findings` or `wrong` it is the answer to something that was refused."""
    content = standing.shown(session, issue)
    if findings is None and issue.state == "draft":
        findings = checks.run(session, at.context.settings, issue, speak=at.language)
    return at.page(
        "issue",
        status=422 if wrong else 200,
        here=at.links.issue(issue.id),
        issue=issue,
        state=standing.state_of(issue),
        timed=standing.moment_of(issue, content),
        content=content,
        spoken=standing.ordered(content, at.context.settings.publication.languages),
        stories=_stories(at, session, content),
        found=None if findings is None else found_by_checks.of(session, issue, findings),
        readership=readers.of(session, issue) if issue.frozen_revision is not None else None,
        posts=posts.of_issue(session, issue.id),
        by_hand=not at.context.settings.facebook.connected,
        record=_record(session, issue),
        alone=not at.context.settings.approval.required,
        approving=approving.of(at, session, issue),
        due=standing.due_at(issue),
        began=standing.began_at(issue),
        held=standing.held(issue),
        misdated=[one.id for one in standing.held(issue) if issues.is_misdated(one, now=at.now)],
        correcting=correcting.opened(session, issue),
        wishes=_wishes(at, issue, content),
        plan=standing.plan(issue),
        writable=issue.state in OPEN,
        behind=len(issues.behind(session, content)) if issue.state == "draft" else 0,
        printed=times.printed_day(issue, at.zone),
        day_gone=times.is_over(issue, now=at.now),
        wrong=wrong,
    )


def _stories(at: Desk, session: Session, content: IssueContent) -> list[Told]:
    colours = {topic.key: topic.colour for topic in at.context.settings.publication.topics}
    return [
        Told(
            story_id,
            colours.get(story.topic or "", "notice"),
            {language: text.title for language, text in story.texts.items()},
        )
        for story_id, story in issues.chosen(session, content)
    ]


def _record(session: Session, issue: Issue) -> list[tuple[Approval, str]]:
    """Return every word on the issue with the name of who said it, newest first."""
    history = approvals.history(session, issue)
    names = dict(session.execute(select(Editor.id, Editor.name)).all())
    return [(line, names.get(line.editor_id or 0, "")) for line in reversed(history)]


def _wishes(at: Desk, issue: Issue, content: IssueContent) -> dict[str, datetime]:
    """Return the send time each language was written for, if all of them can still be kept."""
    wishes = {
        language: wish
        for language in standing.ordered(content, at.context.settings.publication.languages)
        if (wish := views.send_at(content, language)) is not None and wish > at.now
    }
    return wishes if issue.state == "approved" and len(wishes) == len(content.texts) else {}
