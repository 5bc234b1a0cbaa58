"""Triggers that keep what is final: the trail, the history of scores, confirmed ratings, published lists.

A migration that rebuilds one of these tables on SQLite loses its triggers without a word and must put them back; the
tests compare the database with `TRIGGERS` after every migration, up and down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FUNCTION = """CREATE OR REPLACE FUNCTION starrating_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is final', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"""
RATING_FUNCTION = """CREATE OR REPLACE FUNCTION starrating_refuse_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE concerned integer := CASE WHEN TG_OP = 'DELETE' THEN OLD.determination_id ELSE NEW.determination_id END;
BEGIN
  IF EXISTS (SELECT 1 FROM determination WHERE id = concerned AND state = 'confirmed') THEN
    RAISE EXCEPTION 'rating is final' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$"""
UNBASED = (
    "NEW.edition > 1 AND NOT EXISTS (SELECT 1 FROM decision WHERE cycle_id = NEW.cycle_id AND kind = NEW.kind "
    "AND edition = NEW.edition AND state = 'decided')"
)
SETTLED = "EXISTS (SELECT 1 FROM decision WHERE id = NEW.decision_id AND state <> 'proposed')"
DECISION_FUNCTIONS = tuple(
    f"""CREATE OR REPLACE FUNCTION starrating_refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {condition} THEN
    RAISE EXCEPTION '% is final', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$"""
    for name, condition in (("unbased", UNBASED), ("settled", SETTLED))
)
OF_A_UNIT = "id = NEW.id OR (decision_id = NEW.decision_id AND unit_id = NEW.unit_id)"
CONFIRMED = "EXISTS (SELECT 1 FROM determination WHERE id = {row}.determination_id AND state = 'confirmed')"

DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}
"""By database, how two values are compared that may be NULL."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A trigger that refuses an operation on a table, where a condition holds; some only SQLite needs."""

    table: str
    operation: str
    condition: str = ""
    sqlite_only: bool = False
    asks: str = ""
    """The end of the name of PostgreSQL's function for a condition that looks into another table."""
    part: str = ""
    """The end of the name of a second trigger for the same operation."""
    fixed: tuple[str, ...] = ()
    """The columns that an UPDATE may not change: not from nothing, and not to nothing."""
    added: tuple[str, ...] = ()
    """Those of them that came to be fixed by a later migration than the one that made the trigger: that one puts the
    trigger back with all of them, as must every rebuild of the table after it."""

    @property
    def name(self) -> str:
        """The trigger's name."""
        part = self.part or (self.asks if self.asks in ("unbased", "settled") else "")
        more = f"_{part}" if part else ""
        return f"{self.table}_refuse_{self.operation.lower()}{more}"

    def create(self, dialect: str, *, added: bool = False) -> str:
        """The statement that creates it; what was added only where that is said."""
        when = self._when(dialect, self.fixed if added else tuple(one for one in self.fixed if one not in self.added))
        if dialect == "sqlite":
            condition = f" WHEN {when}" if when else ""
            body = f"BEGIN SELECT RAISE(ABORT, '{self.table} is final'); END"
            return f"CREATE TRIGGER {self.name} BEFORE {self.operation} ON {self.table} FOR EACH ROW{condition} {body}"
        each = "STATEMENT" if self.operation == "TRUNCATE" else "ROW"
        function = f"starrating_refuse_{self.asks}" if self.asks else "starrating_refuse"
        condition = f" WHEN ({when})" if when and not self.asks else ""
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.operation} ON {self.table} "
            f"FOR EACH {each}{condition} EXECUTE FUNCTION {function}()"
        )

    def _when(self, dialect: str, fixed: tuple[str, ...]) -> str:
        """The condition with what is fixed; compared so that NULL differs from a value, which `<>` leaves open."""
        differs = DIFFERS[dialect]
        moved = (f"OLD.{column} {differs} NEW.{column}" for column in fixed)
        return " OR ".join((*([self.condition] if self.condition else []), *moved))


