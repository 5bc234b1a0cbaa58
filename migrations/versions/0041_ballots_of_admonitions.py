"""A ballot after an admonition is recorded when it was held: one more move of a case.

On SQLite the table is rebuilt for its CHECK, which loses its triggers: they are put back. Going back, a ballot that was
recorded stays in the closing alone: where a case has one, the step back is refused, for nothing of a case is deleted.
"""

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLE = "case_event"
FORMER = "'approve', 'defer', 'waive', 'return', 'carry_out', 'close', 'uphold', 'rescind'"
MOVES = FORMER.replace("'close'", "'ballot', 'close'")


def upgrade() -> None:
    _moves(MOVES)


def downgrade() -> None:
    held = op.get_bind().execute(sa.text("SELECT count(*) FROM case_event WHERE move = 'ballot'")).scalar_one()
    if held:
        raise RuntimeError(f"{held} ballots are recorded; the version before knows none, and none is deleted")
    _moves(FORMER)


def _moves(moves: str) -> None:
    dialect = op.get_bind().dialect.name
    for statement in removal(dialect, TABLE):
        op.execute(statement)
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(op.f(f"ck_{TABLE}_move"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{TABLE}_move"), f"move IN ({moves})")
    for statement in creation(dialect, TABLE):
        op.execute(statement)
