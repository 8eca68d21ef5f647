"""What is needed of whom, and training from elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = (
    "outside_decisions",
    "outside_files",
    "outside_trainings",
    "training_exceptions",
    "profile_places",
    "profile_versions",
    "profiles",
    "training_versions",
    "trainings",
)


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def upgrade() -> None:
    # Not in batch mode: SQLite would make the table anew under the feet of those that refer to it.
    op.add_column("assignments", sa.Column("training", sa.Uuid(), nullable=True))
    op.add_column("assignments", sa.Column("refresh_months", sa.Integer(), nullable=True))
    op.add_column("assignments", sa.Column("window_days", sa.Integer(), nullable=True))
    op.add_column("assignments", sa.Column("grace_days", sa.Integer(), nullable=True))
    for table in ("trainings", "profiles"):
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("uuid", sa.Uuid(), nullable=False),
            sa.Column("provider_id", sa.Integer(), nullable=False),
            sa.Column("usual", sa.String(length=80), nullable=True),
            moment("added_at"),
            moment("ended_at", nullable=True),
            refers(table, "provider_id", "providers"),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
            sa.UniqueConstraint("uuid", name=f"uq_{table}_uuid"),
        )
        op.create_index(f"ix_{table}_provider_id", table, ["provider_id"])
    op.create_table(
        "training_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        moment("since"),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("driver", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("modules", sa.JSON(), nullable=False),
        sa.Column("practice", sa.JSON(), nullable=False),
        sa.Column("elsewhere", sa.String(length=10), nullable=False),
        sa.Column("refresh_months", sa.Integer(), nullable=True),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("first_due_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "basis IN ('statutory', 'mandatory', 'role', 'need', 'own')", name="ck_training_versions_basis"
        ),
        sa.CheckConstraint("elsewhere IN ('no', 'instead', 'needed')", name="ck_training_versions_elsewhere"),
        refers("training_versions", "training_id", "trainings"),
        refers("training_versions", "by", "persons"),
        sa.PrimaryKeyConstraint("id", name="pk_training_versions"),
    )
    op.create_index("ix_training_versions_training_id", "training_versions", ["training_id"])
    op.create_table(
        "profile_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        moment("since"),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("trainings", sa.JSON(), nullable=False),
        refers("profile_versions", "profile_id", "profiles"),
        refers("profile_versions", "by", "persons"),
        sa.PrimaryKeyConstraint("id", name="pk_profile_versions"),
    )
    op.create_index("ix_profile_versions_profile_id", "profile_versions", ["profile_id"])
    op.create_table(
        "profile_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        moment("since"),
        sa.Column("by", sa.Integer(), nullable=True),
        moment("ended_at", nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        refers("profile_places", "profile_id", "profiles"),
        refers("profile_places", "person_id", "persons"),
        refers("profile_places", "provider_id", "providers"),
        refers("profile_places", "by", "persons"),
        refers("profile_places", "ended_by", "persons"),
        sa.PrimaryKeyConstraint("id", name="pk_profile_places"),
    )
    op.create_index("ix_profile_places_provider_id_person_id", "profile_places", ["provider_id", "person_id"])
    op.create_index(
        "uq_profile_places_current",
        "profile_places",
        ["profile_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "training_exceptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        moment("since"),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=True),
        moment("ended_at", nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        refers("training_exceptions", "person_id", "persons"),
        refers("training_exceptions", "provider_id", "providers"),
        refers("training_exceptions", "training_id", "trainings"),
        refers("training_exceptions", "by", "persons"),
        refers("training_exceptions", "ended_by", "persons"),
        sa.PrimaryKeyConstraint("id", name="pk_training_exceptions"),
        sa.UniqueConstraint("uuid", name="uq_training_exceptions_uuid"),
    )
    op.create_index(
        "ix_training_exceptions_provider_id_person_id", "training_exceptions", ["provider_id", "person_id"]
    )
    op.create_table(
        "outside_trainings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("taught_by", sa.String(length=120), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("booked_for", sa.Date(), nullable=True),
        sa.Column("file_name", sa.String(length=120), nullable=True),
        sa.Column("file_type", sa.String(length=20), nullable=True),
        sa.Column("file_size", sa.Integer(), nullable=True),
        sa.Column("file_sha", sa.String(length=64), nullable=True),
        moment("at"),
        sa.Column("by", sa.Integer(), nullable=True),
        refers("outside_trainings", "provider_id", "providers"),
        refers("outside_trainings", "person_id", "persons"),
        refers("outside_trainings", "training_id", "trainings"),
        refers("outside_trainings", "by", "persons"),
        sa.PrimaryKeyConstraint("id", name="pk_outside_trainings"),
        sa.UniqueConstraint("uuid", name="uq_outside_trainings_uuid"),
    )
    op.create_index("ix_outside_trainings_provider_id_person_id", "outside_trainings", ["provider_id", "person_id"])
    op.create_table(
        "outside_files",
        sa.Column("outside_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        refers("outside_files", "outside_id", "outside_trainings"),
        sa.PrimaryKeyConstraint("outside_id", name="pk_outside_files"),
    )
    op.create_table(
        "outside_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outside_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        moment("at"),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('accepted', 'refused', 'called-off')", name="ck_outside_decisions_decision"
        ),
        refers("outside_decisions", "outside_id", "outside_trainings"),
        refers("outside_decisions", "by", "persons"),
        sa.PrimaryKeyConstraint("id", name="pk_outside_decisions"),
    )
    op.create_index("ix_outside_decisions_outside_id", "outside_decisions", ["outside_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for column in ("grace_days", "window_days", "refresh_months", "training"):
        op.drop_column("assignments", column)
