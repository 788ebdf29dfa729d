"""Newsroom."""

import sqlalchemy as sa
from alembic import op

from subscribers.base import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "flyer",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_flyer")),
    )
    op.create_table(
        "page_views",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "path", name=op.f("pk_page_views")),
    )
    op.create_table(
        "probe",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("final", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_probe")),
    )
    op.create_table(
        "archive_state",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("exported", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tried_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_archive_state_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("publication_id", name=op.f("pk_archive_state")),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_series_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_table(
        "proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["editor_id"], ["editor.id"], name=op.f("fk_proof_editor_id_editor")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_proof_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_proof_token_hash")),
    )
    with op.batch_alter_table("proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proof_story_id"), ["story_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("landed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_proposal_publication_id_publication")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_proposal_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("story_id", name=op.f("uq_proposal_story_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_proposal_token_hash")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_state"), ["state"], unique=False)

    op.create_table(
        "series_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("frozen_hash", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("deputy", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["editor_id"], ["editor.id"], name=op.f("fk_series_approval_editor_id_editor")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_series_approval_series_id_series")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_approval")),
    )
    with op.batch_alter_table("series_approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_series_approval_series_id"), ["series_id"], unique=False)

    op.create_table(
        "story_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["editor.id"], name=op.f("fk_story_text_owner_id_editor")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_text_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_text")),
        sa.UniqueConstraint("story_id", "language", name=op.f("uq_story_text_story_id_language")),
    )
    op.create_table(
        "approval_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("frozen_hash", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_approval_round_issue_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_round")),
        sa.UniqueConstraint("issue_id", "frozen_hash", name=op.f("uq_approval_round_issue_id_frozen_hash")),
    )
    op.create_table(
        "approval_ticket",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("frozen_hash", sa.String(length=64), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["editor_id"], ["editor.id"], name=op.f("fk_approval_ticket_editor_id_editor")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_approval_ticket_issue_id_issue")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_approval_ticket")),
    )
    with op.batch_alter_table("approval_ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_ticket_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "archive_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_archive_note_issue_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_note")),
    )
    with op.batch_alter_table("archive_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_archive_note_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("short_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("stories", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Text(), nullable=False),
        sa.Column("posts", sa.Text(), nullable=False),
        sa.Column("frozen_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_correction_issue_id_issue")),
        sa.ForeignKeyConstraint(["short_id"], ["issue.id"], name=op.f("fk_correction_short_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("issue_id", "number", name=op.f("uq_correction_issue_id_number")),
        sa.UniqueConstraint("short_id", name=op.f("uq_correction_short_id")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_state"), ["state"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_link_issue_id_issue")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_link_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("code", name=op.f("uq_link_code")),
        sa.UniqueConstraint("issue_id", "number", name=op.f("uq_link_issue_id_number")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_story_id"), ["story_id"], unique=False)

    op.create_table(
        "proof_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proof_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=7), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["proof_id"], ["proof.id"], name=op.f("fk_proof_answer_proof_id_proof")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof_answer")),
    )
    with op.batch_alter_table("proof_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proof_answer_proof_id"), ["proof_id"], unique=False)

    op.create_table(
        "published_story",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_published_story_issue_id_issue")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_published_story_publication_id_publication")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_published_story_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_story")),
        sa.UniqueConstraint("story_id", "language", name=op.f("uq_published_story_story_id_language")),
    )
    with op.batch_alter_table("published_story", schema=None) as batch_op:
        batch_op.create_index("ix_published_story_days", ["publication_id", "language", "kind", "starts"], unique=False)
        batch_op.create_index(batch_op.f("ix_published_story_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index("ix_published_story_topic", ["publication_id", "language", "topic", "id"], unique=False)

    op.create_table(
        "series_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("send_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("head", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_series_run_issue_id_issue")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_series_run_series_id_series")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_run")),
        sa.UniqueConstraint("series_id", "day", name=op.f("uq_series_run_series_id_day")),
    )
    with op.batch_alter_table("series_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_series_run_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "tick",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["editor_id"], ["editor.id"], name=op.f("fk_tick_editor_id_editor")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_tick_issue_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tick")),
        sa.UniqueConstraint("issue_id", "fingerprint", name=op.f("uq_tick_issue_id_fingerprint")),
    )
    op.create_table(
        "waiting",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_waiting_issue_id_issue")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_waiting_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("issue_id", "subscription_id", name=op.f("pk_waiting")),
    )
    op.create_table(
        "link_clicks",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_clicks_link_id_link")),
        sa.PrimaryKeyConstraint("link_id", "language", "day", name=op.f("pk_link_clicks")),
    )
    op.create_table(
        "story_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["published_story.id"], name=op.f("fk_story_words_id_published_story"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_words")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seat", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("deputy", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))
        batch_op.add_column(sa.Column("seat_title", sa.Text(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("instead_of", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("archive_page", schema=None) as batch_op:
        batch_op.add_column(sa.Column("updated_at", UtcDateTime(), nullable=True))

    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("links", sa.Text(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("flyers", sa.Text(), server_default="[]", nullable=False))

    with op.batch_alter_table("editor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("away_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("away_until", sa.Date(), nullable=True))

    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=10), server_default="issue", nullable=False))
        batch_op.add_column(sa.Column("corrects_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("frozen_days", sa.Text(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("paused_for", sa.String(length=12), server_default="", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_issue_corrects_id_issue"), "issue", ["corrects_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_issue_series_id_series"), "series", ["series_id"], ["id"])

    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.add_column(sa.Column("copied_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("copied_as", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.add_column(sa.Column("doubted", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_story_follows_id_story"), "story", ["follows_id"], ["id"])

    with op.batch_alter_table("subscriber", schema=None) as batch_op:
        batch_op.add_column(sa.Column("second_language", sa.String(length=16), server_default="", nullable=False))
