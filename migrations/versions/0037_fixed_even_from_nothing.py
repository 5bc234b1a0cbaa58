"""What identifies a row that stays is fixed where it is NULL, too, and cannot be made NULL.

The triggers compared with `<>`, which says nothing about NULL: the sender of a file could be taken away, and a file
that nobody with an account sent may be deleted. Now they compare so that NULL differs from a value. Going back puts the
former comparison back.
"""

from collections.abc import Iterator

from alembic import op

from starrating.models.append_only import DIFFERS, Refusal, refusals

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLES = (
    "decision",
    "decision_input",
    "pay_sheet",
    "consequence_case",
    "evidence_file",
    "objection",
    "objector",
    "spot_check",
)


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for one in _comparing(dialect):
        _replace(one, dialect, one.create(dialect))


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for one in _comparing(dialect):
        _replace(one, dialect, one.create(dialect).replace(f" {DIFFERS[dialect]} NEW.", " <> NEW."))


def _comparing(dialect: str) -> Iterator[Refusal]:
    """The triggers that hold columns against what they were."""
    return (one for table in TABLES for one in refusals(table, dialect) if one.fixed)


def _replace(one: Refusal, dialect: str, statement: str) -> None:
    op.execute(f"DROP TRIGGER {one.name}" + ("" if dialect == "sqlite" else f" ON {one.table}"))
    op.execute(statement)
