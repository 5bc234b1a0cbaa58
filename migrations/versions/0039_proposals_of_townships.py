"""What townships put forward for an election waits for the district; up to which day they may; who decided, and when.

Going back, whoever still waits or was not agreed to counts as withdrawn: the tables before know nothing of it.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

STATES = "state IN ('proposed', 'put_forward', 'withdrawn', 'declined', 'elected', 'not_elected')"
FORMER_STATES = "state IN ('put_forward', 'withdrawn', 'elected', 'not_elected')"
ENDINGS = "ending IN ('', 'appointed', 'withdrawn', 'declined', 'too_old')"
FORMER_ENDINGS = "ending IN ('', 'appointed', 'withdrawn', 'too_old')"
REASON = "state NOT IN ('withdrawn', 'declined') OR reason <> ''"
FORMER_REASON = "state <> 'withdrawn' OR reason <> ''"
STILL_LISTED = sa.text("state <> 'ended'")


def upgrade() -> None:
    with op.batch_alter_table("election") as batch:
        batch.add_column(sa.Column("propose_until", sa.Date(), nullable=True))
        batch.create_check_constraint(op.f("ck_election_propose_until"), "propose_until <= held_on")
    with op.batch_alter_table("candidate") as batch:
        batch.add_column(sa.Column("decided_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            op.f("fk_candidate_decided_by"), "account", ["decided_by"], ["id"], ondelete="RESTRICT"
        )
        _replace(batch, "candidate", {"state": STATES, "reason": REASON})
        batch.create_check_constraint(op.f("ck_candidate_decided_by"), "state <> 'declined' OR decided_by IS NOT NULL")
        batch.create_check_constraint(op.f("ck_candidate_two_people"), "decided_by <> put_forward_by")
    _reserve(ENDINGS, "ending NOT IN ('withdrawn', 'declined') OR reason <> ''")


def downgrade() -> None:
    op.execute("UPDATE candidate SET state = 'withdrawn' WHERE state = 'declined'")
    op.execute("UPDATE candidate SET state = 'withdrawn', reason = '区里没有决定' WHERE state = 'proposed'")
    op.execute("UPDATE reserve_entry SET ending = 'withdrawn' WHERE ending = 'declined'")
    _reserve(FORMER_ENDINGS, "ending <> 'withdrawn' OR reason <> ''")
    with op.batch_alter_table("candidate") as batch:
        for name in ("decided_by", "two_people"):
            batch.drop_constraint(op.f(f"ck_candidate_{name}"), type_="check")
        batch.drop_constraint(op.f("fk_candidate_decided_by"), type_="foreignkey")
        _replace(batch, "candidate", {"state": FORMER_STATES, "reason": FORMER_REASON})
        batch.drop_column("decided_at")
        batch.drop_column("decided_by")
    with op.batch_alter_table("election") as batch:
        batch.drop_constraint(op.f("ck_election_propose_until"), type_="check")
        batch.drop_column("propose_until")


def _reserve(endings: str, reason: str) -> None:
    """The endings of the reserve list; its partial index is made again, for SQLite rebuilds the table."""
    op.drop_index("uq_reserve_entry_open", "reserve_entry")
    with op.batch_alter_table("reserve_entry") as batch:
        _replace(batch, "reserve_entry", {"ending": endings, "reason": reason})
    op.create_index("uq_reserve_entry_open", "reserve_entry", ["person_id", "unit_id"], unique=True,
                    sqlite_where=STILL_LISTED, postgresql_where=STILL_LISTED)  # fmt: skip


def _replace(batch: BatchOperations, table: str, checks: dict[str, str]) -> None:
    for name, text in checks.items():
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), text)
