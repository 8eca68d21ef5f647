"""What assessors and managers state beside credentials, signed."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credential_endorsements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("endorser", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_credential_endorsements_by_persons")),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credentials.id"], name=op.f("fk_credential_endorsements_credential_id_credentials")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["providers.id"], name=op.f("fk_credential_endorsements_provider_id_providers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_endorsements")),
        sa.UniqueConstraint("credential_id", "endorser", name="uq_credential_endorsements_credential_id_endorser"),
        sa.UniqueConstraint("uuid", name=op.f("uq_credential_endorsements_uuid")),
    )
    with op.batch_alter_table("credential_endorsements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credential_endorsements_endorser"), ["endorser"], unique=False)
        batch_op.create_index("ix_credential_endorsements_provider_id_by", ["provider_id", "by"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("credential_endorsements", schema=None) as batch_op:
        batch_op.drop_index("ix_credential_endorsements_provider_id_by")
        batch_op.drop_index(batch_op.f("ix_credential_endorsements_endorser"))
    op.drop_table("credential_endorsements")
