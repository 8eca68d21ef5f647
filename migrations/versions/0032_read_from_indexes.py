"""What every phone asks is read from indexes alone: what somebody completed, and on SQLite what is listed of editions."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

EDITIONS = [
    *("module", "number", "sha", "change", "title", "listing", "pack", "topic", "wire_bytes", "published_at"),
    *("withdrawn_at", "withdrawn_reason", "safety", "audience", "check_again"),
]
STANDING = ["provider_id", "person_id", "module", "edition", "at", "valid_for_months"]


def upgrade() -> None:
    op.create_index("ix_completions_standing", "completions", STANDING)
    op.drop_index("ix_completions_provider_id_person_id", "completions")
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("ix_editions_listed", "editions", EDITIONS)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_editions_listed", "editions")
    op.create_index("ix_completions_provider_id_person_id", "completions", ["provider_id", "person_id"])
    op.drop_index("ix_completions_standing", "completions")
