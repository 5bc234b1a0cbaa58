"""What the district made of each score, with its history; columns are added plainly, so that nothing is rebuilt."""

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FINAL = ("cell_review",)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RETURNED = sa.text("review = 'returned'")
STATES = "review IN ('open', 'returned', 'confirmed')"


def upgrade() -> None:
    op.add_column(
        "score_cell",
        sa.Column(
            "review",
            sa.String(length=20),
            sa.CheckConstraint(STATES, name=op.f("ck_score_cell_review")),
            nullable=False,
            server_default="open",
        ),
    )
    op.add_column(
        "score_cell",
        sa.Column(
            "review_reason",
            sa.String(length=1000),
            sa.CheckConstraint(
                "(review = 'returned') = (review_reason <> '')", name=op.f("ck_score_cell_review_reason")
            ),
            nullable=False,
            server_default="",
        ),
    )
    op.create_index(
        "ix_score_cell_returned", "score_cell", ["cycle_id"], unique=False, sqlite_where=RETURNED,
        postgresql_where=RETURNED,
    )  # fmt: skip
    op.create_table(
        "cell_review",
        sa.Column("id", BIG, nullable=False),
        sa.Column("cell_id", BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("review", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_cell_review_review")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_cell_review_version")),
        sa.CheckConstraint("review <> 'returned' OR reason <> ''", name=op.f("ck_cell_review_reason")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_cell_review_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["cell_id"], ["score_cell.id"], name=op.f("fk_cell_review_cell_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cell_review")),
    )
    op.create_index(op.f("ix_cell_review_cell_id"), "cell_review", ["cell_id"], unique=False)
    for statement in creation(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)


def downgrade() -> None:
    for statement in removal(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)
    op.drop_table("cell_review")
    op.drop_index("ix_score_cell_returned", table_name="score_cell")
    op.drop_column("score_cell", "review_reason")
    op.drop_column("score_cell", "review")
