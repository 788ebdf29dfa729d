"""What the pages of corrections show: how each stands, what changes, whom it reaches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from newsletter import checks, corrections, issues
from newsletter.corrections import Changed, Reach
from newsletter.delivery import progress
from newsletter.findings import Finding
from newsletter.models import Approval, Correction, Editor, Issue
from newsletter.revisions import Change
from newsletter.social import posts
from newsletter.web.editor import own_words, sentences
from newsletter.web.editor.desk import Desk
from newsletter.web.editor.own_words import Own
from newsletter.web.editor.sentences import Line

OPEN = ("draft", "asked", "approved")
MOST_DIGITS = 10
"""A larger number is none of ours."""
MOST = 50
"""Corrections in the list; an office makes a few a year."""


@dataclass(frozen=True)
class Entry:
    """One correction in the list."""

    correction: Correction
    issue: Issue
    titles: list[dict[str, str]]


@dataclass(frozen=True)
class Shown:
    """One correction on its page."""

    issue: Issue
    short: Issue
    stories: list[Changed]  # all of the issue
    chosen: set[int]
    notes: dict[str, str]
    own: dict[str, Own]  # the fields of the issue's own words
    own_changes: list[Change]
    overdue: list[str]  # languages that get today's date
    tongues: list[str]
    reach: Reach
    under_way: int
    record: list[tuple[Approval, str]]
    may_give: bool
    errors: list[Finding]
    warnings: list[Finding]
    lines: list[Line]
    by_hand: bool  # a person is asked to edit a post

    @property
    def corrected(self) -> list[Changed]:
        """Return the stories that are corrected."""
        return [one for one in self.stories if one.story_id in self.chosen]


def entries(session: Session, publication_id: int) -> list[Entry]:
    """Return the newest corrections."""
    rows = session.execute(
        select(Correction, Issue)
        .join(Issue, Issue.id == Correction.issue_id)
        .where(Issue.publication_id == publication_id, Correction.state != "dropped")
        .order_by(Correction.id.desc())
        .limit(MOST)
    ).all()
    return [Entry(correction, issue, _titles(session, correction)) for correction, issue in rows]


def show(at: Desk, session: Session, correction: Correction, *, findings: Sequence[Finding] = ()) -> Shown:
    """Return everything the page of a correction tells."""
    issue, short = session.get_one(Issue, correction.issue_id), corrections.short_of(session, correction)
    names = dict(session.execute(select(Editor.id, Editor.name)).all())
    draft = correction.state == "draft"
    said = reversed(corrections.record(session, correction))
    return Shown(
        issue=issue,
        short=short,
        stories=_stories(session, issue, correction),
        chosen=set(corrections.stories_of(correction)),
        notes=corrections.wanting(session, correction) if draft else corrections.notes_of(correction),
        own=own_words.shown(session, correction),
        own_changes=corrections.differences(session, correction, at.language),
        overdue=corrections.overdue(issue, now=at.now) if draft or correction.state == "asked" else [],
        tongues=tongues(at, session, issue),
        reach=corrections.reach(session, correction),
        under_way=corrections.waiting(session, correction) if correction.state == "approved" else 0,
        record=[(line, names.get(line.editor_id or 0, "")) for line in said],
        may_give=corrections.may_give(session, at.context.settings, correction, at.editor, now=at.now),
        errors=[one for one in findings if one.severity == "error"],
        warnings=checks.unticked(session, short, findings),
        lines=sentences.lines(at.words, progress.count(session, short.id)),
        by_hand=any(
            post.state == "by_hand" and post.purpose.startswith("correction")
            for post in posts.of_issue(session, issue.id)
        ),
    )


def as_typed(shown: Shown, sent: FormData) -> Shown:
    """Return what the page shows with what somebody typed in its fields."""
    notes = {tongue: one(sent, f"note-{tongue}") for tongue in shown.tongues}
    own = {tongue: own_words.as_typed(held, tongue, sent) for tongue, held in shown.own.items()}
    return replace(shown, notes=notes, own=own, chosen=set(numbers(sent, "story")))


def opened(session: Session, issue: Issue) -> Correction | None:
    """Return the correction of an issue that is still being made, if there is one."""
    return next((one for one in corrections.of_issue(session, issue) if one.state in OPEN), None)


def lead(at: Desk, session: Session, short: Issue) -> Response:
    """Lead from a short issue to the correction it belongs to."""
    found = session.scalars(select(Correction.id).where(Correction.short_id == short.id)).one()
    return at.go(at.links.at("corrections", found))


def tongues(at: Desk, session: Session, issue: Issue) -> list[str]:
    """Return the languages an issue was told in, in the order of the settings."""
    texts = issues.content(session, issue, issue.frozen_revision).texts
    return [language for language in at.context.settings.publication.languages if language in texts]


def every(sent: FormData, name: str) -> list[str]:
    """Return the values of a field that may stand in a form several times."""
    return [value for value in sent.getlist(name) if isinstance(value, str)]


def one(sent: FormData, name: str) -> str:
    """Return the value of a field, or an empty string."""
    return next(iter(every(sent, name)), "")


def numbers(sent: FormData, name: str) -> list[int]:
    """Return the values of a field that are numbers of rows."""
    written = (value for value in every(sent, name) if value.isascii() and value.isdecimal())
    return [int(value) for value in written if len(value) < MOST_DIGITS]


def number(sent: FormData, name: str) -> int:
    """Return the value of a field that is a number, or 0."""
    return next(iter(numbers(sent, name)), 0)


def _stories(session: Session, issue: Issue, correction: Correction) -> list[Changed]:
    """Return the stories as they were told before this correction, and as they are or were told after it."""
    if correction.base_revision is None or correction.revision is None:
        return corrections.changed(session, issue)
    before, after = (
        dict(issues.chosen(session, issues.content(session, issue, revision)))
        for revision in (correction.base_revision, correction.revision)
    )
    return [Changed(story_id, before[story_id], now, 0, 0) for story_id, now in after.items() if story_id in before]


def _titles(session: Session, correction: Correction) -> list[dict[str, str]]:
    short = corrections.short_of(session, correction)
    held = issues.chosen(session, issues.content(session, short))
    return [{language: text.title for language, text in story.texts.items()} for _, story in held]
