"""Elections of a new term."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _restricted(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_election_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "election",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(division_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_election_place")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_election_name")),
        _restricted("division_id", "division"),
        _restricted("unit_id", "unit"),
        _restricted("entered_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election")),
    )
    op.create_index(op.f("ix_election_division_id_held_on"), "election", ["division_id", "held_on"])
    op.create_index(op.f("ix_election_unit_id"), "election", ["unit_id"])


def downgrade() -> None:
    op.drop_table("election")
