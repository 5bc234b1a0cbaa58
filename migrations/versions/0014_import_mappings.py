"""Remembered choices of the columns of foreign tables."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=120), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(department = '') = (township_id IS NOT NULL)", name=op.f("ck_import_mapping_whose")),
        sa.CheckConstraint("length(fingerprint) = 64", name=op.f("ck_import_mapping_fingerprint")),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_import_mapping_by"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["district_id"], ["division.id"], name=op.f("fk_import_mapping_district_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["township_id"], ["division.id"], name=op.f("fk_import_mapping_township_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
    )
    op.create_index(
        op.f("ix_import_mapping_district_id_fingerprint"), "import_mapping", ["district_id", "fingerprint"],
        unique=False,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("import_mapping")
