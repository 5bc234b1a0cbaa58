"""The reserve list with its rule, Party affairs workers with their places."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLES = ("party_worker", "worker_places", "reserve_entry", "reserve_rule")


def _restricted(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _rules() -> None:
    op.create_table(
        "reserve_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("oldest", sa.Integer(), nullable=True),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        _check("reserve_rule", "least", "least BETWEEN 0 AND 20"),
        _check("reserve_rule", "oldest", "oldest BETWEEN 18 AND 80"),
        _restricted("reserve_rule", "district_id", "division"),
        _restricted("reserve_rule", "set_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserve_rule")),
        sa.UniqueConstraint("district_id", "version", name=op.f("uq_reserve_rule_district_id_version")),
    )
    op.create_table(
        "worker_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        _check("worker_places", "places", "places BETWEEN 0 AND 9999"),
        _restricted("worker_places", "division_id", "division"),
        _restricted("worker_places", "set_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_places")),
        sa.UniqueConstraint("division_id", "version", name=op.f("uq_worker_places_division_id_version")),
    )


def _entries() -> None:
    table = "reserve_entry"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("nominator", sa.String(length=200), nullable=False),
        sa.Column("nominated_on", sa.Date(), nullable=False),
        sa.Column("nominated_by", sa.Integer(), nullable=False),
        sa.Column("nominated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ending", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("reason", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        _check(table, "kind", "kind IN ('secretary', 'director')"),
        _check(table, "state", "state IN ('nominated', 'reviewed', 'confirmed', 'ended')"),
        _check(table, "ending", "ending IN ('', 'appointed', 'withdrawn', 'too_old')"),
        _check(table, "nominator", "nominator <> ''"),
        _check(table, "ending_said", "(state = 'ended') = (ending <> '')"),
        _check(table, "ended_on", "(state = 'ended') = (ended_on IS NOT NULL)"),
        _check(table, "reason", "ending <> 'withdrawn' OR reason <> ''"),
        _check(table, "reviewed_by", "state NOT IN ('reviewed', 'confirmed') OR reviewed_by IS NOT NULL"),
        _check(table, "confirmed_by", "state <> 'confirmed' OR confirmed_by IS NOT NULL"),
        _check(table, "two_people", "confirmed_by <> nominated_by AND confirmed_by <> reviewed_by"),
        _check(table, "version", "version >= 1"),
        _restricted(table, "person_id", "person"),
        _restricted(table, "unit_id", "unit"),
        _restricted(table, "nominated_by", "account"),
        _restricted(table, "reviewed_by", "account"),
        _restricted(table, "confirmed_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserve_entry")),
    )
    still = sa.text("state <> 'ended'")
    op.create_index("uq_reserve_entry_open", table, ["person_id", "unit_id"], unique=True, sqlite_where=still,
                    postgresql_where=still)  # fmt: skip
    op.create_index(op.f("ix_reserve_entry_person_id"), table, ["person_id"])
    op.create_index(op.f("ix_reserve_entry_unit_id_state"), table, ["unit_id", "state"])


def _workers() -> None:
    table = "party_worker"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("recruited", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=200), nullable=False),
        sa.Column("ending", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        _check(table, "recruited", "recruited IN ('exam', 'selected', 'transferred', 'other')"),
        _check(table, "source", "source IN ('graduate', 'veteran', 'community', 'returned', 'other')"),
        _check(table, "ending",
               "ending IN ('', 'promoted', 'moved', 'resigned', 'expired', 'dismissed', 'other')"),
        _check(table, "days", "ends_on IS NULL OR ends_on >= begins_on"),
        _check(table, "ended", "(ending <> '') = (ends_on IS NOT NULL)"),
        _check(table, "version", "version >= 1"),
        _restricted(table, "person_id", "person"),
        _restricted(table, "township_id", "division"),
        _restricted(table, "unit_id", "unit"),
        _restricted(table, "entered_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_worker")),
    )  # fmt: skip
    op.create_index(op.f("ix_party_worker_person_id"), table, ["person_id"])
    op.create_index(op.f("ix_party_worker_township_id_begins_on"), table, ["township_id", "begins_on"])
    op.create_index(op.f("ix_party_worker_unit_id"), table, ["unit_id"])


def upgrade() -> None:
    _rules()
    _entries()
    _workers()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
