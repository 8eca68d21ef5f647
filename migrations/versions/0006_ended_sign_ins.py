"""Which browsers were signed out, so that a copy of their cookie opens nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ended_sign_ins",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_ended_sign_ins")),
    )
    op.create_index(op.f("ix_ended_sign_ins_at"), "ended_sign_ins", ["at"])


def downgrade() -> None:
    op.drop_table("ended_sign_ins")
