"""What a provider's workplace is called in ASC-WDS."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asc_wds_workplaces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("local_id", sa.String(length=50), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["providers.id"], name=op.f("fk_asc_wds_workplaces_provider_id_providers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asc_wds_workplaces")),
    )
    with op.batch_alter_table("asc_wds_workplaces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asc_wds_workplaces_provider_id"), ["provider_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("asc_wds_workplaces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asc_wds_workplaces_provider_id"))
    op.drop_table("asc_wds_workplaces")
