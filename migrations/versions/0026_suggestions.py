"""Changes that providers suggest to modules of others, those that came to our own, and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(length=120), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("publisher", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("credit", sa.Boolean(), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(length=22), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=500), nullable=False),
        sa.Column("answer", sa.String(length=9), nullable=False),
        sa.Column("answer_edition", sa.Integer(), nullable=True),
        sa.Column("answer_words", sa.String(length=500), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("put_away_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer IN ('', 'taken', 'not-taken')", name="ck_suggestions_answer"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_suggestions_provider_id_providers"),
        sa.ForeignKeyConstraint(["sha"], ["editions.sha"], name="fk_suggestions_sha_editions"),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
        sa.UniqueConstraint("uuid", name="uq_suggestions_uuid"),
    )
    op.create_index("ix_suggestions_provider_id", "suggestions", ["provider_id"])
    op.create_table(
        "received_suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("receipt", sa.String(length=22), nullable=False),
        sa.Column("came", sa.String(length=4), nullable=False),
        sa.Column("module", sa.String(length=120), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("provider", sa.String(length=120), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=True),
        sa.Column("credit", sa.Boolean(), nullable=False),
        sa.Column("licence", sa.String(length=80), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sha"], ["editions.sha"], name="fk_received_suggestions_sha_editions"),
        sa.PrimaryKeyConstraint("id", name="pk_received_suggestions"),
        sa.UniqueConstraint("receipt", name="uq_received_suggestions_receipt"),
        sa.UniqueConstraint("uuid", name="uq_received_suggestions_uuid"),
    )
    op.create_table(
        "suggestion_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("suggestion_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=9), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("draft", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("what IN ('draft', 'taken', 'not-taken', 'again')", name="ck_suggestion_decisions_what"),
        sa.ForeignKeyConstraint(
            ["suggestion_id"],
            ["received_suggestions.id"],
            name="fk_suggestion_decisions_suggestion_id_received_suggestions",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["providers.id"], name="fk_suggestion_decisions_provider_id_providers"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_suggestion_decisions"),
    )
    op.create_index("ix_suggestion_decisions_suggestion_id", "suggestion_decisions", ["suggestion_id"])


def downgrade() -> None:
    op.drop_table("suggestion_decisions")
    op.drop_table("received_suggestions")
    op.drop_table("suggestions")
