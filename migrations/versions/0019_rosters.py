"""Rosters that wait for their confirmation."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _restricted(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_roster_import_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'stored', 'dropped')", name=op.f("ck_roster_import_state")),
        sa.CheckConstraint("(state = 'waiting') = (content IS NOT NULL)", name=op.f("ck_roster_import_content")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_roster_import_digest")),
        sa.CheckConstraint("changed >= 0", name=op.f("ck_roster_import_changed")),
        _restricted("division_id", "division"),
        _restricted("account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
    )
    op.create_index(op.f("ix_roster_import_division_id_account_id"), "roster_import", ["division_id", "account_id"])
    op.create_index(op.f("ix_roster_import_state_expires_at"), "roster_import", ["state", "expires_at"])


def downgrade() -> None:
    op.drop_table("roster_import")
