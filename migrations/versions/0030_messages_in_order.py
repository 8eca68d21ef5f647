"""The newest messages of a provider are found without the clock they were sent by."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_messages_provider_id_id", "messages", ["provider_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_messages_provider_id_id", "messages")
