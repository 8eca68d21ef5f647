"""A learner's word says what was on their screen."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in batch mode: SQLite would make the table anew under the feet of those that refer to it.
    op.add_column("observations", sa.Column("digests", sa.String(length=129), nullable=True))
    op.add_column("observation_confirmations", sa.Column("saw", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("observation_confirmations", "saw")
    op.drop_column("observations", "digests")