def _whole(table: str, same: str) -> tuple[Refusal, ...]:
    """A table to which rows are only added; `same` finds a row that SQLite's REPLACE would silently push out."""
    return (
        Refusal(table, "UPDATE"),
        Refusal(table, "DELETE"),
        Refusal(table, "TRUNCATE"),
        # Both names are constants of this module.
        Refusal(table, "INSERT", f"EXISTS (SELECT 1 FROM {table} WHERE {same})", sqlite_only=True),  # nosec B608
    )


def _settled(
    table: str, final: str, fixed: Iterable[str], unique: str, kept: str = "", added: tuple[str, ...] = ()
) -> tuple[Refusal, ...]:
    """A table whose rows (or those that are `kept`) are never deleted; a row that is final, and what identifies any
    row, does not change."""
    return (
        Refusal(table, "UPDATE", final, fixed=(*fixed, *added), added=added),
        Refusal(table, "DELETE", kept),
        Refusal(table, "TRUNCATE"),
        Refusal(table, "INSERT", f"EXISTS (SELECT 1 FROM {table} WHERE {unique})", sqlite_only=True),  # nosec B608
    )


TRIGGERS: dict[str, tuple[Refusal, ...]] = {
    "audit_event": _whole("audit_event", "sequence = NEW.sequence"),
    "score_value": _whole("score_value", "id = NEW.id OR (cell_id = NEW.cell_id AND version = NEW.version)"),
    "cell_review": _whole("cell_review", "id = NEW.id"),
    "assessment_value": _whole("assessment_value", "id = NEW.id OR (cell_id = NEW.cell_id AND version = NEW.version)"),
    "determination": (
        Refusal("determination", "UPDATE", "OLD.state = 'confirmed'"),
        Refusal("determination", "DELETE", "OLD.state = 'confirmed'"),
        Refusal("determination", "TRUNCATE"),
    ),
    "rating": (
        Refusal("rating", "UPDATE", CONFIRMED.format(row="OLD"), asks="confirmed"),
        Refusal("rating", "DELETE", CONFIRMED.format(row="OLD"), asks="confirmed"),
        Refusal("rating", "INSERT", CONFIRMED.format(row="NEW"), asks="confirmed"),
        Refusal("rating", "TRUNCATE"),
    ),
    "determination_card": _whole("determination_card", "determination_id = NEW.determination_id"),
    "determination_facts": _whole("determination_facts", "determination_id = NEW.determination_id"),
    "earlier_scheme": _whole(
        "earlier_scheme", "id = NEW.id OR (cycle_id = NEW.cycle_id AND kind = NEW.kind AND digest = NEW.digest)"
    ),
    "publication": _whole(
        "publication", "id = NEW.id OR (cycle_id = NEW.cycle_id AND kind = NEW.kind AND edition = NEW.edition)"
    ),
    "notice": _whole("notice", "id = NEW.id OR determination_id = NEW.determination_id"),
    "decision": (
        *_settled(
            "decision",
            "OLD.state <> 'proposed'",
            ("id", "cycle_id", "kind", "sort", "reason", "ground", "takes_effect_on", "proposed_by", "proposed_at"),
            "id = NEW.id",
        ),
        # A list is published again only by a decision; stands here because the table of decisions came later.
        Refusal("publication", "INSERT", UNBASED, asks="unbased"),
    ),
    "decision_unit": (
        *_whole("decision_unit", OF_A_UNIT),
        Refusal("decision_unit", "INSERT", SETTLED, asks="settled"),
    ),
    "decision_input": (
        *_whole(
            "decision_input",
            "id = NEW.id OR (decision_id = NEW.decision_id AND unit_id = NEW.unit_id AND header = NEW.header)",
        ),
        Refusal("decision_input", "INSERT", SETTLED, asks="settled"),
        # What a decision lifts came with this table.
        Refusal("decision", "UPDATE", part="lifts", fixed=("lifts_id",)),
    ),
    "key_revocation": _whole("key_revocation", "id = NEW.id OR public_key = NEW.public_key"),
    "pay_rate": _whole(
        "pay_rate", "id = NEW.id OR (district_id = NEW.district_id AND year = NEW.year AND version = NEW.version)"
    ),
    **{
        table: _settled(
            table,
            "OLD.state = 'confirmed'",
            ("id", place, "year", "number"),
            f"id = NEW.id OR ({place} = NEW.{place} AND year = NEW.year AND number = NEW.number)",
        )
        for table, place in (("pay_sheet", "township_id"), ("fund_sheet", "district_id"))
    },
    "restated_facts": _whole("restated_facts", OF_A_UNIT),
    "case_event": _whole("case_event", "id = NEW.id OR (case_id = NEW.case_id AND version = NEW.version)"),
    "consequence_case": _settled(
        "consequence_case",
        "OLD.state = 'rescinded'",
        (
            "id",
            "cycle_id",
            "unit_id",
            "determination_id",
            "rule",
            "written",
            "about",
            "outcome",
            "opened_at",
            "facts",
            "digest",
        ),
        "id = NEW.id OR (cycle_id = NEW.cycle_id AND unit_id = NEW.unit_id AND rule = NEW.rule AND about = NEW.about)",
    ),
    "signing_key": _whole("signing_key", "id = NEW.id OR public_key = NEW.public_key"),
    "evidence_file": _settled(
        "evidence_file",
        "OLD.removed_at IS NOT NULL",
        (
            "id",
            "cycle_id",
            "unit_id",
            "indicator",
            "purpose",
            "spot_check_id",
            "name",
            "medium",
            "size",
            "sha256",
            "stored",
            "thumbnail",
            "account_id",
            "at",
        ),
        "id = NEW.id OR stored = NEW.stored",
        kept="OLD.account_id IS NOT NULL",
        added=("objection_id",),
    ),
    "objection": _settled(
        "objection",
        "OLD.state IN ('upheld', 'partly_upheld', 'rejected', 'withdrawn')",
        (
            "id",
            "cycle_id",
            "unit_id",
            "determination_id",
            "number",
            "code",
            "channel",
            "raised_by",
            "indicators",
            "grounds",
            "lodged_by",
            "lodged_at",
            "received_on",
            "due_on",
        ),
        "id = NEW.id OR number = NEW.number",
    ),
    "objector": _settled(
        "objector",
        "OLD.sealed = ''",
        ("id", "objection_id", "form_key", "stored_at"),
        "id = NEW.id OR objection_id = NEW.objection_id OR form_key = NEW.form_key",
    ),
    "spot_check": _settled(
        "spot_check",
        "OLD.state IN ('counted', 'withdrawn')",
        (
            "id",
            "cycle_id",
            "unit_id",
            "place",
            "seen_at",
            "found_by",
            "found",
            "effect",
            "header",
            "value",
            "flag",
            "count",
            "answer_needed",
            "recorded_by",
            "recorded_at",
        ),
        "id = NEW.id",
    ),
}
"""By table, what its triggers refuse."""


def refusals(table: str, dialect: str) -> tuple[Refusal, ...]:
    """The triggers a table has on a database: SQLite knows no TRUNCATE, PostgreSQL no REPLACE."""
    left_out = {"TRUNCATE"} if dialect == "sqlite" else set()
    return tuple(
        one
        for one in TRIGGERS[table]
        if one.operation not in left_out and not (one.sqlite_only and dialect != "sqlite")
    )


def creation(dialect: str, *tables: str) -> Iterator[str]:
    """The statements that protect tables, for a migration."""
    if dialect != "sqlite":
        yield FUNCTION
        if "rating" in tables:
            yield RATING_FUNCTION
        if "decision" in tables:
            yield from DECISION_FUNCTIONS
    for table in tables:
        yield from (one.create(dialect) for one in refusals(table, dialect))


def removal(dialect: str, *tables: str) -> Iterator[str]:
    """The statements that take the protection away, for a migration back."""
    for table in tables:
        for one in refusals(table, dialect):
            yield f"DROP TRIGGER {one.name}" + ("" if dialect == "sqlite" else f" ON {one.table}")
