"""Self-assessments and what townships make of them, apart from the scores, with their history."""

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FINAL = ("assessment_value",)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "state IN ('value', 'blank', 'not_applicable')"


def upgrade() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'submitted', 'returned', 'reviewed')", name=op.f("ck_assessment_state")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_assessment_version")),
        sa.CheckConstraint("state <> 'returned' OR reason <> ''", name=op.f("ck_assessment_returned")),
        sa.CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL", name=op.f("ck_assessment_submitted")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_assessment_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_assessment_cycle_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assessment_unit_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("cycle_id", "unit_id", "indicator", name=op.f("uq_assessment_cycle_id_unit_id_indicator")),
    )
    op.create_index(op.f("ix_assessment_cycle_id_state"), "assessment", ["cycle_id", "state"], unique=False)
    op.create_index(op.f("ix_assessment_unit_id"), "assessment", ["unit_id"], unique=False)
    op.create_table(
        "assessment_cell",
        sa.Column("id", BIG, nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("header", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.CheckConstraint("stage IN ('self', 'township')", name=op.f("ck_assessment_cell_stage")),
        sa.CheckConstraint(STATES, name=op.f("ck_assessment_cell_state")),
        sa.CheckConstraint("(state = 'value') = (value <> '')", name=op.f("ck_assessment_cell_value")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_assessment_cell_version")),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycle.id"], name=op.f("fk_assessment_cell_cycle_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assessment_cell_unit_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_cell")),
        sa.UniqueConstraint(
            "cycle_id", "unit_id", "stage", "header", name=op.f("uq_assessment_cell_cycle_id_unit_id_stage_header")
        ),
    )
    op.create_index(op.f("ix_assessment_cell_cycle_id_header"), "assessment_cell", ["cycle_id", "header"], unique=False)
    op.create_index(op.f("ix_assessment_cell_unit_id"), "assessment_cell", ["unit_id"], unique=False)
    op.create_table(
        "assessment_value",
        sa.Column("id", BIG, nullable=False),
        sa.Column("cell_id", BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_assessment_value_state")),
        sa.CheckConstraint("(state = 'value') = (value <> '')", name=op.f("ck_assessment_value_value")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_assessment_value_version")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_assessment_value_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["cell_id"], ["assessment_cell.id"], name=op.f("fk_assessment_value_cell_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_value")),
        sa.UniqueConstraint("cell_id", "version", name=op.f("uq_assessment_value_cell_id_version")),
    )
    for statement in creation(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)


def downgrade() -> None:
    for statement in removal(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)
    op.drop_table("assessment_value")
    op.drop_table("assessment_cell")
    op.drop_table("assessment")
