"""Links people make to show what they can do, what each shows, and who looked."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passport_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("whom", sa.String(length=100), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_passport_links_person_id_persons")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["providers.id"], name=op.f("fk_passport_links_provider_id_providers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_passport_links_token_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_passport_links_uuid")),
    )
    with op.batch_alter_table("passport_links", schema=None) as batch_op:
        batch_op.create_index("ix_passport_links_person_id_provider_id", ["person_id", "provider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_passport_links_until"), ["until"], unique=False)
    op.create_table(
        "passport_items",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credentials.id"], name=op.f("fk_passport_items_credential_id_credentials")
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["passport_links.id"], name=op.f("fk_passport_items_link_id_passport_links")
        ),
        sa.PrimaryKeyConstraint("link_id", "credential_id", name=op.f("pk_passport_items")),
    )
    with op.batch_alter_table("passport_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passport_items_credential_id"), ["credential_id"], unique=False)
    op.create_table(
        "passport_takebacks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["link_id"], ["passport_links.id"], name=op.f("fk_passport_takebacks_link_id_passport_links")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_takebacks")),
    )
    with op.batch_alter_table("passport_takebacks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passport_takebacks_link_id"), ["link_id"], unique=False)
    op.create_table(
        "passport_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["passport_links.id"], name=op.f("fk_passport_looks_link_id_passport_links")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_looks")),
    )
    with op.batch_alter_table("passport_looks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passport_looks_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_passport_looks_link_id"), ["link_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("passport_looks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passport_looks_link_id"))
        batch_op.drop_index(batch_op.f("ix_passport_looks_at"))

    op.drop_table("passport_looks")
    with op.batch_alter_table("passport_takebacks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passport_takebacks_link_id"))

    op.drop_table("passport_takebacks")
    with op.batch_alter_table("passport_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passport_items_credential_id"))

    op.drop_table("passport_items")
    with op.batch_alter_table("passport_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passport_links_until"))
        batch_op.drop_index("ix_passport_links_person_id_provider_id")

    op.drop_table("passport_links")
