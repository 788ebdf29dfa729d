"""Corrections as they are written: which stories, and what was wrong, in each language."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from markupsafe import escape
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from newsletter import audit, issues, revisions, words
from newsletter.config import Settings
from newsletter.content import IssueContent, IssueText, StoryChoice
from newsletter.corrections import changes, texts
from newsletter.corrections.texts import Texts
from newsletter.delivery import whys
from newsletter.errors import InvalidContentError, NotFoundError, StaleError, StateError
from newsletter.issues import views
from newsletter.models import Correction, Edition, Issue, Story
from subscribers import guarded
from subscribers.models import Publication

SHORT = "correcting"
"""The state of a short issue until it goes out: no other part of the program asks, schedules or sends it."""
PAUSE = "correction"
"""The cause of the pause while an issue is corrected; a person's own pause outlasts the correction."""
UNFINISHED = ("draft", "asked", "approved")
MOST_CHARACTERS = 1_000
"""Of a note: it is a sentence or two above the page and in a mail."""


def begin(
    session: Session,
    settings: Settings,
    issue: Issue,
    story_ids: Sequence[int],
    notes: Mapping[str, str],
    *,
    editor_id: int | None,
    now: datetime,
) -> Correction:
    """Open a correction of an issue that is out; what is still to be sent of it pauses.

    Without stories it is about the issue's own words, or about the day printed in a part that waits.

    An issue has one open correction at a time: raises StateError for a second. Raises
    InvalidContentError for a story that the issue does not hold, or an issue nobody has got.
    """
    session.refresh(issue, with_for_update=True)
    changes.demand_out(issue)
    if any(one.state in UNFINISHED for one in of_issue(session, issue)):
        message = f"Issue {issue.number} is being corrected already. Add the story to that correction."
        raise StateError(message)
    if issue.state == "sending":
        reason = whys.written("correction.paused", area="newsroom")
        issues.pause(session, issue, reason, now=now, editor_id=editor_id, cause=PAUSE)
    count = session.scalar(select(func.count()).where(Correction.issue_id == issue.id)) or 0
    correction = Correction(
        issue_id=issue.id,
        short_id=_short(session, settings, issue, now=now).id,
        number=count + 1,
        state="draft",
        stories="[]",
        notes="{}",
        version=0,
        created_at=now,
    )
    session.add(correction)
    session.flush()
    audit.record(session, "correct", f"issue {issue.id}", editor_id=editor_id, now=now, correction=correction.id)
    save(session, settings, correction, story_ids, notes, base=0, editor_id=editor_id, now=now)
    return correction


def save(
    session: Session,
    settings: Settings,
    correction: Correction,
    story_ids: Sequence[int],
    notes: Mapping[str, str],
    *,
    own: Texts | None = None,
    base: int,
    editor_id: int | None,
    now: datetime,
) -> None:
    """Keep which stories are corrected and what was wrong; the short issue is written anew from them.

    `own` are words of the issue itself that change; without it they stay as they were saved. Raises
    StaleError if somebody saved since version `base`, StateError once approval was asked, and
    InvalidContentError as `texts.kept` does.
    """
    issue = session.get_one(Issue, correction.issue_id)
    content = issues.content(session, issue, issue.frozen_revision)
    held = [choice.story_id for choice in content.stories]
    if strange := set(story_ids) - set(held):
        message = f"Issue {issue.number} does not hold story {min(strange)}."
        raise InvalidContentError(message)
    kept = {language: " ".join(note.split())[:MOST_CHARACTERS] for language, note in notes.items() if note.strip()}
    change = update(Correction).where(
        Correction.id == correction.id, Correction.version == base, Correction.state == "draft"
    )
    values = {
        "stories": json.dumps([story_id for story_id in held if story_id in story_ids]),
        "notes": json.dumps(kept, ensure_ascii=False),
        "texts": correction.texts if own is None else texts.kept(content, own),
        "version": base + 1,
    }
    if not guarded.write(session, change.values(**values)):
        session.refresh(correction)
        if correction.state != "draft":
            raise StateError("Approval of the correction has been asked. Take it back before changing it.")
        raise StaleError
    session.refresh(correction)
    write_short(session, settings, correction, editor_id=editor_id, now=now)


def write_short(
    session: Session, settings: Settings, correction: Correction, *, editor_id: int | None, now: datetime
) -> None:
    """Write the short issue: what was wrong, and the stories as they are now."""
    short = session.get_one(Issue, correction.short_id)
    text = short_content(session, settings, correction).model_dump_json()
    if not short.head or revisions.read(session, "issue", short.id, short.head) != text:
        revisions.append(session, short, text, base=short.head, editor_id=editor_id, now=now)


