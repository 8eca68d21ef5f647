"""What is offered to other servers and with which key, whom this server follows, and what came from where."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("public", sa.String(length=43), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_keys"),
        sa.UniqueConstraint("uuid", name="uq_catalogue_keys_uuid"),
    )
    op.create_table(
        "catalogue_offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(length=80), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_offers"),
    )
    op.create_index("ix_catalogue_offers_pack", "catalogue_offers", ["pack"])
    op.create_table(
        "catalogue_sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trouble", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_sources"),
    )
    op.create_index("ix_catalogue_sources_uuid", "catalogue_sources", ["uuid"])
    op.create_table(
        "catalogue_holdings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('module', 'pack')", name="ck_catalogue_holdings_kind"),
        sa.ForeignKeyConstraint(
            ["source_id"], ["catalogue_sources.id"], name="fk_catalogue_holdings_source_id_catalogue_sources"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_holdings"),
    )
    op.create_index("ix_catalogue_holdings_kind_key", "catalogue_holdings", ["kind", "key"])
    op.create_table(
        "catalogue_errata",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["catalogue_sources.id"], name="fk_catalogue_errata_source_id_catalogue_sources"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_errata"),
        sa.UniqueConstraint("source_id", "mark", name="uq_catalogue_errata_source_id_mark"),
    )


def downgrade() -> None:
    op.drop_table("catalogue_errata")
    op.drop_table("catalogue_holdings")
    op.drop_table("catalogue_sources")
    op.drop_table("catalogue_offers")
    op.drop_table("catalogue_keys")
