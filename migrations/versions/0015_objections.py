"""Objections with their evidence, where to object, and working days that an administrator enters.

On SQLite the table of evidence is rebuilt for its CHECKs, which loses its triggers: they are put back.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SETTLED = "('upheld', 'partly_upheld', 'rejected', 'withdrawn')"
UPHELD = "('upheld', 'partly_upheld')"
EVIDENCE = ("evidence_file",)
BEFORE = "purpose IN ('self_assessment', 'score', 'spot_check')"
AFTER = "purpose IN ('self_assessment', 'score', 'spot_check', 'objection')"
BELONGS = "(purpose = 'objection') = (objection_id IS NOT NULL)"
CHECKS = {
    "state": f"state IN ('lodged', 'in_hand', {SETTLED[1:]}",
    "channel": "channel IN ('online', 'paper', 'telephone')",
    "version": "version >= 1",
    "grounds": "grounds <> ''",
    "code": "length(code) >= 8",
    "raised_by": "(channel = 'online') = (raised_by = '')",
    "due_on": "due_on > received_on",
    "settled_at": f"(state IN {SETTLED}) = (settled_at IS NOT NULL)",
    "settled_by": f"(state IN {SETTLED}) = (settled_by IS NOT NULL)",
    "reasons": f"(state IN {SETTLED}) = (reasons <> '')",
    "trial_digest": f"(state IN {UPHELD}) = (trial_digest <> '')",
    "changes": f"(state IN {UPHELD}) = (changes <> '[]')",
    "two_people": "state = 'withdrawn' OR settled_by IS NULL OR settled_by <> lodged_by",
}


def upgrade() -> None:
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("determination_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("raised_by", sa.String(length=200), nullable=False),
        sa.Column("indicators", sa.Text(), nullable=False),
        sa.Column("grounds", sa.String(length=2000), nullable=False),
        sa.Column("lodged_by", sa.Integer(), nullable=False),
        sa.Column("lodged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasons", sa.String(length=2000), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("trial_digest", sa.String(length=64), nullable=False),
        *(sa.CheckConstraint(text, name=op.f(f"ck_objection_{name}")) for name, text in CHECKS.items()),
        *(_reference(column, table) for column, table in (
            ("cycle_id", "cycle"), ("unit_id", "unit"), ("determination_id", "determination"),
            ("lodged_by", "account"), ("taken_by", "account"), ("settled_by", "account"),
        )),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("number", name=op.f("uq_objection_number")),
    )  # fmt: skip
    op.create_index(op.f("ix_objection_cycle_id_unit_id"), "objection", ["cycle_id", "unit_id"], unique=False)
    op.create_index(op.f("ix_objection_unit_id"), "objection", ["unit_id"], unique=False)
    op.create_table(
        "entered_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("note <> ''", name=op.f("ck_entered_day_note")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_entered_day_account_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_entered_day")),
    )
    op.add_column("notice", sa.Column("contact", sa.String(length=300), nullable=False, server_default=""))
    dialect = op.get_bind().dialect.name
    _run(removal(dialect, *EVIDENCE))
    with op.batch_alter_table("evidence_file") as batch:
        batch.add_column(sa.Column("objection_id", sa.Integer(), nullable=True))
        batch.drop_constraint(op.f("ck_evidence_file_purpose"), type_="check")
        batch.create_check_constraint(op.f("ck_evidence_file_purpose"), AFTER)
        batch.create_check_constraint(op.f("ck_evidence_file_objection"), BELONGS)
        batch.create_foreign_key(
            op.f("fk_evidence_file_objection_id"), "objection", ["objection_id"], ["id"], ondelete="RESTRICT"
        )
    op.create_index(op.f("ix_evidence_file_objection_id"), "evidence_file", ["objection_id"], unique=False)
    _run(creation(dialect, "objection", *EVIDENCE))


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    _run(removal(dialect, "objection", *EVIDENCE))
    op.execute("DELETE FROM evidence_file WHERE purpose = 'objection'")
    op.drop_index(op.f("ix_evidence_file_objection_id"), table_name="evidence_file")
    with op.batch_alter_table("evidence_file") as batch:
        batch.drop_constraint(op.f("fk_evidence_file_objection_id"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_evidence_file_objection"), type_="check")
        batch.drop_constraint(op.f("ck_evidence_file_purpose"), type_="check")
        batch.create_check_constraint(op.f("ck_evidence_file_purpose"), BEFORE)
        batch.drop_column("objection_id")
    _run(creation(dialect, *EVIDENCE))
    op.drop_column("notice", "contact")
    op.drop_table("entered_day")
    op.drop_table("objection")


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_objection_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="RESTRICT")


def _run(statements: Iterable[str]) -> None:
    for statement in statements:
        op.execute(statement)