def short_content(session: Session, settings: Settings, correction: Correction) -> IssueContent:
    """Return what the short issue says today."""
    issue = session.get_one(Issue, correction.issue_id)
    told = issues.content(session, issue, issue.frozen_revision)
    choices = tuple(
        StoryChoice(story_id=story_id, revision=session.get_one(Story, story_id).head)
        for story_id in stories_of(correction)
    )
    notes = notes_of(correction)
    held = issues.chosen(session, told.model_copy(update={"stories": choices}))
    own, said = texts.of(correction), {}
    for language in (one for one in settings.publication.languages if one in told.texts):
        titles = [story.texts[language].title for _, story in held if language in story.texts]
        say = words.load("newsroom", language)
        subject = say("correction.subject", title=titles[0] if titles else told.texts[language].subject)
        note = notes.get(language, "")
        opening = f"<p>{escape(note)}</p>" if note else ""
        said[language] = IssueText(
            subject=subject[:300],
            preheader=note[:300],
            introduction=opening + own.get(language, {}).get("introduction", ""),
        )
    return IssueContent(texts=said, stories=choices, sections=told.sections)


def drop(session: Session, correction: Correction, *, editor_id: int | None, now: datetime) -> None:
    """Give a correction up before approval is asked; the issue stays paused until somebody lets it go on."""
    change = update(Correction).where(Correction.id == correction.id, Correction.state == "draft")
    if not guarded.write(session, change.values(state="dropped")):
        raise StateError("That correction is not a draft any more.")
    session.refresh(correction)
    subject, told = f"issue {correction.issue_id}", {"correction": correction.id}
    audit.record(session, "drop correction", subject, editor_id=editor_id, now=now, **told)


def get(session: Session, correction_id: int) -> Correction:
    """Return the correction; raise NotFoundError."""
    correction = session.get(Correction, correction_id)
    if correction is None:
        message = f"There is no correction {correction_id}."
        raise NotFoundError(message)
    return correction


def of_issue(session: Session, issue: Issue) -> Sequence[Correction]:
    """Return the corrections of an issue, oldest first."""
    return session.scalars(select(Correction).where(Correction.issue_id == issue.id).order_by(Correction.number)).all()


def pending(session: Session) -> Sequence[Correction]:
    """Return the corrections that are approved and not yet carried out, oldest first."""
    return session.scalars(select(Correction).where(Correction.state == "approved").order_by(Correction.id)).all()


def short_of(session: Session, correction: Correction) -> Issue:
    """Return the short issue of a correction."""
    return session.get_one(Issue, correction.short_id)


def stories_of(correction: Correction) -> list[int]:
    """Return the ids of the stories that are corrected."""
    ids: list[int] = json.loads(correction.stories)
    return ids


def notes_of(correction: Correction) -> dict[str, str]:
    """Return what was wrong, by language."""
    notes: dict[str, str] = json.loads(correction.notes)
    return notes


def tongues(session: Session, correction: Correction) -> list[str]:
    """Return the languages in which something is to be said: a story was or is told in them, or an introduction was."""
    issue = session.get_one(Issue, correction.issue_id)
    content, wanted = issues.content(session, issue, issue.frozen_revision), stories_of(correction)
    told = [story for one in changes.changed(session, issue) if one.story_id in wanted for story in (one.told, one.now)]
    opened = texts.beside(correction, known_editions(session, issue))
    return [one for one in content.texts if one in opened or any(views.told_in(story, one) for story in told)]


def known_editions(session: Session, issue: Issue, *, revision: int | None = None) -> Sequence[Edition]:
    """Return the editions of an issue that readers may have, or those of one revision; a refused one's are not."""
    wanted = select(Edition).where(Edition.issue_id == issue.id, Edition.revision <= (issue.frozen_revision or 0))
    if revision is not None:
        wanted = wanted.where(Edition.revision == revision)
    return session.scalars(wanted.order_by(Edition.id)).all()


def _short(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> Issue:
    """Add the short issue; readers know it by the number of the issue it corrects, its own counts below zero."""
    session.execute(select(Publication.id).where(Publication.id == issue.publication_id).with_for_update())
    lowest = session.scalar(select(func.min(Issue.number)).where(Issue.publication_id == issue.publication_id)) or 0
    short = Issue(
        publication_id=issue.publication_id,
        number=min(lowest, 0) - 1,
        slug=f"{now.astimezone(settings.office.zone):%Y-%m}-{secrets.token_hex(5)}",
        kind="correction",
        corrects_id=issue.id,
        state=SHORT,
        head=0,
        created_at=now,
    )
    session.add(short)
    session.flush()
    return short
