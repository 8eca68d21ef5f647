"""A person with two providers: one row for them, and what each provider calls them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In words, and not in batch mode: SQLite would make the table anew under the feet of all that refer to it, and
    # Alembic adds no column with a key to it. Both databases know this sentence.
    op.execute(
        "ALTER TABLE persons ADD COLUMN same_as INTEGER CONSTRAINT fk_persons_same_as_persons REFERENCES persons (id)"
    )
    op.create_index("ix_persons_same_as", "persons", ["same_as"])
    op.add_column("memberships", sa.Column("name", sa.String(length=120), nullable=True))


def downgrade() -> None:
    op.drop_column("memberships", "name")
    op.drop_index("ix_persons_same_as", "persons")
    op.execute("ALTER TABLE persons DROP COLUMN same_as")
