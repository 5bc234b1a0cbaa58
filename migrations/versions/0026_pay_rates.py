"""What a district pays its leaders in a year, version by version."""

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

LIMITS = {"base": 999_999_999, "performance": 999_999_999, "dual_share": 2000, "secretary_share": 2000,
          "director_share": 2000}  # fmt: skip


def upgrade() -> None:
    table = "pay_rate"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in LIMITS),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f(f"ck_{table}_version")),
        *(
            sa.CheckConstraint(f"{name} BETWEEN 0 AND {most}", name=op.f(f"ck_{table}_{name}"))
            for name, most in LIMITS.items()
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["division.id"], name=op.f(f"fk_{table}_district_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f(f"fk_{table}_by"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("district_id", "year", "version", name=op.f(f"uq_{table}_district_id_year_version")),
    )
    for statement in creation(op.get_bind().dialect.name, table):
        op.execute(statement)


def downgrade() -> None:
    for statement in removal(op.get_bind().dialect.name, "pay_rate"):
        op.execute(statement)
    op.drop_table("pay_rate")
