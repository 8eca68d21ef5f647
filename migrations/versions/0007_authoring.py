"""Drafts of a provider's own modules, and whom an edition is for."""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in batch mode: SQLite would make the tables anew under the feet of those that refer to them.
    op.add_column("editions", sa.Column("audience", sa.Uuid(), nullable=True))
    op.add_column("editions", sa.Column("check_again", sa.Date(), nullable=True))
    op.add_column("editions", sa.Column("text", sa.Text(), nullable=True))
    op.add_column("documents", sa.Column("audience", sa.Uuid(), nullable=True))
    op.add_column("media", sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False))
    _tell_when_to_check_again()
    op.create_table(
        "media_audiences",
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("audience", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["sha"], ["media.sha"], name="fk_media_audiences_sha_media"),
        sa.PrimaryKeyConstraint("sha", "audience", name="pk_media_audiences"),
    )
    op.create_table(
        "own_packs",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_own_packs_provider_id_providers"),
        sa.PrimaryKeyConstraint("key", name="pk_own_packs"),
        sa.UniqueConstraint("provider_id", name="uq_own_packs_provider_id"),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(length=80), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.String(length=64), nullable=True),
        sa.Column("published_revision", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("checked_by_name", sa.String(length=200), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_noted_by", sa.Integer(), nullable=True),
        sa.Column("put_away_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'in-review', 'ready')", name="ck_drafts_state"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_drafts_provider_id_providers"),
        sa.ForeignKeyConstraint(["pack"], ["own_packs.key"], name="fk_drafts_pack_own_packs"),
        sa.ForeignKeyConstraint(["based_on"], ["editions.sha"], name="fk_drafts_based_on_editions"),
        sa.ForeignKeyConstraint(["started_by"], ["persons.id"], name="fk_drafts_started_by_persons"),
        sa.ForeignKeyConstraint(["changed_by"], ["persons.id"], name="fk_drafts_changed_by_persons"),
        sa.ForeignKeyConstraint(["checked_noted_by"], ["persons.id"], name="fk_drafts_checked_noted_by_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint("uuid", name="uq_drafts_uuid"),
        sa.UniqueConstraint("key", name="uq_drafts_key"),
    )
    op.create_index("ix_drafts_provider_id", "drafts", ["provider_id"])
    op.create_table(
        "draft_revisions",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aside", sa.Boolean(), nullable=False),
        sa.Column("on_top_of", sa.Integer(), nullable=True),
        sa.Column("came", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.CheckConstraint("came IN ('start', 'copy', 'save', 'restore', 'publish')", name="ck_draft_revisions_came"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_draft_revisions_draft_id_drafts"),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name="fk_draft_revisions_by_persons"),
        sa.PrimaryKeyConstraint("draft_id", "revision", name="pk_draft_revisions"),
    )
    op.create_table(
        "draft_media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_draft_media_draft_id_drafts"),
        sa.ForeignKeyConstraint(["added_by"], ["persons.id"], name="fk_draft_media_added_by_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_draft_media"),
    )
    op.create_index("ix_draft_media_draft_id", "draft_media", ["draft_id"])
    op.create_table(
        "draft_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_draft_comments_draft_id_drafts"),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name="fk_draft_comments_by_persons"),
        sa.ForeignKeyConstraint(["resolved_by"], ["persons.id"], name="fk_draft_comments_resolved_by_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_draft_comments"),
        sa.UniqueConstraint("uuid", name="uq_draft_comments_uuid"),
    )
    op.create_index("ix_draft_comments_draft_id", "draft_comments", ["draft_id"])


def _tell_when_to_check_again() -> None:
    """Write beside each edition the day its own JSON names, so that a list of them opens none."""
    editions = sa.table("editions", sa.column("sha"), sa.column("body"), sa.column("check_again", sa.Date()))
    connection = op.get_bind()
    for sha in connection.scalars(sa.select(editions.c.sha)).all():
        body = connection.execute(sa.select(editions.c.body).where(editions.c.sha == sha)).scalar_one()
        day = json.loads(bytes(body)).get("check_again")
        if day:
            connection.execute(
                editions.update().where(editions.c.sha == sha).values(check_again=date.fromisoformat(day))
            )


def downgrade() -> None:
    for table in ("draft_comments", "draft_media", "draft_revisions", "drafts", "own_packs", "media_audiences"):
        op.drop_table(table)
    op.drop_column("media", "private")
    op.drop_column("documents", "audience")
    op.drop_column("editions", "text")
    op.drop_column("editions", "check_again")
    op.drop_column("editions", "audience")
