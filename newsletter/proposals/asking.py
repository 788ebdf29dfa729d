"""From a form to the pool: the address is proved by a mailed link before an editor sees anything."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from newsletter import audit, stories, urls
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.models import Proposal, Story
from newsletter.proposals import wishes
from newsletter.proposals.wishes import Wish
from newsletter.stories import mailing
from subscribers import address, guarded, suppression, tokens
from subscribers.errors import ExpiredError, TokenError

VALID_FOR = timedelta(days=3)
MOST_ASKED = 3
ASKED_WITHIN = timedelta(hours=24)
"""Letters that one address gets for proposals it does not confirm: a stranger cannot fill an inbox."""
MOST_TOGETHER = 200
"""Letters for all proposals in those hours; more is an attack, and the rest is answered alike and not written."""


def ask(
    session: Session, settings: Settings, keys: Keys, publication_id: int, wish: Wish, *, now: datetime
) -> Proposal | None:
    """Keep a wish without problems and mail its link; return None where no letter may go to that address now.

    The letter holds nothing that was typed into the form, since strangers can have it sent to anybody.
    """
    email = address.parse(wish.email)
    if not _may_mail(session, keys, publication_id, email, now=now):
        return None
    token, token_hash = tokens.new_ticket()
    proposal = Proposal(
        publication_id=publication_id,
        state="asked",
        organisation=wish.organisation,
        name=wish.name,
        email=email.email,
        language=wish.language,
        note=wish.note,
        wish=json.dumps(asdict(wish), ensure_ascii=False),
        token_hash=token_hash,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    session.add(proposal)
    session.flush()
    mailing.write(
        session,
        settings,
        "propose_ask",
        to=email.email,
        language=wish.language,
        lines=("lead", "how", "not_you"),
        url=urls.proposal(settings, wish.language, token),
        now=now,
        days=VALID_FOR.days,
    )
    return proposal


def find(session: Session, token: str, *, now: datetime) -> Proposal:
    """Return the proposal of a mailed link, landed or not; raise TokenError, or ExpiredError once it is over."""
    proposal = session.scalar(select(Proposal).where(Proposal.token_hash == tokens.ticket_hash(token)))
    if proposal is None:
        raise TokenError
    if proposal.state == "asked" and proposal.expires_at is not None and proposal.expires_at <= now:
        raise ExpiredError
    return proposal


def wish_of(proposal: Proposal) -> Wish:
    """Return what was typed, while it is not a story yet."""
    return Wish(**json.loads(proposal.wish))


def land(session: Session, settings: Settings, proposal: Proposal, *, now: datetime) -> bool:
    """Make a proposed story of it and tell the editors; return False where an earlier press did."""
    mine = update(Proposal).where(Proposal.id == proposal.id, Proposal.state == "asked")
    if not guarded.write(session, mine.values(state="landed", landed_at=now)):
        return False
    content = wishes.content(wish_of(proposal))
    story = stories.create(session, proposal.publication_id, content, state="proposed", editor_id=None, now=now)
    session.refresh(proposal)
    proposal.story_id, proposal.wish = story.id, ""
    session.flush()
    audit.record(session, "propose", f"story {story.id}", editor_id=None, now=now, proposal=proposal.id)
    _tell_editors(session, settings, proposal, story, now=now)
    return True


def purge(session: Session, *, before: datetime) -> int:
    """Delete proposals of before that time whose address was never proved; return how many."""
    return guarded.write(session, delete(Proposal).where(Proposal.state == "asked", Proposal.created_at < before))


def _may_mail(session: Session, keys: Keys, publication_id: int, email: address.Address, *, now: datetime) -> bool:
    hashed = tokens.address_hash(keys.suppression, email.key)
    if suppression.reason(session, publication_id, hashed) == "complained":
        return False
    waiting = select(func.count()).where(Proposal.state == "asked", Proposal.created_at > now - ASKED_WITHIN)
    theirs = session.scalar(waiting.where(func.lower(Proposal.email) == email.email.lower())) or 0
    return theirs < MOST_ASKED and (session.scalar(waiting) or 0) < MOST_TOGETHER


def _tell_editors(session: Session, settings: Settings, proposal: Proposal, story: Story, *, now: datetime) -> None:
    for editor in mailing.editors(session):
        mailing.write(
            session,
            settings,
            "propose_landed",
            to=editor.email,
            to_name=editor.name,
            language=editor.language,
            lines=("lead", "next"),
            url=urls.desk_story(settings, story.id),
            once=f"proposed:{story.id}:{editor.id}",
            now=now,
            organisation=proposal.organisation,
        )
