"""The moment an issue goes out, one language at a time."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import archive, audit, letters, urls, words
from newsletter.config import Settings
from newsletter.delivery import enlisting
from newsletter.errors import StateError
from newsletter.issues import copies, drafts, printing, states, views
from newsletter.models import Editor, Issue, Release, Story
from newsletter.rendering import dates
from newsletter.social import posts
from subscribers import bits, noted

RELEASABLE = ("scheduled", "sending")
log = structlog.get_logger()


def due(session: Session, now: datetime) -> list[Release]:
    """Return the releases whose time has come, earliest first; a paused issue waits."""
    ready = (
        select(Release)
        .join(Issue)
        .where(
            Release.state == "planned",
            Release.due_at <= now,
            Issue.state.in_(RELEASABLE),
            Issue.paused_at.is_(None),
        )
    )
    return list(session.scalars(ready.order_by(Release.due_at, Release.id)))


def release(session: Session, settings: Settings, release: Release, *, now: datetime) -> bool:
    """Let one language out: its page is public, its deliveries and posts are enlisted; return whether it was this call.

    Any number of clocks may try at once; one wins. Nothing is rendered. What comes too late
    (`schedule.late_hours`), or on another day than the one printed in it, is held instead, and the editors
    are asked by letter. What the office has not had its copy of for long enough waits.
    """
    issue = drafts.get(session, release.issue_id)
    if copies.waits(session, settings, release, now=now):
        return False
    if is_misdated(release, now=now):
        _hold(session, settings, issue, release, now=now)
        return False
    ready_at = copies.ready_at(session, settings, issue, release) or release.due_at
    if now - ready_at > timedelta(hours=settings.schedule.late_hours):
        _hold(session, settings, issue, release, now=now)
        return False
    # The issue's row first: whoever pauses or cancels it is either before us, and we stop, or waits for us.
    ready = update(Issue).where(Issue.state.in_(RELEASABLE), Issue.paused_at.is_(None))
    if not states.put(session, issue, ready.values(state="sending")):
        return False
    if not _win(session, release, now, to="released", released_at=now):
        return False
    content = drafts.content(session, issue, issue.frozen_revision)
    held, known = views.chosen(session, content), bits.load(session, issue.publication_id)
    archive.publish(session, settings, issue, release.language, now=now)
    enlisted = enlisting.enlist(
        session,
        issue_id=issue.id,
        language=release.language,
        choices=lambda wish: views.weigh(held, known, wish),
        publication_id=issue.publication_id,
        now=now,
        among=views.among(content),
    )
    states.execute(session, update(Release).where(Release.id == release.id).values(nothing_for=enlisted.nothing))
    session.refresh(release)
    planned = posts.plan(session, settings, issue.id, release.language, now=now)
    told = [story_id for story_id, story in held if views.told_in(story, release.language)]
    states.execute(session, update(Story).where(Story.id.in_(told)).values(state="used"))
    counts = {"enlisted": enlisted.enlisted, "nothing": enlisted.nothing, "posts": planned}
    noted.note(session, "released", now=now, issue=issue.id, number=issue.number, language=release.language)
    audit.record(session, "release", f"issue {issue.id}", editor_id=None, now=now, language=release.language, **counts)
    log.info("released", issue=issue.id, language=release.language, **counts)
    return True


def is_misdated(release: Release, *, now: datetime) -> bool:
    """Return whether the day printed in a part is over and nobody has decided to send it so."""
    return not release.as_printed and printing.is_over(release.issue, release.language, now=now)


def send_held(
    session: Session, release: Release, *, now: datetime, editor_id: int | None, as_printed: bool = False
) -> None:
    """Let a release that came too late go out now after all; a person has decided so.

    Where the day printed in it is over, that person has to know it: `as_printed` says so. It is what was
    approved, after all. Raises StateError.
    """
    if is_misdated(release, now=now) and not as_printed:
        message = "Another day is printed in that part of the issue. Have it approved with today's date, or send it so."
        raise StateError(message)
    change = update(Release).where(Release.id == release.id, Release.state == "held")
    if not states.execute(session, change.values(state="planned", due_at=now, as_printed=as_printed)):
        message = "That part of the issue is not waiting for a decision."
        raise StateError(message)
    session.refresh(release)
    told = {"language": release.language, **({"as_printed": True} if as_printed else {})}
    audit.record(session, "send late", f"issue {release.issue_id}", editor_id=editor_id, now=now, **told)


def _win(session: Session, release: Release, now: datetime, *, to: str, **values: object) -> bool:
    """Take a due release out of the plan; one of several clocks that try gets True."""
    planned = update(Release).where(Release.id == release.id, Release.state == "planned", Release.due_at <= now)
    won = states.execute(session, planned.values(state=to, **values)) == 1
    session.refresh(release)
    return won


def _hold(session: Session, settings: Settings, issue: Issue, release: Release, *, now: datetime) -> None:
    if not _win(session, release, now, to="held"):
        return
    why = "day" if is_misdated(release, now=now) else "late"
    log.warning("held, too late", issue=issue.id, language=release.language, why=why)
    told = {"language": release.language, "due": release.due_at}
    audit.record(session, "hold", f"issue {issue.id}", editor_id=None, now=now, **told)
    for editor in session.scalars(select(Editor).where(Editor.disabled_at.is_(None)).order_by(Editor.id)).all():
        _write(session, settings, release, editor, why=why, now=now)


def _write(session: Session, settings: Settings, release: Release, editor: Editor, *, why: str, now: datetime) -> None:
    say, issue = words.load("newsroom", editor.language), release.issue
    due_at = dates.moment(release.due_at, settings.office.zone, editor.language)
    letters.write(
        session,
        settings,
        "alarm",
        language=editor.language,
        to=editor.email,
        to_name=editor.name,
        once=f"{why}:{issue.id}:{release.due_at:%Y%m%dT%H%M%S}:{editor.id}",  # one letter for all languages
        now=now,
        template="note",
        heading=say(f"{why}.heading", number=issue.number),
        paragraphs=[say(f"{why}.text", due=due_at)],
        url=urls.desk_issue(settings, issue.id),
        label=say(f"{why}.label", number=issue.number),
    )
