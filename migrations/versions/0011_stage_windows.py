"""A window for each stage of a year in place of three dates; extensions that two people agree on.

What stood in a year's three dates is copied, row by row, before they go: the end of verification was also the last day
for events. `cycle` is rebuilt on SQLite, because its dates stand in a CHECK; `env.py` switches foreign keys off for it
and checks every reference before the commit, so that no child row goes along.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STAGES = "stage IN ('self_assessment', 'review', 'scoring', 'events', 'verification')"
MOMENT = sa.DateTime(timezone=True)
CYCLE = sa.table("cycle", sa.column("id"), *(sa.column(name) for name in (
    "scoring_opens", "scoring_closes", "verification_closes")))  # fmt: skip
WINDOW = sa.table("stage_window", *(sa.column(name) for name in ("cycle_id", "stage", "opens", "closes")))


def upgrade() -> None:
    _create_windows()
    _create_extensions()
    before = _count()
    for stage, opens, closes in (
        ("scoring", CYCLE.c.scoring_opens, CYCLE.c.scoring_closes),
        ("verification", sa.cast(sa.null(), MOMENT), CYCLE.c.verification_closes),
        ("events", sa.cast(sa.null(), MOMENT), CYCLE.c.verification_closes),
    ):
        dated = [column.is_not(None) for column in (opens, closes) if not isinstance(column, sa.Cast)]
        found = sa.select(CYCLE.c.id, sa.literal(stage), opens, closes).where(sa.or_(*dated)).order_by(CYCLE.c.id)
        op.execute(sa.insert(WINDOW).from_select(["cycle_id", "stage", "opens", "closes"], found))
    with op.batch_alter_table("cycle") as batch:
        batch.drop_constraint(op.f("ck_cycle_dates"), type_="check")
        for name in ("scoring_opens", "scoring_closes", "verification_closes"):
            batch.drop_column(name)
    _same(before)


def downgrade() -> None:
    before = _count()
    with op.batch_alter_table("cycle") as batch:
        for name in ("scoring_opens", "scoring_closes", "verification_closes"):
            batch.add_column(sa.Column(name, MOMENT, nullable=True))
        batch.create_check_constraint(
            op.f("ck_cycle_dates"),
            "scoring_closes IS NULL OR scoring_opens IS NULL OR scoring_closes > scoring_opens",
        )
    for column, stage, side in (
        ("scoring_opens", "scoring", WINDOW.c.opens),
        ("scoring_closes", "scoring", WINDOW.c.closes),
        ("verification_closes", "verification", WINDOW.c.closes),
    ):
        kept = sa.select(side).where(WINDOW.c.cycle_id == CYCLE.c.id, WINDOW.c.stage == stage).scalar_subquery()
        op.execute(sa.update(CYCLE).values({column: kept}))
    _same(before)
    op.drop_table("stage_extension")
    op.drop_table("stage_window")


def _count() -> int:
    return int(op.get_bind().execute(sa.select(sa.func.count()).select_from(CYCLE)).scalar_one())


def _same(before: int) -> None:
    """Stop, and roll everything back, where a rebuilt table does not hold as many years as before."""
    if _count() != before:
        raise RuntimeError(f"{before} years before, {_count()} after")


def _create_windows() -> None:
    op.create_table(
        "stage_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("opens", MOMENT, nullable=True),
        sa.Column("closes", MOMENT, nullable=True),
        sa.CheckConstraint(STAGES, name=op.f("ck_stage_window_stage")),
        sa.CheckConstraint("opens IS NULL OR closes IS NULL OR closes > opens", name=op.f("ck_stage_window_dates")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_stage_window_cycle_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_window")),
        sa.UniqueConstraint("cycle_id", "stage", name=op.f("uq_stage_window_cycle_id_stage")),
    )


def _create_extensions() -> None:
    keys = {"cycle_id": "cycle.id", "township_id": "division.id", "unit_id": "unit.id", "asked_by": "account.id",
            "decided_by": "account.id", "withdrawn_by": "account.id"}  # fmt: skip
    checks = {
        "stage": STAGES,
        "state": "state IN ('asked', 'approved', 'refused', 'withdrawn')",
        "scope": "township_id IS NOT NULL OR unit_id IS NOT NULL OR department <> ''",
        "one_place": "township_id IS NULL OR unit_id IS NULL",
        "reason": "reason <> ''",
        "decided": "state = 'withdrawn' OR (state = 'asked') = (decided_by IS NULL)",
        "decided_at": "(decided_by IS NULL) = (decided_at IS NULL)",
        "second_person": "decided_by IS NULL OR decided_by <> asked_by",
        "withdrawn": "(state = 'withdrawn') = (withdrawn_by IS NOT NULL)",
        "withdrawn_at": "(withdrawn_by IS NULL) = (withdrawn_at IS NULL)",
    }
    op.create_table(
        "stage_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("ends", MOMENT, nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decision", sa.String(length=1000), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=1000), nullable=False),
        *(sa.CheckConstraint(text, name=op.f(f"ck_stage_extension_{name}")) for name, text in checks.items()),
        *(sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_stage_extension_{column}"), ondelete="RESTRICT")
          for column, target in keys.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_extension")),
    )  # fmt: skip
    op.create_index(op.f("ix_stage_extension_cycle_id_state"), "stage_extension", ["cycle_id", "state"], unique=False)
