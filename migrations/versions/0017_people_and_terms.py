"""How people came to their posts and left them, what the statistics of the field ask for, versions."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

EDUCATION = "education IN ('', 'middle', 'high', 'college', 'bachelor', 'master')"
HOW = "how IN ('', 'elected', 'by_election', 'appointed', 'sent', 'acting')"
ENDING = "ending IN ('', 'term', 'moved', 'resigned', 'removed', 'retired', 'other')"
PERSON_CHECKS = {
    "ck_person_education": EDUCATION,
    "ck_person_birth_year": "birth_year BETWEEN 1900 AND 2200",
    "ck_person_version": "version >= 1",
    "ck_person_merged_into_id": "merged_into_id <> id",
}
POST_CHECKS = {
    "ck_post_how": HOW,
    "ck_post_ending": ENDING,
    "ck_post_ended": "ending = '' OR ends_on IS NOT NULL",
    "ck_post_version": "version >= 1",
}


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default="")


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("birth_year", sa.Integer(), nullable=True))
        batch.add_column(_text("education", 20))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        for name, condition in PERSON_CHECKS.items():
            batch.create_check_constraint(op.f(name), condition)
        batch.create_foreign_key(
            op.f("fk_person_merged_into_id"), "person", ["merged_into_id"], ["id"], ondelete="RESTRICT"
        )
    op.create_index(op.f("ix_person_name"), "person", ["name"], unique=False)
    op.create_index(op.f("ix_person_merged_into_id"), "person", ["merged_into_id"], unique=False)
    with op.batch_alter_table("post") as batch:
        batch.add_column(_text("how", 20))
        batch.add_column(_text("filed_with", 200))
        batch.add_column(sa.Column("filed_on", sa.Date(), nullable=True))
        batch.add_column(_text("ending", 20))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        for name, condition in POST_CHECKS.items():
            batch.create_check_constraint(op.f(name), condition)


def downgrade() -> None:
    with op.batch_alter_table("post") as batch:
        for name in POST_CHECKS:
            batch.drop_constraint(op.f(name), type_="check")
        for name in ("how", "filed_with", "filed_on", "ending", "version"):
            batch.drop_column(name)
    op.drop_index(op.f("ix_person_merged_into_id"), table_name="person")
    op.drop_index(op.f("ix_person_name"), table_name="person")
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint(op.f("fk_person_merged_into_id"), type_="foreignkey")
        for name in PERSON_CHECKS:
            batch.drop_constraint(op.f(name), type_="check")
        for name in ("birth_year", "education", "version", "merged_into_id"):
            batch.drop_column(name)
