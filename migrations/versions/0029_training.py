"""Training: rounds, courses, attendance."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

AUDIENCES = "audience IN ('secretary', 'director', 'leaders')"
UNIT_KINDS = "unit_kind IN ('', 'village', 'community')"


def _restricted(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "training_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("unit_kind", sa.String(length=20), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(AUDIENCES, name=op.f("ck_training_round_audience")),
        sa.CheckConstraint(UNIT_KINDS, name=op.f("ck_training_round_unit_kind")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_training_round_name")),
        sa.CheckConstraint("needed BETWEEN 0 AND 5000", name=op.f("ck_training_round_needed")),
        sa.CheckConstraint("ends_on >= begins_on", name=op.f("ck_training_round_days")),
        _restricted("training_round", "division_id", "division"),
        _restricted("training_round", "made_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_round")),
    )
    op.create_index(op.f("ix_training_round_division_id_begins_on"), "training_round", ["division_id", "begins_on"])
    op.create_table(
        "training_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("unit_kind", sa.String(length=20), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(AUDIENCES, name=op.f("ck_training_course_audience")),
        sa.CheckConstraint(UNIT_KINDS, name=op.f("ck_training_course_unit_kind")),
        sa.CheckConstraint("title <> ''", name=op.f("ck_training_course_title")),
        sa.CheckConstraint("hours BETWEEN 1 AND 5000", name=op.f("ck_training_course_hours")),
        sa.CheckConstraint("ends_on >= begins_on", name=op.f("ck_training_course_days")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_training_course_version")),
        _restricted("training_course", "division_id", "division"),
        _restricted("training_course", "round_id", "training_round"),
        _restricted("training_course", "made_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_course")),
    )
    op.create_index(op.f("ix_training_course_division_id_begins_on"), "training_course", ["division_id", "begins_on"])
    op.create_index(op.f("ix_training_course_round_id"), "training_course", ["round_id"])
    op.create_table(
        "training_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("presence", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_up_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "presence IN ('attended', 'absent', 'made_up')", name=op.f("ck_training_attendance_presence")
        ),
        sa.CheckConstraint("presence <> 'absent' OR reason <> ''", name=op.f("ck_training_attendance_reason")),
        sa.CheckConstraint(
            "(presence = 'made_up') = (made_up_on IS NOT NULL)", name=op.f("ck_training_attendance_made_up_on")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_training_attendance_version")),
        _restricted("training_attendance", "course_id", "training_course"),
        _restricted("training_attendance", "person_id", "person"),
        _restricted("training_attendance", "unit_id", "unit"),
        _restricted("training_attendance", "recorded_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_attendance")),
        sa.UniqueConstraint("course_id", "person_id", name=op.f("uq_training_attendance_course_id_person_id")),
    )
    op.create_index(op.f("ix_training_attendance_person_id"), "training_attendance", ["person_id"])
    op.create_index(op.f("ix_training_attendance_unit_id"), "training_attendance", ["unit_id"])


def downgrade() -> None:
    op.drop_table("training_attendance")
    op.drop_table("training_course")
    op.drop_table("training_round")
