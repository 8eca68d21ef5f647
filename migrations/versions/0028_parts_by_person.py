"""What grows with what people do is keyed by person, and on PostgreSQL cut into parts by person."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

PARTS = 8
KEYED = ("attempt_results", "lesson_reads", "completions", "reflections")
INDEXES = {
    "records": {
        "ix_records_device_id_seq": ["device_id", "seq"],
        "ix_records_person_id_id": ["person_id", "id"],
    },
    "attempt_results": {
        "ix_attempt_results_provider_id_person_id_at": ["provider_id", "person_id", "at"],
        "ix_attempt_results_provider_id_person_id_module_at": ["provider_id", "person_id", "module", "at"],
    },
    "lesson_reads": {
        "ix_lesson_reads_provider_id_person_id_at": ["provider_id", "person_id", "at"],
        "ix_lesson_reads_provider_id_person_id_module_at": ["provider_id", "person_id", "module", "at"],
    },
    "completions": {"ix_completions_provider_id_person_id": ["provider_id", "person_id"]},
    "reflections": {"ix_reflections_provider_id_person_id_at": ["provider_id", "person_id", "at"]},
}
REFERS = {"records": ("person", "provider", "device")} | dict.fromkeys(KEYED, ("person", "provider"))
BESIDE = ("record_variants", "held_records")


def upgrade() -> None:
    for name in BESIDE:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(f"fk_{name}_uuid_records", type_="foreignkey")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SCHEMA IF NOT EXISTS parts")
        _made_anew("records", parted=True, primary=["id", "person_id"], unique=["uuid", "person_id"])
        for name in KEYED:
            _made_anew(name, parted=True, primary=["person_id", "record"])
    else:
        with op.batch_alter_table("records") as table:
            table.drop_constraint("uq_records_uuid", type_="unique")
            table.create_unique_constraint("uq_records_uuid_person_id", ["uuid", "person_id"])
        for name in KEYED:
            _primary(name, ["person_id", "record"])
    _primary("remarks", ["person_id", "record", "erratum"])


def downgrade() -> None:
    _primary("remarks", ["record", "erratum"])
    if op.get_bind().dialect.name == "postgresql":
        _made_anew("records", parted=False, primary=["id"], unique=["uuid"])
        for name in KEYED:
            _made_anew(name, parted=False, primary=["record"])
        op.execute("DROP SCHEMA parts")
    else:
        with op.batch_alter_table("records") as table:
            table.drop_constraint("uq_records_uuid_person_id", type_="unique")
            table.create_unique_constraint("uq_records_uuid", ["uuid"])
        for name in KEYED:
            _primary(name, ["record"])
    for name in BESIDE:
        with op.batch_alter_table(name) as table:
            table.create_foreign_key(f"fk_{name}_uuid_records", "records", ["uuid"], ["uuid"])


def _primary(name: str, columns: list[str]) -> None:
    with op.batch_alter_table(name) as table:
        table.drop_constraint(f"pk_{name}", type_="primary")
        table.create_primary_key(f"pk_{name}", columns)


def _made_anew(name: str, *, parted: bool, primary: list[str], unique: list[str] | None = None) -> None:
    """Copy a table of PostgreSQL into one that is cut into parts, or back; keys and indexes are made after the rows."""
    if name == "records":
        op.execute("ALTER SEQUENCE records_id_seq OWNED BY NONE")
    how = "PARTITION BY HASH (person_id)" if parted else ""
    op.execute(f"CREATE TABLE {name}_new (LIKE {name} INCLUDING DEFAULTS) {how}")
    if parted:
        for part in range(PARTS):
            op.execute(
                f"CREATE TABLE parts.{name}_{part} PARTITION OF {name}_new "
                f"FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
            )
    op.execute(f"INSERT INTO {name}_new SELECT * FROM {name}")
    op.drop_table(name)
    op.rename_table(f"{name}_new", name)
    op.create_primary_key(f"pk_{name}", name, primary)
    if unique:
        op.create_unique_constraint(f"uq_{name}_{'_'.join(unique)}", name, unique)
    for index, columns in INDEXES[name].items():
        op.create_index(index, name, columns)
    for one in REFERS[name]:
        op.create_foreign_key(f"fk_{name}_{one}_id_{one}s", name, f"{one}s", [f"{one}_id"], ["id"])
    if name == "records":
        op.execute("ALTER SEQUENCE records_id_seq OWNED BY records.id")
