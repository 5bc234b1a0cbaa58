"""Decisions on published lists; a list is published again only by one."""

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

FINAL = ("decision", "decision_unit")


def _restricted(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("ground", sa.String(length=200), nullable=False),
        sa.Column("takes_effect_on", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('village', 'community')", name=op.f("ck_decision_kind")),
        sa.CheckConstraint("sort IN ('removal')", name=op.f("ck_decision_sort")),
        sa.CheckConstraint("state IN ('proposed', 'decided', 'withdrawn')", name=op.f("ck_decision_state")),
        sa.CheckConstraint("reason <> '' AND ground <> ''", name=op.f("ck_decision_reason")),
        sa.CheckConstraint("edition >= 2", name=op.f("ck_decision_edition")),
        sa.CheckConstraint("(state = 'decided') = (edition IS NOT NULL)", name=op.f("ck_decision_decided")),
        sa.CheckConstraint("(state = 'proposed') = (settled_by IS NULL)", name=op.f("ck_decision_settled_by")),
        sa.CheckConstraint("(state = 'proposed') = (settled_at IS NULL)", name=op.f("ck_decision_settled_at")),
        sa.CheckConstraint("state <> 'decided' OR settled_by <> proposed_by", name=op.f("ck_decision_two_people")),
        _restricted("decision", "cycle_id", "cycle"),
        _restricted("decision", "proposed_by", "account"),
        _restricted("decision", "settled_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("cycle_id", "kind", "edition", name=op.f("uq_decision_cycle_id_kind_edition")),
    )
    op.create_index(
        "uq_decision_open", "decision", ["cycle_id", "kind"], unique=True,
        sqlite_where=sa.text("state = 'proposed'"), postgresql_where=sa.text("state = 'proposed'"),
    )  # fmt: skip
    op.create_table(
        "decision_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("level_before", sa.String(length=120), nullable=False),
        sa.Column("level_after", sa.String(length=120), nullable=False),
        sa.CheckConstraint("level_before <> level_after", name=op.f("ck_decision_unit_levels")),
        _restricted("decision_unit", "decision_id", "decision"),
        _restricted("decision_unit", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_unit")),
        sa.UniqueConstraint("decision_id", "unit_id", name=op.f("uq_decision_unit_decision_id_unit_id")),
    )
    op.create_index(op.f("ix_decision_unit_unit_id"), "decision_unit", ["unit_id"], unique=False)
    for statement in creation(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)


def downgrade() -> None:
    for statement in removal(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)
    op.drop_table("decision_unit")
    op.drop_table("decision")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS starrating_refuse_unbased()")
        op.execute("DROP FUNCTION IF EXISTS starrating_refuse_settled()")
