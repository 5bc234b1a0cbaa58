"""The points of every indicator kept with a run: where points are lost is read, not rated again."""

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FINAL = ("determination_card",)


def upgrade() -> None:
    op.create_table(
        "determination_card",
        sa.Column("determination_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["determination_id"], ["determination.id"],
                                name=op.f("fk_determination_card_determination_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("determination_id", name=op.f("pk_determination_card")),
    )  # fmt: skip
    for statement in creation(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)


def downgrade() -> None:
    for statement in removal(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)
    op.drop_table("determination_card")
