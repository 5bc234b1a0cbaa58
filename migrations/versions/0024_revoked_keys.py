"""Signing keys that no longer count from a day on, each with a reason; added to, never changed."""

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_revocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(public_key) = 64", name=op.f("ck_key_revocation_public_key")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_key_revocation_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_revocation")),
        sa.UniqueConstraint("public_key", name=op.f("uq_key_revocation_public_key")),
    )
    for statement in creation(op.get_bind().dialect.name, "key_revocation"):
        op.execute(statement)


def downgrade() -> None:
    for statement in removal(op.get_bind().dialect.name, "key_revocation"):
        op.execute(statement)
    op.drop_table("key_revocation")
