"""Accounts at an OpenID provider that staff sign in with."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "openid_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=250), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("shown", sa.String(length=120), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_openid_links_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openid_links")),
        sa.UniqueConstraint("uuid", name=op.f("uq_openid_links_uuid")),
    )
    with op.batch_alter_table("openid_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_openid_links_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_openid_links_account",
            ["issuer", "subject"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("openid_links", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_openid_links_account",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_openid_links_person_id"))
    op.drop_table("openid_links")
