"""Candidates of elections."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def _restricted(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_candidate_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False, server_default=""),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("put_forward_by", sa.Integer(), nullable=False),
        sa.Column("put_forward_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('secretary', 'director')", name=op.f("ck_candidate_kind")),
        sa.CheckConstraint(
            "state IN ('put_forward', 'withdrawn', 'elected', 'not_elected')", name=op.f("ck_candidate_state")
        ),
        sa.CheckConstraint("(state = 'elected') = (post_id IS NOT NULL)", name=op.f("ck_candidate_post_id")),
        sa.CheckConstraint("state <> 'withdrawn' OR reason <> ''", name=op.f("ck_candidate_reason")),
        _restricted("election_id", "election"),
        _restricted("unit_id", "unit"),
        _restricted("person_id", "person"),
        _restricted("post_id", "post"),
        _restricted("put_forward_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
    )
    op.create_index(op.f("ix_candidate_election_id_unit_id"), "candidate", ["election_id", "unit_id"])
    op.create_index(op.f("ix_candidate_person_id"), "candidate", ["person_id"])
    op.create_index(op.f("ix_candidate_unit_id"), "candidate", ["unit_id"])


def downgrade() -> None:
    op.drop_table("candidate")
