"""Files that individuals attach to their objections: nobody with an account sent them, and they can be forgotten.

On SQLite the table of evidence is rebuilt, which loses its triggers: they are put back, so that rows that somebody with
an account sent are never deleted. Going back takes the files of individuals away: the table before does not know them.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

SENDER = "ck_evidence_file_account_id"


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    _run(removal(dialect, "evidence_file"))
    with op.batch_alter_table("evidence_file") as batch:
        batch.alter_column("account_id", existing_type=sa.Integer(), nullable=True)
        batch.create_check_constraint(op.f(SENDER), "account_id IS NOT NULL OR purpose = 'objection'")
    _run(creation(dialect, "evidence_file"))


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    _run(removal(dialect, "evidence_file"))
    op.execute("DELETE FROM evidence_file WHERE account_id IS NULL")
    with op.batch_alter_table("evidence_file") as batch:
        batch.drop_constraint(op.f(SENDER), type_="check")
        batch.alter_column("account_id", existing_type=sa.Integer(), nullable=False)
    _run(creation(dialect, "evidence_file"))


def _run(statements: Iterable[str]) -> None:
    for statement in statements:
        op.execute(statement)
