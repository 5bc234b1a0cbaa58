"""People, their posts, and a district's rating years."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "cycle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scoring_opens", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scoring_closes", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verification_closes", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'scoring', 'verification', 'determined', 'notice', 'published')",
            name=op.f("ck_cycle_state"),
        ),
        sa.CheckConstraint(
            "scoring_closes IS NULL OR scoring_opens IS NULL OR scoring_closes > scoring_opens",
            name=op.f("ck_cycle_dates"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_cycle_version")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2200", name=op.f("ck_cycle_year")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_cycle_created_by"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["district_id"], ["division.id"], name=op.f("fk_cycle_district_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
        sa.UniqueConstraint("district_id", "year", name=op.f("uq_cycle_district_id_year")),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('secretary', 'director')", name=op.f("ck_post_kind")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name=op.f("ck_post_days")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_post_person_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_post_unit_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_index(op.f("ix_post_person_id"), "post", ["person_id"], unique=False)
    op.create_index(op.f("ix_post_unit_id_begins_on"), "post", ["unit_id", "begins_on"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("indicator", sa.String(length=120), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("by_township", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(department <> '') <> by_township", name=op.f("ck_assignment_assessor")),
        sa.CheckConstraint("kind IN ('village', 'community')", name=op.f("ck_assignment_kind")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_assignment_cycle_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("cycle_id", "kind", "indicator", name=op.f("uq_assignment_cycle_id_kind_indicator")),
    )
    op.create_index(op.f("ix_assignment_cycle_id_department"), "assignment", ["cycle_id", "department"], unique=False)
    op.create_table(
        "cycle_scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('village', 'community')", name=op.f("ck_cycle_scheme_kind")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_cycle_scheme_digest")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cycle_scheme_cycle_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle_scheme")),
        sa.UniqueConstraint("cycle_id", "kind", name=op.f("uq_cycle_scheme_cycle_id_kind")),
    )


def downgrade() -> None:
    op.drop_table("cycle_scheme")
    op.drop_table("assignment")
    op.drop_table("post")
    op.drop_table("cycle")
    op.drop_table("person")
