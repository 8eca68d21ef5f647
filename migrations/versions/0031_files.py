"""Files of rows may lie in a bucket, and then are not in the database."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# Each with whether its bytes had to be in the row so far.
TABLES = {"evidence_packs": False, "outside_files": True, "draft_media": True}


def upgrade() -> None:
    for name, needed in TABLES.items():
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("object_uuid", sa.Uuid(), nullable=True))
            table.add_column(sa.Column("object_sha", sa.String(length=64), nullable=True))
            if needed:
                table.alter_column("body", existing_type=sa.LargeBinary(), nullable=True)


def downgrade() -> None:
    connection = op.get_bind()
    for name in TABLES:
        found = sa.table(name, sa.column("object_uuid", sa.Uuid()))
        query = sa.select(sa.func.count()).select_from(found).where(found.c.object_uuid.is_not(None))
        if connection.execute(query).scalar_one():
            raise RuntimeError("Files lie in a bucket. Run first: flask files move database")
    for name, needed in TABLES.items():
        if needed:
            rows = sa.table(name, sa.column("body", sa.LargeBinary()))
            op.execute(rows.update().where(rows.c.body.is_(None)).values(body=b""))
        with op.batch_alter_table(name) as table:
            if needed:
                table.alter_column("body", existing_type=sa.LargeBinary(), nullable=False)
            table.drop_column("object_sha")
            table.drop_column("object_uuid")
