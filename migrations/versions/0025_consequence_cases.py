"""Cases of consequences and their moves, which are only ever added."""

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

FINAL = ("consequence_case", "case_event")
STATES = "'proposed', 'approved', 'deferred', 'waived', 'carried_out', 'closed', 'rescinded'"
MOVES = "'approve', 'defer', 'waive', 'return', 'carry_out', 'close', 'uphold', 'rescind'"
OUTCOMES = "'pay_coefficient', 'eligible', 'measure', 'honour', 'fund_share', 'at_most'"


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def _cases() -> None:
    table = "consequence_case"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("determination_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("written", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("deferred_until", sa.Date(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "about IN ('secretary', 'director', 'person', 'team', 'unit')", name=op.f(f"ck_{table}_about")
        ),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name=op.f(f"ck_{table}_outcome")),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f(f"ck_{table}_state")),
        sa.CheckConstraint("version >= 1", name=op.f(f"ck_{table}_version")),
        sa.CheckConstraint(
            "(state = 'deferred') = (deferred_until IS NOT NULL)", name=op.f(f"ck_{table}_deferred_until")
        ),
        _to(table, "cycle_id", "cycle"),
        _to(table, "unit_id", "unit"),
        _to(table, "determination_id", "determination"),
        _to(table, "person_id", "person"),
        _to(table, "review_id", "decision"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "cycle_id", "unit_id", "rule", "about", name=op.f(f"uq_{table}_cycle_id_unit_id_rule_about")
        ),
    )
    for columns in (["unit_id"], ["person_id"], ["state", "due_on"]):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)


def upgrade() -> None:
    _cases()
    table = "case_event"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), server_default="", nullable=False),
        sa.Column("document", sa.String(length=200), server_default="", nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"move IN ({MOVES})", name=op.f(f"ck_{table}_move")),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f(f"ck_{table}_state")),
        _to(table, "case_id", "consequence_case"),
        _to(table, "by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("case_id", "version", name=op.f(f"uq_{table}_case_id_version")),
    )
    for statement in creation(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)


def downgrade() -> None:
    for statement in removal(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)
    op.drop_table("case_event")
    op.drop_table("consequence_case")
