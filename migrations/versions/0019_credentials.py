"""Credentials: signing keys, places on status lists, and what was issued."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def place(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=f"fk_{table}_provider_id_providers")


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def upgrade() -> None:
    op.create_table(
        "credential_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ed25519", sa.String(length=60), nullable=False),
        sa.Column("p256", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("dropped_at", MOMENT, nullable=True),
        place("credential_keys"),
        sa.PrimaryKeyConstraint("id", name="pk_credential_keys"),
        sa.UniqueConstraint("uuid", name="uq_credential_keys_uuid"),
        sa.UniqueConstraint("provider_id", "number", name="uq_credential_keys_provider_id_number"),
    )
    op.create_table(
        "credential_statuses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("list", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        place("credential_statuses"),
        sa.PrimaryKeyConstraint("id", name="pk_credential_statuses"),
        sa.UniqueConstraint("provider_id", "list", "number", name="uq_credential_statuses_provider_id_list_number"),
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("achievement", sa.String(length=200), nullable=False),
        sa.Column("occasion", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("rests_on", sa.JSON(), nullable=False),
        sa.Column("status_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("jwt", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("valid_until", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("not_again", sa.Boolean(), nullable=False),
        place("credentials"),
        refers("credentials", "person_id", "persons"),
        refers("credentials", "status_id", "credential_statuses"),
        refers("credentials", "key_id", "credential_keys"),
        refers("credentials", "revoked_by", "persons"),
        sa.PrimaryKeyConstraint("id", name="pk_credentials"),
        sa.UniqueConstraint("uuid", name="uq_credentials_uuid"),
        sa.UniqueConstraint("status_id", name="uq_credentials_status_id"),
    )
    op.create_index("ix_credentials_provider_id_person_id", "credentials", ["provider_id", "person_id"])
    op.create_index("ix_credentials_person_id", "credentials", ["person_id"])
    op.create_index(
        "uq_credentials_live",
        "credentials",
        ["provider_id", "person_id", "achievement", "occasion"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def downgrade() -> None:
    for table in ("credentials", "credential_statuses", "credential_keys"):
        op.drop_table(table)
