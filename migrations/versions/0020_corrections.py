"""Corrections of values after publication, and decisions that lift an earlier removal.

On SQLite the table of decisions is rebuilt for its CHECKs, which loses its triggers and those that look into it: they
are taken away before and put back after. The way back is refused, by the CHECK, once such a decision was taken: an
edition rests on it.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STOOD = ("decision", "decision_unit")
ADDED = ("decision_input",)
BEFORE = "sort IN ('removal')"
AFTER = "sort IN ('removal', 'lifting', 'correction')"
LIFTS = "(sort = 'lifting') = (lifts_id IS NOT NULL)"
STATES = "('value', 'blank', 'not_applicable')"
CHECKS = {
    "state_before": f"state_before IN {STATES}",
    "state_after": f"state_after IN {STATES}",
    "value_before": "(state_before = 'value') = (value_before <> '')",
    "value_after": "(state_after = 'value') = (value_after <> '')",
    "values": "state_before <> state_after OR value_before <> value_after",
}


def upgrade() -> None:
    _run(removal(_dialect(), *STOOD))
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("lifts_id", sa.Integer(), nullable=True))
        table.drop_constraint(op.f("ck_decision_sort"), type_="check")
        table.create_check_constraint(op.f("ck_decision_sort"), AFTER)
        table.create_check_constraint(op.f("ck_decision_lifts_id"), LIFTS)
        table.create_foreign_key(op.f("fk_decision_lifts_id"), "decision", ["lifts_id"], ["id"], ondelete="RESTRICT")
    op.create_index(
        "uq_decision_lifts_id", "decision", ["lifts_id"], unique=True,
        sqlite_where=sa.text("state <> 'withdrawn'"), postgresql_where=sa.text("state <> 'withdrawn'"),
    )  # fmt: skip
    op.create_table(
        "decision_input",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("header", sa.String(length=120), nullable=False),
        sa.Column("state_before", sa.String(length=20), nullable=False),
        sa.Column("value_before", sa.String(length=200), nullable=False),
        sa.Column("state_after", sa.String(length=20), nullable=False),
        sa.Column("value_after", sa.String(length=200), nullable=False),
        *(sa.CheckConstraint(said, name=op.f(f"ck_decision_input_{name}")) for name, said in CHECKS.items()),
        *(sa.ForeignKeyConstraint([f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_decision_input_{table}_id"),
                                  ondelete="RESTRICT") for table in ("decision", "unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_input")),
        sa.UniqueConstraint("decision_id", "unit_id", "header", name=op.f("uq_decision_input_decision_id_unit_id_header")),
    )  # fmt: skip
    op.create_index(op.f("ix_decision_input_unit_id"), "decision_input", ["unit_id"], unique=False)
    _run(creation(_dialect(), *STOOD, *ADDED))


def downgrade() -> None:
    _run(removal(_dialect(), *STOOD, *ADDED))
    op.drop_table("decision_input")
    op.drop_index("uq_decision_lifts_id", table_name="decision")
    with op.batch_alter_table("decision") as table:
        table.drop_constraint(op.f("fk_decision_lifts_id"), type_="foreignkey")
        table.drop_constraint(op.f("ck_decision_lifts_id"), type_="check")
        table.drop_constraint(op.f("ck_decision_sort"), type_="check")
        table.create_check_constraint(op.f("ck_decision_sort"), BEFORE)
        table.drop_column("lifts_id")
    _run(creation(_dialect(), *STOOD))


def _dialect() -> str:
    return op.get_bind().dialect.name


def _run(statements: Iterable[str]) -> None:
    for statement in statements:
        op.execute(statement)
