"""Messages and nudges."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_person", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=True),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visible_from", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_messages_provider_id_providers"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_messages_person_id_persons"),
        sa.ForeignKeyConstraint(["from_person"], ["persons.id"], name="fk_messages_from_person_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("uuid", name="uq_messages_uuid"),
        sa.UniqueConstraint("person_id", "provider_id", "occasion", name="uq_messages_person_id_provider_id_occasion"),
    )
    op.create_index("ix_messages_provider_id_made_at", "messages", ["provider_id", "made_at"])
    op.create_index("ix_messages_person_id_visible_from", "messages", ["person_id", "visible_from"])
    op.create_table(
        "message_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim", sa.String(length=36), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_message_deliveries_message_id_messages"),
        sa.PrimaryKeyConstraint("id", name="pk_message_deliveries"),
        sa.UniqueConstraint("message_id", "channel", name="uq_message_deliveries_message_id_channel"),
    )
    op.create_index("ix_message_deliveries_state_not_before", "message_deliveries", ["state", "not_before"])
    op.create_table(
        "message_marks",
        sa.Column("record", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("message", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_message_marks_person_id_persons"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_message_marks_provider_id_providers"),
        sa.PrimaryKeyConstraint("record", name="pk_message_marks"),
    )
    op.create_index("ix_message_marks_person_id_message", "message_marks", ["person_id", "message"])
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_key", sa.String(length=100), nullable=False),
        sa.Column("browser_secret", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_push_subscriptions_person_id_persons"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_push_subscriptions_provider_id_providers"),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name="fk_push_subscriptions_device_id_devices"),
        sa.PrimaryKeyConstraint("id", name="pk_push_subscriptions"),
        sa.UniqueConstraint("device_id", "endpoint_hash", name="uq_push_subscriptions_device_id_endpoint_hash"),
    )
    op.create_index("ix_push_subscriptions_person_id", "push_subscriptions", ["person_id"])
    op.create_table(
        "automatic_nudges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_automatic_nudges_provider_id_providers"),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name="fk_automatic_nudges_by_persons"),
        sa.ForeignKeyConstraint(["ended_by"], ["persons.id"], name="fk_automatic_nudges_ended_by_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_automatic_nudges"),
    )
    op.create_index(
        "uq_automatic_nudges_current",
        "automatic_nudges",
        ["provider_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("automatic_nudges")
    op.drop_table("push_subscriptions")
    op.drop_table("message_marks")
    op.drop_table("message_deliveries")
    op.drop_table("messages")
