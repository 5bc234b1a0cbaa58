"""What a run knew of leaders kept with it, and the scheme of a run that another one takes the place of.

Runs that there are get what can be told of leaders from the posts as they stand: where a post changed since, the digest
of the inputs says so, as it did before. A scheme that was replaced before this is not known any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from starrating.domain.posts import Leader, Post, PostKind, leaders
from starrating.models.append_only import creation, removal

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLES = ("determination_facts", "earlier_scheme")
KINDS = "kind IN ('village', 'community')"


def upgrade() -> None:
    op.create_table(
        "determination_facts",
        sa.Column("determination_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["determination_id"], ["determination.id"],
                                name=op.f("fk_determination_facts_determination_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("determination_id", name=op.f("pk_determination_facts")),
    )  # fmt: skip
    op.create_table(
        "earlier_scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_earlier_scheme_kind")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_earlier_scheme_digest")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_earlier_scheme_cycle_id"),
                                ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_scheme")),
        sa.UniqueConstraint("cycle_id", "kind", "digest", name=op.f("uq_earlier_scheme_cycle_id_kind_digest")),
    )  # fmt: skip
    _fill(op.get_bind())
    _run(creation(op.get_bind().dialect.name, *TABLES))


def downgrade() -> None:
    _run(removal(op.get_bind().dialect.name, *TABLES))
    for table in reversed(TABLES):
        op.drop_table(table)


def _fill(bind: sa.Connection) -> None:
    """The leaders of every run there is, as the posts say it now."""
    facts = sa.table("determination_facts", sa.column("determination_id"), sa.column("content"))
    for run, year in bind.execute(
        sa.text("SELECT d.id, c.year FROM determination d JOIN cycle c ON c.id = d.cycle_id ORDER BY d.id")
    ).all():
        units = bind.execute(
            sa.text("SELECT r.unit_id FROM rating r JOIN unit u ON u.id = r.unit_id "
                    "WHERE r.determination_id = :run ORDER BY u.code"), {"run": run}
        ).scalars().all()  # fmt: skip
        found = leaders(_posts(bind, run), date(year, 12, 31))
        content = json.dumps(_said(units, [found.get(unit) for unit in units]), separators=(",", ":"))
        bind.execute(facts.insert().values(determination_id=run, content=content))


def _said(units: Iterable[int], held: list[Leader | None]) -> dict[str, Any]:
    return {
        "units": list(units),
        "words": {
            "leader.dual_role": [None if one is None else str(int(one.dual_role)) for one in held],
            "leader.months": [None if one is None else str(one.months) for one in held],
        },
    }


def _posts(bind: sa.Connection, run: int) -> Iterator[Post]:
    posts = sa.table("post", *(sa.column(name) for name in ("person_id", "unit_id", "kind")),
                     sa.column("begins_on", sa.Date()), sa.column("ends_on", sa.Date()))  # fmt: skip
    rating = sa.table("rating", sa.column("determination_id"), sa.column("unit_id"))
    rated = sa.select(rating.c.unit_id).where(rating.c.determination_id == run)
    rows = bind.execute(sa.select(posts).where(posts.c.unit_id.in_(rated)))
    return (Post(person, unit, PostKind(kind), begins, ends) for person, unit, kind, begins, ends in rows)


def _run(statements: Iterable[str]) -> None:
    for statement in statements:
        op.execute(statement)
