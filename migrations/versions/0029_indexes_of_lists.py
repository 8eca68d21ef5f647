"""No list, and no look at who may sign in, reads a table of everybody's."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

INDEXES = {
    "sign_in_failures": {"at": ["at"]},
    "sign_offs": {"provider_id_person_id": ["provider_id", "person_id"]},
    "teams": {"provider_id": ["provider_id"]},
    "registered_managers": {"provider_id_person_id": ["provider_id", "person_id"]},
    "invites": {"provider_id": ["provider_id"]},
    "observation_withdrawals": {"provider_id_person_id": ["provider_id", "person_id"]},
    "delegation_withdrawals": {"delegation": ["delegation"]},
    "message_marks": {"provider_id_kind_at": ["provider_id", "kind", "at"]},
    "push_subscriptions": {"provider_id": ["provider_id"]},
    "webhook_events": {"provider_id_sent_at": ["provider_id", "sent_at"]},
    "xapi_forwarded": {"provider_id_due": ["provider_id", "due"]},
    "trusted_issuers": {"provider_id": ["provider_id"]},
}


def upgrade() -> None:
    for table, indexes in INDEXES.items():
        for name, columns in indexes.items():
            op.create_index(f"ix_{table}_{name}", table, columns)
    op.create_index(
        "ix_credential_statuses_revoked",
        "credential_statuses",
        ["provider_id", "list", "number"],
        sqlite_where=sa.text("revoked_at IS NOT NULL"),
        postgresql_where=sa.text("revoked_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_credential_statuses_revoked", "credential_statuses")
    for table, indexes in INDEXES.items():
        for name in indexes:
            op.drop_index(f"ix_{table}_{name}", table)
