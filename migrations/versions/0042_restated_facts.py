"""What corrections make of the facts that cases rest on, kept beside the facts of the cases, which stay."""

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLE = "restated_facts"


def _to(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{TABLE}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        _to("decision_id", "decision"),
        _to("unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("decision_id", "unit_id", name=op.f(f"uq_{TABLE}_decision_id_unit_id")),
    )
    op.create_index(op.f(f"ix_{TABLE}_unit_id"), TABLE, ["unit_id"])
    for statement in creation(op.get_bind().dialect.name, TABLE):
        op.execute(statement)


def downgrade() -> None:
    for statement in removal(op.get_bind().dialect.name, TABLE):
        op.execute(statement)
    op.drop_index(op.f(f"ix_{TABLE}_unit_id"), table_name=TABLE)
    op.drop_table(TABLE)
