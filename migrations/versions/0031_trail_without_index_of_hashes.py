"""The trail loses its index of hashes: the chain needs none, and an import of many scores spent a tenth of it there.

Hashes come in no order, so every event wrote a page of that index of its own. What it was there for, others do: an
event is one more in the chain by its sequence, which is the key; its hash covers the sequence, so that two events share
one only where somebody forged it, and `verify_chain` finds a hash that is not of what the event says. SQLite's REPLACE
pushes rows out by keys and unique columns alone; the one that is left is what the trigger looks for.

On SQLite the table is rebuilt, which loses its triggers without a word: they are put back, and the rebuilt trail is
compared with what it was.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TRAIL = "audit_event"
EVENT = sa.table(TRAIL, sa.column("sequence"), sa.column("hash"))
BEFORE = """
CREATE TRIGGER audit_event_refuse_insert BEFORE INSERT ON audit_event FOR EACH ROW
WHEN EXISTS (SELECT 1 FROM audit_event WHERE sequence = NEW.sequence OR hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'audit_event is final'); END
""".strip()
"""What kept REPLACE away from a hash, too."""


def upgrade() -> None:
    dialect, before = op.get_bind().dialect.name, _last()
    _run(removal(dialect, TRAIL))
    with op.batch_alter_table(TRAIL) as batch:
        batch.drop_constraint(op.f("uq_audit_event_hash"), type_="unique")
    _run(creation(dialect, TRAIL))
    _same(before)


def downgrade() -> None:
    dialect, before = op.get_bind().dialect.name, _last()
    _run(removal(dialect, TRAIL))
    with op.batch_alter_table(TRAIL) as batch:
        batch.create_unique_constraint(op.f("uq_audit_event_hash"), ["hash"])
    _run(creation(dialect, TRAIL))
    if dialect == "sqlite":
        op.execute("DROP TRIGGER audit_event_refuse_insert")
        op.execute(BEFORE)
    _same(before)


def _last() -> tuple[int, int | None, str | None]:
    """How many events there are, and the sequence and hash of the last one."""
    bind = op.get_bind()
    count = int(bind.execute(sa.select(sa.func.count()).select_from(EVENT)).scalar_one())
    last = bind.execute(sa.select(EVENT.c.sequence, EVENT.c.hash).order_by(EVENT.c.sequence.desc()).limit(1)).first()
    return (count, last[0], last[1]) if last else (count, None, None)


def _same(before: tuple[int, int | None, str | None]) -> None:
    """Stop, and roll everything back, where the rebuilt trail is not the one it was."""
    if _last() != before:
        raise RuntimeError(f"{before} before, {_last()} after")


def _run(statements: Iterable[str]) -> None:
    for statement in statements:
        op.execute(statement)
