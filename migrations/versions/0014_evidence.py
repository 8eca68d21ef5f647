"""Jobs in the background and evidence packs."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("beat_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="ck_jobs_state"),
        sa.ForeignKeyConstraint(["asked_by"], ["persons.id"], name="fk_jobs_asked_by_persons"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_jobs_provider_id_providers"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("uuid", name="uq_jobs_uuid"),
    )
    op.create_index("ix_jobs_state", "jobs", ["state"])
    op.create_index("ix_jobs_provider_id_kind", "jobs", ["provider_id", "kind"])
    op.create_table(
        "evidence_packs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("removed_why", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_evidence_packs_job_id_jobs"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_evidence_packs_provider_id_providers"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_packs"),
        sa.UniqueConstraint("job_id", name="uq_evidence_packs_job_id"),
    )
    op.create_index("ix_evidence_packs_provider_id", "evidence_packs", ["provider_id"])
    op.create_table(
        "evidence_labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_evidence_labels_provider_id_providers"),
        sa.ForeignKeyConstraint(["set_by"], ["persons.id"], name="fk_evidence_labels_set_by_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_labels"),
    )
    op.create_index("ix_evidence_labels_provider_id", "evidence_labels", ["provider_id"])


def downgrade() -> None:
    op.drop_table("evidence_labels")
    op.drop_table("evidence_packs")
    op.drop_table("jobs")
