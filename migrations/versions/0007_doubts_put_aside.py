"""Doubts about scores that were looked at and put aside."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "put_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("check_code", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_put_aside_digest")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_put_aside_reason")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_put_aside_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_put_aside_cycle_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_put_aside")),
        sa.UniqueConstraint("cycle_id", "digest", name=op.f("uq_put_aside_cycle_id_digest")),
    )


def downgrade() -> None:
    op.drop_table("put_aside")
