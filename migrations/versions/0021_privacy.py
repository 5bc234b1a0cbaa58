"""Numbers of people, sealed; corrections that people ask for; whose account is whose; what was purged when."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'asked'")


def _restricted(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_person_account_id"), "account", ["account_id"], ["id"], ondelete="RESTRICT")
        batch.create_unique_constraint(op.f("uq_person_account_id"), ["account_id"])
    op.create_table(
        "person_secret",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("key_id", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("mask", sa.String(length=40), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("field IN ('id_number', 'telephone')", name=op.f("ck_person_secret_field")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_person_secret_digest")),
        _restricted("person_secret", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_secret")),
        sa.UniqueConstraint("person_id", "field", name=op.f("uq_person_secret_person_id_field")),
    )
    op.create_index(op.f("ix_person_secret_field_digest"), "person_secret", ["field", "digest"])
    op.create_index(op.f("ix_person_secret_key_id"), "person_secret", ["key_id"])
    op.create_table(
        "person_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("said", sa.String(length=500), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'done', 'refused')", name=op.f("ck_person_correction_state")),
        sa.CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_person_correction_decided_at")),
        sa.CheckConstraint("(state = 'asked') = (decided_by IS NULL)", name=op.f("ck_person_correction_decided_by")),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_person_correction_two_people")),
        _restricted("person_correction", "person_id", "person"),
        _restricted("person_correction", "asked_by", "account"),
        _restricted("person_correction", "decided_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_correction")),
    )
    op.create_index("uq_person_correction_open", "person_correction", ["person_id"], unique=True,
                    sqlite_where=OPEN, postgresql_where=OPEN)  # fmt: skip
    op.create_index(op.f("ix_person_correction_person_id"), "person_correction", ["person_id"])


def downgrade() -> None:
    op.drop_table("person_correction")
    op.drop_table("person_secret")
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint(op.f("fk_person_account_id"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_person_account_id"), type_="unique")
        batch.drop_column("account_id")
        batch.drop_column("purged_at")
