"""When each person last did something in each module is found in an index alone, however many lessons were read."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COLUMNS = ["provider_id", "person_id", "module", "at"]


def upgrade() -> None:
    for table in ("lesson_reads", "attempt_results"):
        op.create_index(f"ix_{table}_provider_id_person_id_module_at", table, COLUMNS)


def downgrade() -> None:
    for table in ("lesson_reads", "attempt_results"):
        op.drop_index(f"ix_{table}_provider_id_person_id_module_at", table_name=table)
