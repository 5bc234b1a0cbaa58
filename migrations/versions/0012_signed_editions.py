"""Signatures of published lists and the public keys that they were made with."""

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FINAL = ("signing_key",)


def upgrade() -> None:
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(public_key) = 64", name=op.f("ck_signing_key_public_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("public_key", name=op.f("uq_signing_key_public_key")),
    )
    op.add_column("publication", sa.Column("public_key", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("publication", sa.Column("signature", sa.String(length=128), nullable=False, server_default=""))
    for statement in creation(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)


def downgrade() -> None:
    for statement in removal(op.get_bind().dialect.name, *FINAL):
        op.execute(statement)
    op.drop_column("publication", "signature")
    op.drop_column("publication", "public_key")
    op.drop_table("signing_key")
