"""What the record log says of a record whose answers were removed, that was erased, or that came as a file."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in batch mode: SQLite would make the table anew under the feet of the tables that refer to it.
    op.add_column("records", sa.Column("thinned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("records", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("records", sa.Column("handed_in_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("records", "handed_in_by")
    op.drop_column("records", "erased_at")
    op.drop_column("records", "thinned_at")
