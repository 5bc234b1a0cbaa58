"""Imports that wait for their confirmation."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "score_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(state = 'waiting') = (content IS NOT NULL)", name=op.f("ck_score_import_content")),
        sa.CheckConstraint("changed >= 0", name=op.f("ck_score_import_changed")),
        sa.CheckConstraint("kind IN ('workbook', 'table')", name=op.f("ck_score_import_kind")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_score_import_digest")),
        sa.CheckConstraint("state IN ('waiting', 'stored', 'dropped')", name=op.f("ck_score_import_state")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_score_import_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_score_import_cycle_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_import")),
    )
    op.create_index(
        op.f("ix_score_import_account_id_cycle_id"), "score_import", ["account_id", "cycle_id"], unique=False
    )
    op.create_index(op.f("ix_score_import_state_expires_at"), "score_import", ["state", "expires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("score_import")
