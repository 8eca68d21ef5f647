"""A record is written into two indexes less; a phone's figures keep its highest number, which one of them was for."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BY_MOMENT = ("attempt_results", "lesson_reads")
KEY = "fk_records_device_id_devices"


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
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(KEY, "records", type_="foreignkey")
    else:
        _forget_key()


def downgrade() -> None:
    with op.batch_alter_table("records") as table:
        table.create_foreign_key(KEY, "devices", ["device_id"], ["id"])
    op.create_index("ix_records_device_id_seq", "records", ["device_id", "seq"])
    for name in BY_MOMENT:
        op.create_index(f"ix_{name}_provider_id_person_id_at", name, ["provider_id", "person_id", "at"])
    with op.batch_alter_table("phone_digests") as table:
        table.drop_column("last_seq")


def _forget_key() -> None:
    """Take the constraint out of SQLite's words for the log, of which not a byte changes by it.

    The other way is a new table and all rows copied: as much room again, twice, and a minute for a million. This one is
    SQLite's own (lang_altertable.html, "Making Other Kinds Of Table Schema Changes").
    """
    connection = op.get_bind()
    which = "WHERE type = 'table' AND name = 'records'"
    words = connection.execute(sa.text(f"SELECT sql FROM sqlite_master {which}")).scalar_one()
    less, found = re.subn(rf",\s*CONSTRAINT {KEY} FOREIGN KEY ?\(device_id\) REFERENCES devices ?\(id\)", "", words)
    if found != 1:
        raise RuntimeError(f"The table of records has no constraint {KEY}. Restore the backup and tell us.")
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(sa.text(f"UPDATE sqlite_master SET sql = :sql {which}"), {"sql": less})
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))
