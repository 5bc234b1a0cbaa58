"""Scores with their history, and events."""

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FINAL = ("score_value",)


def upgrade() -> None:
    op.create_table(
        "event_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("flag", sa.String(length=120), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name=op.f("ck_event_record_withdrawn")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_event_record_reason")),
        sa.CheckConstraint("count >= 1", name=op.f("ck_event_record_count")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_event_record_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_event_record_cycle_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_event_record_unit_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_event_record_withdrawn_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_record")),
    )
    op.create_index(op.f("ix_event_record_cycle_id_unit_id"), "event_record", ["cycle_id", "unit_id"], unique=False)
    op.create_table(
        "score_cell",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("header", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(state = 'value') = (value <> '')", name=op.f("ck_score_cell_value")),
        sa.CheckConstraint("state IN ('value', 'blank', 'not_applicable')", name=op.f("ck_score_cell_state")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_score_cell_version")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_score_cell_cycle_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_score_cell_unit_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_cell")),
        sa.UniqueConstraint("cycle_id", "unit_id", "header", name=op.f("uq_score_cell_cycle_id_unit_id_header")),
    )
    op.create_index(op.f("ix_score_cell_cycle_id_header"), "score_cell", ["cycle_id", "header"], unique=False)
    op.create_index(op.f("ix_score_cell_unit_id"), "score_cell", ["unit_id"], unique=False)
    op.create_table(
        "score_value",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cell_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("(state = 'value') = (value <> '')", name=op.f("ck_score_value_value")),
        sa.CheckConstraint("state IN ('value', 'blank', 'not_applicable')", name=op.f("ck_score_value_state")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_score_value_version")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_score_value_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["cell_id"], ["score_cell.id"], name=op.f("fk_score_value_cell_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_value")),
        sa.UniqueConstraint("cell_id", "version", name=op.f("uq_score_value_cell_id_version")),
    )
    for statement in creation(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)


def downgrade() -> None:
    for statement in removal(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)
    op.drop_table("score_value")
    op.drop_table("score_cell")
    op.drop_table("event_record")
