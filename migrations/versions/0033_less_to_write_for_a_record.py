"""A record is written into two indexes less; a phone's figures keep its highest number, which one of them was for."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BY_MOMENT = ("attempt_results", "lesson_reads")


def upgrade() -> None:
    op.add_column("phone_digests", sa.Column("last_seq", sa.BigInteger(), nullable=False, server_default="-1"))
    op.execute(
        "UPDATE phone_digests SET last_seq = coalesce("
        "(SELECT max(seq) FROM records WHERE records.device_id = phone_digests.device_id), -1)"
    )
    for name in BY_MOMENT:
        op.drop_index(f"ix_{name}_provider_id_person_id_at", name)
    op.drop_index("ix_records_device_id_seq", "records")
    # Without an index by phone, each phone that is removed would have the whole log searched for its number.
    with op.batch_alter_table("records") as table:
        table.drop_constraint("fk_records_device_id_devices", type_="foreignkey")


def downgrade() -> None:
    with op.batch_alter_table("records") as table:
        table.create_foreign_key("fk_records_device_id_devices", "devices", ["device_id"], ["id"])
    op.create_index("ix_records_device_id_seq", "records", ["device_id", "seq"])
    for name in BY_MOMENT:
        op.create_index(f"ix_{name}_provider_id_person_id_at", name, ["provider_id", "person_id", "at"])
    with op.batch_alter_table("phone_digests") as table:
        table.drop_column("last_seq")
