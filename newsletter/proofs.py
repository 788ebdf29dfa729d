"""Proofs: a link that shows one story as readers will see it, without a log-in, and takes an OK or a comment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from newsletter import audit, stories, urls
from newsletter.config import Settings
from newsletter.errors import InvalidContentError, StaleError, StateError
from newsletter.models import Editor, Proof, ProofAnswer, Story
from newsletter.stories import mailing
from subscribers import guarded, tokens
from subscribers.errors import ExpiredError, TokenError

VALID_FOR = timedelta(days=14)
MOST_ANSWERS = 30
"""A link that is passed around must not fill the desk."""
MAX_COMMENT = 4000
MAX_NAME = 100

Verdict = Literal["ok", "comment"]


@dataclass(frozen=True)
class Line:
    """One proof on the desk, with what was said to it, oldest first."""

    proof: Proof
    answers: tuple[ProofAnswer, ...]

    def is_open(self, now: datetime) -> bool:
        """Return whether the link still works."""
        return self.proof.expires_at > now


def make(
    session: Session, story: Story, *, valid_for: timedelta = VALID_FOR, editor_id: int | None = None, now: datetime
) -> str:
    """Return the token of a new link to a story; only its hash is kept."""
    token, token_hash = tokens.new_ticket()
    proof = Proof(
        story_id=story.id, token_hash=token_hash, editor_id=editor_id, created_at=now, expires_at=now + valid_for
    )
    session.add(proof)
    session.flush()
    audit.record(session, "make proof", f"story {story.id}", editor_id=editor_id, now=now, proof=proof.id)
    return token


def find(session: Session, token: str, *, now: datetime) -> Proof:
    """Return the proof of a link; raise TokenError for one of nobody's, ExpiredError for one that is over."""
    proof = session.scalar(select(Proof).where(Proof.token_hash == tokens.ticket_hash(token)))
    if proof is None:
        raise TokenError
    if proof.expires_at <= now:
        raise ExpiredError
    return proof


def answer(
    session: Session,
    settings: Settings,
    proof: Proof,
    *,
    revision: int,
    verdict: Verdict,
    name: str = "",
    comment: str = "",
    now: datetime,
) -> ProofAnswer:
    """Record what somebody says to the revision they were shown, and tell the editor who made the link by letter.

    Raises StaleError where the story was saved since, InvalidContentError for a comment without words or one
    too long, StateError after too many answers.
    """
    name, comment = name.strip()[:MAX_NAME], comment.strip()
    if (verdict == "comment" and not comment) or len(comment) > MAX_COMMENT:
        raise InvalidContentError
    story = stories.get(session, proof.story_id)
    if story.head != revision:
        raise StaleError
    given = session.scalar(select(func.count()).where(ProofAnswer.proof_id == proof.id)) or 0
    if given >= MOST_ANSWERS:
        raise StateError
    line = ProofAnswer(proof_id=proof.id, revision=revision, verdict=verdict, name=name, comment=comment, at=now)
    session.add(line)
    session.flush()
    _tell(session, settings, proof, line, now=now)
    return line


def end(session: Session, proof: Proof, *, editor_id: int | None, now: datetime) -> None:
    """Take a link back: it is over from now on."""
    ended = update(Proof).where(Proof.id == proof.id, Proof.expires_at > now).values(expires_at=now)
    if guarded.write(session, ended):
        audit.record(session, "end proof", f"story {proof.story_id}", editor_id=editor_id, now=now, proof=proof.id)


def of_story(session: Session, story_id: int) -> list[Line]:
    """Return the proofs of a story, newest first."""
    made = session.scalars(select(Proof).where(Proof.story_id == story_id).order_by(Proof.id.desc())).all()
    said = session.scalars(
        select(ProofAnswer).where(ProofAnswer.proof_id.in_([one.id for one in made])).order_by(ProofAnswer.id)
    ).all()
    return [Line(one, _answers(said, one)) for one in made]


def _answers(said: Sequence[ProofAnswer], proof: Proof) -> tuple[ProofAnswer, ...]:
    return tuple(line for line in said if line.proof_id == proof.id)


def _tell(session: Session, settings: Settings, proof: Proof, line: ProofAnswer, *, now: datetime) -> None:
    editor = session.get(Editor, proof.editor_id) if proof.editor_id else None
    if editor is None or editor.disabled_at is not None:
        return
    title = next((text.title for text in stories.content(session, proof.story_id).texts.values()), "")
    mailing.write(
        session,
        settings,
        f"proof_{line.verdict}",
        to=editor.email,
        to_name=editor.name,
        language=editor.language,
        lines=("lead", "next"),
        quoted=line.comment,
        url=urls.desk_story(settings, proof.story_id),
        once=f"proof:{line.id}",
        now=now,
        story=title,
        name=line.name or "?",
    )
