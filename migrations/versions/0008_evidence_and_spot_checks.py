"""Evidence files and spot checks."""

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FINAL = ("spot_check", "evidence_file")


def upgrade() -> None:
    op.create_table(
        "spot_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_by", sa.String(length=200), nullable=False),
        sa.Column("found", sa.String(length=2000), nullable=False),
        sa.Column("effect", sa.String(length=20), nullable=False),
        sa.Column("header", sa.String(length=120), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("flag", sa.String(length=120), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("answer_needed", sa.Boolean(), nullable=False),
        sa.Column("answer_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_reason", sa.String(length=1000), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_spot_check_answer")),
        sa.CheckConstraint("(effect = 'deduction') = (value <> '')", name=op.f("ck_spot_check_deduction")),
        sa.CheckConstraint("(effect = 'veto') = (count >= 1)", name=op.f("ck_spot_check_count")),
        sa.CheckConstraint("(effect = 'veto') = (flag <> '')", name=op.f("ck_spot_check_veto")),
        sa.CheckConstraint(
            "(state IN ('counted', 'withdrawn')) = (settled_at IS NOT NULL)", name=op.f("ck_spot_check_settled")
        ),
        sa.CheckConstraint(
            "(state IN ('counted', 'withdrawn')) = (settled_reason <> '')", name=op.f("ck_spot_check_reason")
        ),
        sa.CheckConstraint("effect IN ('noted', 'deduction', 'veto')", name=op.f("ck_spot_check_effect")),
        sa.CheckConstraint("place <> '' AND found <> '' AND found_by <> ''", name=op.f("ck_spot_check_found")),
        sa.CheckConstraint(
            "state IN ('recorded', 'answer_due', 'answered', 'counted', 'withdrawn')", name=op.f("ck_spot_check_state")
        ),
        sa.CheckConstraint("value = '' OR header <> ''", name=op.f("ck_spot_check_header")),
        sa.CheckConstraint("answer_needed = (answer_due IS NOT NULL)", name=op.f("ck_spot_check_due")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_spot_check_version")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_spot_check_answered_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_spot_check_cycle_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event_record.id"], name=op.f("fk_spot_check_event_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_spot_check_recorded_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["account.id"], name=op.f("fk_spot_check_settled_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_spot_check_unit_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_check")),
    )
    op.create_index(op.f("ix_spot_check_cycle_id_unit_id"), "spot_check", ["cycle_id", "unit_id"], unique=False)
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("spot_check_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("medium", sa.String(length=20), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored", sa.String(length=32), nullable=False),
        sa.Column("thumbnail", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.Column("removed_reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "(purpose = 'spot_check') = (spot_check_id IS NOT NULL)", name=op.f("ck_evidence_file_spot_check")
        ),
        sa.CheckConstraint("(removed_at IS NULL) = (removed_reason = '')", name=op.f("ck_evidence_file_removed")),
        sa.CheckConstraint("medium IN ('pdf', 'jpg', 'png', 'docx', 'xlsx')", name=op.f("ck_evidence_file_medium")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_evidence_file_name")),
        sa.CheckConstraint(
            "purpose IN ('self_assessment', 'score', 'spot_check')", name=op.f("ck_evidence_file_purpose")
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_evidence_file_sha256")),
        sa.CheckConstraint("size >= 1", name=op.f("ck_evidence_file_size")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_evidence_file_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycle.id"], name=op.f("fk_evidence_file_cycle_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["removed_by"], ["account.id"], name=op.f("fk_evidence_file_removed_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["spot_check_id"], ["spot_check.id"], name=op.f("fk_evidence_file_spot_check_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_evidence_file_unit_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("stored", name=op.f("uq_evidence_file_stored")),
    )
    op.create_index(
        op.f("ix_evidence_file_cycle_id_unit_id_indicator"),
        "evidence_file",
        ["cycle_id", "unit_id", "indicator"],
        unique=False,
    )
    op.create_index(op.f("ix_evidence_file_spot_check_id"), "evidence_file", ["spot_check_id"], unique=False)
    for statement in creation(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)


def downgrade() -> None:
    for statement in removal(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)
    op.drop_table("evidence_file")
    op.drop_table("spot_check")
