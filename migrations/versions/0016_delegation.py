"""Delegated tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([each], ["persons.id"], name=f"fk_{table}_{each}_persons") for each in columns]


def place(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=f"fk_{table}_provider_id_providers")


def upgrade() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=120), nullable=False),
        sa.Column("alias", sa.String(length=20), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("clinician", sa.String(length=120), nullable=False),
        sa.Column("profession", sa.String(length=120), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("reach", sa.String(length=200), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("rests_on", sa.String(length=300), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        place("delegations"),
        *people("delegations", "person_id", "by"),
        sa.PrimaryKeyConstraint("id", name="pk_delegations"),
        sa.UniqueConstraint("uuid", name="uq_delegations_uuid"),
    )
    op.create_index("ix_delegations_provider_id_person_id", "delegations", ["provider_id", "person_id"])
    op.create_table(
        "delegation_withdrawals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("delegation", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        place("delegation_withdrawals"),
        *people("delegation_withdrawals", "person_id", "by", "undone_by"),
        sa.PrimaryKeyConstraint("id", name="pk_delegation_withdrawals"),
    )
    op.create_index(
        "ix_delegation_withdrawals_provider_id_person_id", "delegation_withdrawals", ["provider_id", "person_id"]
    )
    op.create_index(
        "uq_delegation_withdrawals_standing",
        "delegation_withdrawals",
        ["delegation"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )


def downgrade() -> None:
    for table in ("delegation_withdrawals", "delegations"):
        op.drop_table(table)
