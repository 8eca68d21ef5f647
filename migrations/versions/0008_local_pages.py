"""What a provider adds to a module that everybody has."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "local_pages",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("restored", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_local_pages_provider_id_providers"),
        sa.ForeignKeyConstraint(["changed_by"], ["persons.id"], name="fk_local_pages_changed_by_persons"),
        sa.PrimaryKeyConstraint("provider_id", "module", "number", name="pk_local_pages"),
    )


def downgrade() -> None:
    op.drop_table("local_pages")
