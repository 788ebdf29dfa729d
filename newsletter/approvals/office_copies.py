"""Office copy first: the frozen mail goes to editors and approvers ahead of the readers, with a way to hold it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import issues, letters, urls, words
from newsletter.approvals import notes, specimen, splicing, tickets
from newsletter.approvals.specimen import Specimen
from newsletter.config import Settings
from newsletter.delivery import whys
from newsletter.issues import copies, states
from newsletter.issues.releases import RELEASABLE
from newsletter.letters import Written
from newsletter.models import Editor, Issue, Release
from newsletter.rendering import dates
from newsletter.social import posts
from newsletter.words import Words


@dataclass(frozen=True)
class Copy:
    """The letters of one release's copy, ready to be queued."""

    release_id: int
    name: str
    letters: list[tuple[int, str, str, str, Written]]  # editor, address, name, token, letter


def due(session: Session, settings: Settings, *, now: datetime) -> list[Copy]:
    """Return the copies whose time has come; reads only, and renders."""
    ahead = copies.wait(settings)
    if not ahead:
        return []
    query = (
        select(Release)
        .join(Issue)
        .where(
            Release.state == "planned",
            Release.due_at <= now + ahead,
            Issue.state.in_(RELEASABLE),
            Issue.paused_at.is_(None),
        )
    )
    waiting = session.scalars(query.order_by(Release.due_at, Release.id)).all()
    return [
        _copy(session, settings, one, now=now)
        for one in waiting
        if not copies.is_made(one.issue, one) and copies.waits(session, settings, one, now=now)
    ]


def send(session: Session, copy: Copy, *, now: datetime) -> bool:
    """Queue a copy and keep its links; return False where it is another's, or of what is frozen no more."""
    release = session.get_one(Release, copy.release_id)
    held = update(Issue).where(Issue.state.in_(RELEASABLE), Issue.paused_at.is_(None))
    if not states.put(session, release.issue, held.values(state=Issue.state)):
        return False
    session.refresh(release)
    if release.state != "planned" or copies.name(release.issue, release) != copy.name:
        return False
    if copies.is_made(release.issue, release):
        return False
    release.copied_at, release.copied_as = now, copy.name
    for editor_id, address, name, token, written in copy.letters:
        once = f"{copy.name}:{editor_id}"
        if letters.queue(session, "copy", written, to=address, to_name=name, once=once, now=now):
            tickets.keep(session, token, "hold", release.issue, editor_id=editor_id, now=now)
    return True


def hold(session: Session, issue: Issue, editor: Editor, *, now: datetime) -> None:
    """Stop mail, page and post together, in the name of `editor`. Raises StateError for what is over."""
    reason = whys.written("held.reason", area="newsroom", name=editor.name)
    issues.pause(session, issue, reason, now=now, editor_id=editor.id)


def _copy(session: Session, settings: Settings, release: Release, *, now: datetime) -> Copy:
    shown = [one for one in specimen.of_issue(session, settings, release.issue) if one.language == release.language]
    told = []
    for editor in notes.everybody(session):
        token = tickets.new()
        written = _letter(session, settings, release, editor, mails=shown, token=token, now=now)
        told.append((editor.id, editor.email, editor.name, token, written))
    return Copy(release.id, copies.name(release.issue, release), told)


def _letter(
    session: Session,
    settings: Settings,
    release: Release,
    editor: Editor,
    *,
    mails: list[Specimen],
    token: str,
    now: datetime,
) -> Written:
    say = words.load("letters", notes.spoken(editor))
    leaves_at = max(release.due_at, now + copies.wait(settings))
    written = letters.compose(
        settings,
        "copy",
        language=say.language,
        heading=say("copy.heading", number=release.issue.number, minutes=_minutes(say, leaves_at - now)),
        when=dates.moment(leaves_at, settings.office.zone, say.language),
        hold_url=urls.hold(settings, token),
        tongue=notes.tongues(say).get(release.language, release.language),
        mails=mails,
        posts=[one.text for one in posts.of_issue(session, release.issue_id) if one.language == release.language],
    )
    return replace(written, html=splicing.put_in(written.html, {mail.language: mail.html for mail in mails}))


def _minutes(say: Words, wait: timedelta) -> str:
    number = max(1, round(wait / timedelta(minutes=1)))
    return say("copy.minutes_one" if number == 1 else "copy.minutes_many", number=number)
