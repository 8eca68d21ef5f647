"""What is recognised though it was shown elsewhere, and whose signatures a provider trusts."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recognitions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("issuer_name", sa.String(length=200), nullable=False),
        sa.Column("credential", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("named", sa.String(length=200), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=True),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_recognitions_by_persons")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_recognitions_person_id_persons")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_recognitions_provider_id_providers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognitions")),
        sa.UniqueConstraint("provider_id", "person_id", "sha", name="uq_recognitions_provider_id_person_id_sha"),
        sa.UniqueConstraint("uuid", name=op.f("uq_recognitions_uuid")),
    )
    with op.batch_alter_table("recognitions", schema=None) as batch_op:
        batch_op.create_index("ix_recognitions_issuer", ["issuer"], unique=False)
        batch_op.create_index("ix_recognitions_person_id", ["person_id"], unique=False)

    op.create_table(
        "recognition_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recognition_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("modules", sa.JSON(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("practice", sa.JSON(), nullable=False),
        sa.Column("outside", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('accepted', 'declined', 'withdrawn', 'untrusted')",
            name=op.f("ck_recognition_decisions_decision"),
        ),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_recognition_decisions_by_persons")),
        sa.ForeignKeyConstraint(
            ["recognition_id"], ["recognitions.id"], name=op.f("fk_recognition_decisions_recognition_id_recognitions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition_decisions")),
    )
    with op.batch_alter_table("recognition_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recognition_decisions_recognition_id"), ["recognition_id"], unique=False)

    op.create_table(
        "trusted_issuers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("did", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trouble", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["providers.id"], name=op.f("fk_trusted_issuers_provider_id_providers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_issuers")),
        sa.UniqueConstraint("uuid", name=op.f("uq_trusted_issuers_uuid")),
    )
    with op.batch_alter_table("trusted_issuers", schema=None) as batch_op:
        batch_op.create_index("ix_trusted_issuers_did", ["did"], unique=False)
        batch_op.create_index(
            "uq_trusted_issuers_current",
            ["provider_id", "did"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "issuer_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("did", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuer_lists")),
        sa.UniqueConstraint("did", "url", name="uq_issuer_lists_did_url"),
    )


def downgrade() -> None:
    op.drop_table("issuer_lists")
    with op.batch_alter_table("trusted_issuers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_trusted_issuers_current",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_trusted_issuers_did")
    op.drop_table("trusted_issuers")
    with op.batch_alter_table("recognition_decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recognition_decisions_recognition_id"))
    op.drop_table("recognition_decisions")
    with op.batch_alter_table("recognitions", schema=None) as batch_op:
        batch_op.drop_index("ix_recognitions_person_id")
        batch_op.drop_index("ix_recognitions_issuer")
    op.drop_table("recognitions")
