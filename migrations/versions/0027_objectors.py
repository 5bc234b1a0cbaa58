"""Objections of individuals without an account: who brought one is sealed beside it, and nobody lodged it.

On SQLite the table of objections is rebuilt for its CHECKs, which loses its triggers: they are put back. Going back
takes such objections, and files that belong to them, away: the tables before know no objection that nobody lodged.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from starrating.models.append_only import creation, removal

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = ("objection", "evidence_file")
CHANNELS = "channel IN ('online', {}'paper', 'telephone')"
INDIVIDUALS = "(SELECT id FROM objection WHERE channel = 'individual')"
CHECKS = {
    "form_key": "length(form_key) = 64",
    **{name: f"(sealed = '') = ({name} = '')" for name in ("key_id", "mask_name", "mask_contact")},
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    _run(removal(dialect, "objection"))
    with op.batch_alter_table("objection") as batch:
        batch.drop_constraint(op.f("ck_objection_channel"), type_="check")
        batch.drop_constraint(op.f("ck_objection_raised_by"), type_="check")
        batch.alter_column("lodged_by", existing_type=sa.Integer(), nullable=True)
        batch.create_check_constraint(op.f("ck_objection_channel"), CHANNELS.format("'individual', "))
        batch.create_check_constraint(
            op.f("ck_objection_raised_by"), "(channel IN ('online', 'individual')) = (raised_by = '')"
        )
        batch.create_check_constraint(op.f("ck_objection_lodged_by"), "(channel = 'individual') = (lodged_by IS NULL)")
    op.create_table(
        "objector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("mask_name", sa.String(length=200), nullable=False),
        sa.Column("mask_contact", sa.String(length=200), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.CheckConstraint(text, name=op.f(f"ck_objector_{name}")) for name, text in CHECKS.items()),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objection.id"], name=op.f("fk_objector_objection_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objector")),
        sa.UniqueConstraint("objection_id", name=op.f("uq_objector_objection_id")),
        sa.UniqueConstraint("form_key", name=op.f("uq_objector_form_key")),
    )
    op.create_index(op.f("ix_objector_key_id"), "objector", ["key_id"], unique=False)
    _run(creation(dialect, "objection", "objector"))


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    _run(removal(dialect, "objector", *TABLES))
    op.drop_table("objector")
    op.execute(f"DELETE FROM evidence_file WHERE objection_id IN {INDIVIDUALS}")  # nosec B608 - a constant
    op.execute("DELETE FROM objection WHERE channel = 'individual'")
    with op.batch_alter_table("objection") as batch:
        for name in ("channel", "raised_by", "lodged_by"):
            batch.drop_constraint(op.f(f"ck_objection_{name}"), type_="check")
        batch.alter_column("lodged_by", existing_type=sa.Integer(), nullable=False)
        batch.create_check_constraint(op.f("ck_objection_channel"), CHANNELS.format(""))
        batch.create_check_constraint(op.f("ck_objection_raised_by"), "(channel = 'online') = (raised_by = '')")
    _run(creation(dialect, *TABLES))


def _run(statements: Iterable[str]) -> None:
    for statement in statements:
        op.execute(statement)
