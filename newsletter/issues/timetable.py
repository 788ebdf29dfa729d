"""When an issue goes out, and how that is stopped."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, literal, or_, update
from sqlalchemy.orm import Session

from newsletter import audit
from newsletter.errors import StateError
from newsletter.issues import drafts, printing, states
from newsletter.models import Delivery, Issue, Post, Release

GRACE = timedelta(minutes=1)
"""A send time this little ago means now."""
MISSED = "approval"
"""The cause of a pause because the send time passed before the approval was complete."""
PASSED = "That send time has passed. Choose a later one."
_GOING_ON = {"paused_at": None, "paused_reason": None, "paused_for": ""}


def schedule(
    session: Session,
    issue: Issue,
    at: datetime,
    *,
    later: Mapping[str, datetime] | None = None,
    now: datetime,
    editor_id: int | None,
) -> None:
    """Set the time at which an approved issue goes out; may be called again to move it.

    Every language goes out `at` that time but those that `later` gives another; without it, those for which
    the issue itself wishes another. Raises StateError for a time in the past, for a day other than the one
    printed in that language, for a language the issue does not speak, and for an issue that is not approved.
    A pause because its approval came too late is over: it is approved, and somebody has chosen another time.
    """
    if min((at, *(later or {}).values())) < now - GRACE:
        raise StateError(PASSED)
    if not states.move(session, issue, "scheduled", of=("approved", "scheduled")):
        raise states.refuse(issue, "be scheduled; it must be approved first")
    resume_from(session, issue, MISSED, now=now, editor_id=editor_id)
    content = drafts.content(session, issue, issue.frozen_revision)
    others = content.later if later is None else later
    if strange := set(others) - set(content.texts):
        message = f"Issue {issue.number} has no words in {', '.join(sorted(strange))}."
        raise StateError(message)
    for language in content.texts:
        _plan(session, issue, language, others.get(language, at), now=now)
    session.flush()
    session.expire(issue, ["releases"])
    times = {language: moment.isoformat() for language, moment in others.items()}
    told = {"at": at, **({"later": times} if times else {})}
    audit.record(session, "schedule", f"issue {issue.id}", editor_id=editor_id, now=now, **told)


def postpone(session: Session, release: Release, at: datetime, *, now: datetime, editor_id: int | None) -> None:
    """Give a part that came too late and waits for a decision another time.

    Raises StateError for a part that does not wait, a time in the past, and a day other than the one printed in it.
    """
    issue = release.issue
    session.refresh(issue, with_for_update=True)
    session.refresh(release)
    if release.state != "held" or issue.state not in states.LIVE:
        message = "That part of the issue is not waiting for a decision."
        raise StateError(message)
    _plan(session, issue, release.language, at, now=now)
    session.flush()
    told = {"language": release.language, "at": at}
    audit.record(session, "postpone", f"issue {issue.id}", editor_id=editor_id, now=now, **told)


def not_before(times: Mapping[str, datetime], earliest: datetime) -> dict[str, datetime]:
    """Return the send times with those that are too early moved to the full minute at or after `earliest`."""
    minute = earliest.replace(second=0, microsecond=0)
    soonest = minute if minute == earliest else minute + timedelta(minutes=1)
    return {language: moment if moment >= earliest else soonest for language, moment in times.items()}


def unschedule(session: Session, issue: Issue, *, now: datetime, editor_id: int | None) -> None:
    """Take the send time back; the approval stays. Raises StateError once a language is out."""
    if not states.move(session, issue, "approved", of=("scheduled",)):
        raise states.refuse(issue, "be taken off the schedule")
    _cancel_releases(session, issue)
    audit.record(session, "unschedule", f"issue {issue.id}", editor_id=editor_id, now=now)


def pause(
    session: Session, issue: Issue, reason: str, *, now: datetime, editor_id: int | None, cause: str = ""
) -> None:
    """Stop mail and posts until `resume`; `reason` is shown to the editors. A second pause keeps the first.

    A pause with a `cause` ends by itself (`resume_from`); one without takes its place, so that nothing but a
    person undoes what a person stopped.
    """
    open_to_it = or_(Issue.paused_at.is_(None), and_(Issue.paused_for != "", literal(not cause)))
    change = update(Issue).where(Issue.state.in_(states.LIVE), open_to_it)
    if states.put(session, issue, change.values(paused_at=now, paused_reason=reason, paused_for=cause)):
        audit.record(session, "pause", f"issue {issue.id}", editor_id=editor_id, now=now, reason=reason)
    elif issue.paused_at is None:
        raise states.refuse(issue, "be paused")


def resume(session: Session, issue: Issue, *, now: datetime, editor_id: int | None) -> None:
    """Go on after a pause; nothing happens to one that is not paused. Raises StateError for an issue that is over."""
    if states.put(session, issue, update(Issue).where(Issue.paused_at.is_not(None)).values(_GOING_ON)):
        audit.record(session, "resume", f"issue {issue.id}", editor_id=editor_id, now=now)
    elif issue.state not in states.LIVE:
        raise states.refuse(issue, "go on")


def resume_from(session: Session, issue: Issue, cause: str, *, now: datetime, editor_id: int | None) -> bool:
    """Go on after a pause with that `cause`; any other stays. Return whether it was that."""
    mine = update(Issue).where(Issue.paused_at.is_not(None), Issue.paused_for == cause)
    if not states.put(session, issue, mine.values(_GOING_ON)):
        return False
    audit.record(session, "resume", f"issue {issue.id}", editor_id=editor_id, now=now, after=cause)
    return True


def cancel(session: Session, issue: Issue, *, now: datetime, editor_id: int | None) -> None:
    """Stop the issue for good: whoever has not got it will not, and nothing more is posted.

    What is on the wire at this moment still ends as sent, refused or uncertain. Raises StateError
    for an issue that is closed or cancelled.
    """
    if not states.move(session, issue, "cancelled", of=states.LIVE):
        raise states.refuse(issue, "be cancelled")
    _cancel_releases(session, issue)
    waiting = Delivery.issue_id == issue.id, Delivery.state.in_(("queued", "deferred"))
    stopped = states.execute(
        session, update(Delivery).where(*waiting).values(state="cancelled", settled_at=now, next_at=None)
    )
    unposted = Post.issue_id == issue.id, Post.state.in_(("frozen", "planned", "waiting", "by_hand"))
    states.execute(session, update(Post).where(*unposted).values(state="cancelled", version=Post.version + 1))
    audit.record(session, "cancel", f"issue {issue.id}", editor_id=editor_id, now=now, deliveries=stopped)


def _plan(session: Session, issue: Issue, language: str, at: datetime, *, now: datetime) -> None:
    if at < now - GRACE:
        raise StateError(PASSED)
    if not printing.allows(issue, language, at):
        message = (
            f"Issue {issue.number} was approved with the date of another day printed in it ({language}). "
            "Change its send time to the new day and ask for approval again."
        )
        raise StateError(message)
    known = {release.language: release for release in issue.releases}
    release = known.get(language) or Release(issue_id=issue.id, language=language)
    release.state, release.due_at, release.as_printed = "planned", at, False
    session.add(release)


def _cancel_releases(session: Session, issue: Issue) -> None:
    pending = Release.issue_id == issue.id, Release.state.in_(("planned", "held"))
    states.execute(session, update(Release).where(*pending).values(state="cancelled"))
    session.expire(issue, ["releases"])
