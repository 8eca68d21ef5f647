"""The audit trail, which the database itself keeps from being changed.

A later step that makes `audit_entries` anew (SQLite, batch mode) has to make the triggers anew too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER audit_entries_unchanged BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END""",
    """CREATE TRIGGER audit_entries_kept BEFORE DELETE ON audit_entries
    WHEN OLD.number > COALESCE((SELECT MAX(removed_to) FROM audit_entries WHERE removed_to IS NOT NULL), 0)
    BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END""",
)
POSTGRES = (
    """CREATE FUNCTION audit_entries_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.number <= COALESCE(
            (SELECT MAX(removed_to) FROM audit_entries WHERE removed_to IS NOT NULL), 0) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'audit entries are never changed or deleted';
    END $$""",
    """CREATE TRIGGER audit_entries_kept BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_guard()""",
    """CREATE TRIGGER audit_entries_not_emptied BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_guard()""",
)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=10), nullable=False),
        sa.Column("actor_person", sa.Uuid(), nullable=True),
        sa.Column("provider", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("removed_to", sa.BigInteger(), nullable=True),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "actor IN ('person', 'operator', 'worker', 'nobody')", name=op.f("ck_audit_entries_actor")
        ),
        sa.CheckConstraint("removed_to IS NULL OR removed_to < number", name=op.f("ck_audit_entries_removed_to")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_provider_number", "audit_entries", ["provider", "number"])
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject"])
    op.create_index("ix_audit_entries_actor_person", "audit_entries", ["actor_person"])
    op.create_index(
        "ix_audit_entries_removed_to",
        "audit_entries",
        ["removed_to"],
        sqlite_where=sa.text("removed_to IS NOT NULL"),
        postgresql_where=sa.text("removed_to IS NOT NULL"),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRES:
        op.execute(sa.text(statement))


def downgrade() -> None:
    op.drop_table("audit_head")
    # Its triggers go with it.
    op.drop_table("audit_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entries_guard()")
