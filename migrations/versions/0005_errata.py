"""Keys of published editions that were put right, what that changed, and what managers decided about it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "errata",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sha"], ["editions.sha"], name="fk_errata_sha_editions"),
        sa.PrimaryKeyConstraint("id", name="pk_errata"),
    )
    op.create_index("ix_errata_sha", "errata", ["sha"])
    op.create_table(
        "remarks",
        sa.Column("record", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("module", sa.String(length=120), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erratum", sa.Integer(), nullable=False),
        sa.Column("old_score", sa.Integer(), nullable=False),
        sa.Column("old_passed", sa.Boolean(), nullable=False),
        sa.Column("new_score", sa.Integer(), nullable=False),
        sa.Column("new_passed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_remarks_person_id_persons"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_remarks_provider_id_providers"),
        sa.ForeignKeyConstraint(["erratum"], ["errata.id"], name="fk_remarks_erratum_errata"),
        sa.PrimaryKeyConstraint("record", "erratum", name="pk_remarks"),
    )
    op.create_index("ix_remarks_provider_id_person_id", "remarks", ["provider_id", "person_id"])
    op.create_table(
        "pass_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("erratum", sa.Integer(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_pass_decisions_person_id_persons"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_pass_decisions_provider_id_providers"),
        sa.ForeignKeyConstraint(["erratum"], ["errata.id"], name="fk_pass_decisions_erratum_errata"),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name="fk_pass_decisions_by_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_pass_decisions"),
    )
    op.create_index("ix_pass_decisions_record", "pass_decisions", ["record"])
    op.create_index("ix_pass_decisions_provider_id_person_id", "pass_decisions", ["provider_id", "person_id"])


def downgrade() -> None:
    op.drop_table("pass_decisions")
    op.drop_table("remarks")
    op.drop_table("errata")
