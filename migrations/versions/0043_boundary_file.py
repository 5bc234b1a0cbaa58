"""The file of boundaries that the office supplies: one row at most, none is shipped."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "boundary_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("approval", sa.String(60), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outlines", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_file")),
        sa.CheckConstraint("id = 1", name=op.f("ck_boundary_file_one")),
    )


def downgrade() -> None:
    op.drop_table("boundary_file")
