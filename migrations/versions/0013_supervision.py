"""Supervision, development plans, induction."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([each], ["persons.id"], name=f"fk_{table}_{each}_persons") for each in columns]


def place(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=f"fk_{table}_provider_id_providers")


def upgrade() -> None:
    op.create_table(
        "meeting_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("every", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("by", sa.Integer(), nullable=True),
        place("meeting_periods"),
        *people("meeting_periods", "by"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_periods"),
    )
    op.create_index("ix_meeting_periods_provider_id", "meeting_periods", ["provider_id"])
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("led_by_id", sa.Integer(), nullable=True),
        sa.Column("led_by_other", sa.String(length=120), nullable=False),
        sa.Column("shared", sa.Text(), nullable=False),
        sa.Column("private", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("taken_out_at", MOMENT, nullable=True),
        sa.Column("taken_out_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        place("meetings"),
        *people("meetings", "person_id", "led_by_id", "by", "taken_out_by"),
        sa.PrimaryKeyConstraint("id", name="pk_meetings"),
        sa.UniqueConstraint("uuid", name="uq_meetings_uuid"),
    )
    op.create_index("ix_meetings_provider_id_person_id_held_on", "meetings", ["provider_id", "person_id", "held_on"])
    op.create_table(
        "meeting_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_meeting_actions_meeting_id_meetings"),
        place("meeting_actions"),
        *people("meeting_actions", "person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_actions"),
        sa.UniqueConstraint("uuid", name="uq_meeting_actions_uuid"),
    )
    op.create_index("ix_meeting_actions_provider_id_person_id", "meeting_actions", ["provider_id", "person_id"])
    op.create_table(
        "supervision_ticks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("with_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        place("supervision_ticks"),
        *people("supervision_ticks", "person_id", "with_id", "by", "ended_by"),
        sa.PrimaryKeyConstraint("id", name="pk_supervision_ticks"),
    )
    op.create_index("ix_supervision_ticks_subject", "supervision_ticks", ["subject"])
    op.create_index("ix_supervision_ticks_provider_id_person_id", "supervision_ticks", ["provider_id", "person_id"])
    op.create_table(
        "induction_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        place("induction_items"),
        *people("induction_items", "by", "ended_by"),
        sa.PrimaryKeyConstraint("id", name="pk_induction_items"),
    )
    op.create_index("ix_induction_items_provider_id", "induction_items", ["provider_id"])
    op.create_table(
        "plan_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("wanted_by", sa.Date(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        place("plan_entries"),
        *people("plan_entries", "person_id", "by", "ended_by"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_entries"),
        sa.UniqueConstraint("uuid", name="uq_plan_entries_uuid"),
    )
    op.create_index("ix_plan_entries_provider_id_person_id", "plan_entries", ["provider_id", "person_id"])
    op.create_table(
        "goals_saved",
        sa.Column("record", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("goal", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("wanted_by", sa.Date(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        place("goals_saved"),
        *people("goals_saved", "person_id"),
        sa.PrimaryKeyConstraint("record", name="pk_goals_saved"),
    )
    op.create_index("ix_goals_saved_provider_id_person_id", "goals_saved", ["provider_id", "person_id"])


def downgrade() -> None:
    for table in (
        "goals_saved",
        "plan_entries",
        "induction_items",
        "supervision_ticks",
        "meeting_actions",
        "meetings",
        "meeting_periods",
    ):
        op.drop_table(table)
