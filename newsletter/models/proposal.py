"""Where a story comes from: who proposed it, and what they said to the proof of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.base import Base, UtcDateTime


class Proposal(Base):
    """The people a story is told for. `state`: asked (their address is not proved yet), landed (it is), noted.

    What was proposed by the public form waits in `wish` until the mailed link is used; noted ones were
    written down by an editor.
    """

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    story_id: Mapped[int | None] = mapped_column(ForeignKey("story.id"), unique=True)
    state: Mapped[str] = mapped_column(String(6), index=True)
    organisation: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")  # what they tell the office beside the story
    wish: Mapped[str] = mapped_column(Text, default="")  # JSON of the story's content while it is not a story yet
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    landed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Proof(Base):
    """A link that shows one story without a log-in until it expires or is taken back; only its hash is kept."""

    __tablename__ = "proof"

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProofAnswer(Base):
    """What somebody said to a proof, and to which revision. `verdict`: ok or comment; append-only."""

    __tablename__ = "proof_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    proof_id: Mapped[int] = mapped_column(ForeignKey("proof.id"), index=True)
    revision: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(7))
    name: Mapped[str] = mapped_column(String(200), default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
