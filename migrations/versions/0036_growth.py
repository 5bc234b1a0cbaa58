"""The path of growth and the steps on it."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def _restricted(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "growth_path",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_growth_path_text")),
        _restricted("growth_path", "division_id", "division"),
        _restricted("growth_path", "set_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth_path")),
        sa.UniqueConstraint("division_id", "version", name=op.f("uq_growth_path_division_id_version")),
    )
    op.create_table(
        "growth_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("path_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("stage_name", sa.String(length=200), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False, server_default=""),
        sa.CheckConstraint("stage <> '' AND stage_name <> ''", name=op.f("ck_growth_step_stage")),
        sa.CheckConstraint("body <> ''", name=op.f("ck_growth_step_body")),
        sa.CheckConstraint("(taken_back_at IS NULL) = (reason = '')", name=op.f("ck_growth_step_reason")),
        _restricted("growth_step", "person_id", "person"),
        _restricted("growth_step", "township_id", "division"),
        _restricted("growth_step", "path_id", "growth_path"),
        _restricted("growth_step", "recorded_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth_step")),
    )
    op.create_index(op.f("ix_growth_step_person_id"), "growth_step", ["person_id"])
    op.create_index(op.f("ix_growth_step_township_id_taken_on"), "growth_step", ["township_id", "taken_on"])


def downgrade() -> None:
    op.drop_table("growth_step")
    op.drop_table("growth_path")
