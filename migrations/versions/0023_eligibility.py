"""Eligibility checks: items, checks, answers."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _restricted(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "check_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("look_back_years", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("look_back_years BETWEEN 0 AND 50", name=op.f("ck_check_item_look_back_years")),
        sa.CheckConstraint("valid_months BETWEEN 1 AND 60", name=op.f("ck_check_item_valid_months")),
        sa.CheckConstraint("name <> '' AND department <> ''", name=op.f("ck_check_item_name")),
        _restricted("check_item", "district_id", "division"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_item")),
        sa.UniqueConstraint("district_id", "code", name=op.f("uq_check_item_district_id_code")),
    )
    op.create_table(
        "eligibility_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('secretary', 'director')", name=op.f("ck_eligibility_check_kind")),
        sa.CheckConstraint("purpose IN ('candidate', 'in_post')", name=op.f("ck_eligibility_check_purpose")),
        _restricted("eligibility_check", "person_id", "person"),
        _restricted("eligibility_check", "unit_id", "unit"),
        _restricted("eligibility_check", "opened_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_check")),
    )
    op.create_index(op.f("ix_eligibility_check_person_id"), "eligibility_check", ["person_id"])
    op.create_index(op.f("ix_eligibility_check_unit_id"), "eligibility_check", ["unit_id"])
    op.create_table(
        "check_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False, server_default=""),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("result IN ('', 'clear', 'found')", name=op.f("ck_check_answer_result")),
        sa.CheckConstraint("(result = '') = (answered_at IS NULL)", name=op.f("ck_check_answer_answered_at")),
        sa.CheckConstraint("(result = '') = (answered_by IS NULL)", name=op.f("ck_check_answer_answered_by")),
        sa.CheckConstraint("(result = '') = (checked_on IS NULL)", name=op.f("ck_check_answer_checked_on")),
        sa.CheckConstraint("result <> 'found' OR note <> ''", name=op.f("ck_check_answer_note")),
        _restricted("check_answer", "check_id", "eligibility_check"),
        _restricted("check_answer", "item_id", "check_item"),
        _restricted("check_answer", "answered_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_answer")),
        sa.UniqueConstraint("check_id", "item_id", name=op.f("uq_check_answer_check_id_item_id")),
    )
    op.create_index(op.f("ix_check_answer_item_id_result"), "check_answer", ["item_id", "result"])


def downgrade() -> None:
    op.drop_table("check_answer")
    op.drop_table("eligibility_check")
    op.drop_table("check_item")
