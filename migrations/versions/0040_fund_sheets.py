"""Sheets of reward money of districts: drafted, confirmed by a second person, and from then on the same for ever."""

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLE = "fund_sheet"


def _to(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{TABLE}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), server_default="", nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('drafted', 'confirmed')", name=op.f(f"ck_{TABLE}_state")),
        sa.CheckConstraint("number >= 1", name=op.f(f"ck_{TABLE}_number")),
        sa.CheckConstraint("version >= 1", name=op.f(f"ck_{TABLE}_version")),
        sa.CheckConstraint("(state = 'confirmed') = (confirmed_by IS NOT NULL)", name=op.f(f"ck_{TABLE}_confirmed_by")),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> drafted_by", name=op.f(f"ck_{TABLE}_two_people")),
        _to("district_id", "division"),
        _to("drafted_by", "account"),
        _to("confirmed_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("district_id", "year", "number", name=op.f(f"uq_{TABLE}_district_id_year_number")),
    )
    for statement in creation(op.get_bind().dialect.name, TABLE):
        op.execute(statement)


def downgrade() -> None:
    for statement in removal(op.get_bind().dialect.name, TABLE):
        op.execute(statement)
    op.drop_table(TABLE)
