"""What is listed of editions is read from an index on SQLite, where it stood behind the editions themselves."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_editions_listed", "editions"
COLUMNS = [
    *("module", "number", "sha", "change", "title", "listing", "pack", "topic", "wire_bytes", "published_at"),
    *("withdrawn_at", "withdrawn_reason", "safety", "audience", "check_again"),
]


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.create_index(NAME, TABLE, COLUMNS)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index(NAME, TABLE)
