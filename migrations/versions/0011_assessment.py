"""Practice observed, assessors, sign-off."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessor_appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("standards", sa.JSON(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name="fk_assessor_appointments_by_persons"),
        sa.ForeignKeyConstraint(["ended_by"], ["persons.id"], name="fk_assessor_appointments_ended_by_persons"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_assessor_appointments_person_id_persons"),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["providers.id"], name="fk_assessor_appointments_provider_id_providers"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assessor_appointments"),
        sa.UniqueConstraint("uuid", name="uq_assessor_appointments_uuid"),
    )
    op.create_index(
        "ix_assessor_appointments_provider_id_person_id", "assessor_appointments", ["provider_id", "person_id"]
    )
    op.create_table(
        "countersigns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("observation", sa.Uuid(), nullable=False),
        sa.Column("confirmation", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name="fk_countersigns_by_persons"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_countersigns_person_id_persons"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_countersigns_provider_id_providers"),
        sa.PrimaryKeyConstraint("id", name="pk_countersigns"),
    )
    op.create_index("ix_countersigns_provider_id_person_id", "countersigns", ["provider_id", "person_id"])
    op.create_table(
        "manager_withdrawals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("observation", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name="fk_manager_withdrawals_by_persons"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_manager_withdrawals_person_id_persons"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_manager_withdrawals_provider_id_providers"),
        sa.ForeignKeyConstraint(["undone_by"], ["persons.id"], name="fk_manager_withdrawals_undone_by_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_manager_withdrawals"),
    )
    op.create_index("ix_manager_withdrawals_provider_id_person_id", "manager_withdrawals", ["provider_id", "person_id"])
    op.create_table(
        "observation_confirmations",
        sa.Column("record", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("observation", sa.Uuid(), nullable=True),
        sa.Column("short", sa.String(length=8), nullable=True),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_observation_confirmations_person_id_persons"),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["providers.id"], name="fk_observation_confirmations_provider_id_providers"
        ),
        sa.PrimaryKeyConstraint("record", name="pk_observation_confirmations"),
    )
    op.create_index(
        "ix_observation_confirmations_provider_id_person_id", "observation_confirmations", ["provider_id", "person_id"]
    )
    op.create_table(
        "observation_withdrawals",
        sa.Column("record", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("observation", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_observation_withdrawals_person_id_persons"),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["providers.id"], name="fk_observation_withdrawals_provider_id_providers"
        ),
        sa.PrimaryKeyConstraint("record", name="pk_observation_withdrawals"),
    )
    op.create_index("ix_observation_withdrawals_observation", "observation_withdrawals", ["observation"])
    op.create_table(
        "observations",
        sa.Column("record", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=True),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("learner", sa.Uuid(), nullable=False),
        sa.Column("framework", sa.String(length=60), nullable=False),
        sa.Column("standard", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("short", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_scope", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["assessor_id"], ["persons.id"], name="fk_observations_assessor_id_persons"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_observations_provider_id_providers"),
        sa.PrimaryKeyConstraint("record", name="pk_observations"),
    )
    op.create_index("ix_observations_provider_id_assessor_id", "observations", ["provider_id", "assessor_id"])
    op.create_index("ix_observations_provider_id_learner", "observations", ["provider_id", "learner"])
    op.create_table(
        "sign_offs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("framework", sa.String(length=60), nullable=False),
        sa.Column("standard", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name="fk_sign_offs_by_persons"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_sign_offs_person_id_persons"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_sign_offs_provider_id_providers"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["persons.id"], name="fk_sign_offs_withdrawn_by_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_offs"),
        sa.UniqueConstraint("uuid", name="uq_sign_offs_uuid"),
    )
    op.create_index("ix_sign_offs_person_id", "sign_offs", ["person_id"])
    op.create_index(
        "uq_sign_offs_current",
        "sign_offs",
        ["provider_id", "person_id", "framework", "standard"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("sign_offs")
    op.drop_table("observations")
    op.drop_table("observation_withdrawals")
    op.drop_table("observation_confirmations")
    op.drop_table("manager_withdrawals")
    op.drop_table("countersigns")
    op.drop_table("assessor_appointments")
