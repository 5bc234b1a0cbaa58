"""To which objection a file belongs is fixed like all else that says what the file is.

The column came to the table after its triggers and was left out of them: what an individual attached to one objection
could be put under another one in the database. Going back puts the former trigger back.
"""

from __future__ import annotations

from alembic import op

from starrating.models.append_only import refusals

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _replace(added=True)


def downgrade() -> None:
    _replace(added=False)


def _replace(*, added: bool) -> None:
    dialect = op.get_bind().dialect.name
    for one in refusals("evidence_file", dialect):
        if one.added:
            op.execute(f"DROP TRIGGER {one.name}" + ("" if dialect == "sqlite" else f" ON {one.table}"))
            op.execute(one.create(dialect, added=added))
