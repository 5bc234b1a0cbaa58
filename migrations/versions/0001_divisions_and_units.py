"""Divisions and the units that are rated."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "division",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(level = 'municipality') = (parent_id IS NULL)", name=op.f("ck_division_parent")),
        sa.CheckConstraint("level IN ('municipality', 'district', 'township')", name=op.f("ck_division_level")),
        sa.CheckConstraint("length(code) = 12", name=op.f("ck_division_code")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["division.id"], name=op.f("fk_division_parent_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
        sa.UniqueConstraint("code", name=op.f("uq_division_code")),
    )
    op.create_index(op.f("ix_division_parent_id_code"), "division", ["parent_id", "code"], unique=False)
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("rated", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('village', 'community')", name=op.f("ck_unit_kind")),
        sa.CheckConstraint("length(code) = 12", name=op.f("ck_unit_code")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_unit_validity")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["division.id"], name=op.f("fk_unit_district_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["township_id"], ["division.id"], name=op.f("fk_unit_township_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_unit_code_valid_from")),
    )
    op.create_index(op.f("ix_unit_district_id_code"), "unit", ["district_id", "code"], unique=False)
    op.create_index(op.f("ix_unit_township_id_code"), "unit", ["township_id", "code"], unique=False)


def downgrade() -> None:
    op.drop_table("unit")
    op.drop_table("division")
