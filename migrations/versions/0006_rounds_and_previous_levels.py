"""Determinations by round, so that a year taken back can be confirmed anew; ratings keep last year's level."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CONFIRMED = sa.text("state = 'confirmed'")


def upgrade() -> None:
    op.add_column("determination", sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
    op.drop_index("uq_determination_confirmed", table_name="determination")
    op.create_index(
        "uq_determination_confirmed", "determination", ["cycle_id", "kind", "round"], unique=True,
        sqlite_where=CONFIRMED, postgresql_where=CONFIRMED,
    )  # fmt: skip
    op.add_column("rating", sa.Column("previous", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("rating", sa.Column("change", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("rating", "change")
    op.drop_column("rating", "previous")
    op.drop_index("uq_determination_confirmed", table_name="determination")
    op.create_index(
        "uq_determination_confirmed", "determination", ["cycle_id", "kind"], unique=True,
        sqlite_where=CONFIRMED, postgresql_where=CONFIRMED,
    )  # fmt: skip
    op.drop_column("determination", "round")
