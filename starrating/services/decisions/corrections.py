"""Correcting values of a published list: what is put right is rated anew and shown before somebody else decides.

The scores and ratings of the published year stay as they were; a correction is a decision with rows of its own, laid
over them when the year is read again. One cell is named with what it said when the page was made: where another
correction was taken meanwhile, nothing is proposed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from starrating.domain.decisions import DecisionSort, ceilings
from starrating.domain.faults import RuleError
from starrating.models.decisions import DecisionInput
from starrating.models.ratings import Rating
from starrating.queries.corrections import CorrectedValue, corrected, first_like, supposed_of, values_of
from starrating.queries.cycles import CycleRow, KeptScheme, schemes_of
from starrating.queries.decisions import ConcernedUnit, DecisionRow, consequences_of
from starrating.queries.editions import text_and_last
from starrating.queries.inputs import NOTHING_SUPPOSED, Known, Run, Supposed, known_by_run, known_of
from starrating.queries.publications import Confirmed, ListedUnit, PublicationHead, confirmed_of, listed_units
from starrating.queries.ratings import DeterminationRow
from starrating.queries.run_facts import facts_of
from starrating.queries.stands import Stands, what_stands
from starrating.services.audit import record
from starrating.services.decisions.checks import open_list, proposal, public_words
from starrating.services.decisions.corrected_text import Righted, corrected_text
from starrating.services.decisions.corrected_values import (
    Correction,
    columns_of_kind,
    flag_names,
    put_right,
    value_name,
)
from starrating.services.decisions.restated_text import REMOVED, Because, entries_of, with_removal
from starrating.services.decisions.restatements import Restatement
from starrating.services.objections.objection_decisions import Given, Moved
from starrating.services.rating.trials import CHUNK, Worked, rated, rows_of, store_card, store_facts
from starrating.services.transaction import transaction
from starrating.services.years.cycles import locked_cycle, subject_of
from starrating.services.years.scheme_texts import read_kept


@dataclass(frozen=True, slots=True)
class Corrected(Restatement):
    """The edition that a correction would give, with all that is rated anew to give it."""

    worked: Worked
    determination_id: int
    """That of the list that stands."""
    values: tuple[CorrectedValue, ...]
    moved: tuple[Moved, ...]
    """Everyone whose level moves, those whose values are put right first."""
    shifted: int
    """How many more move in total or rank alone."""


def propose_correction(cycle_id: int, wanted: Correction, by: int) -> int:
    """Propose that values were wrong; the key of the decision. Nothing public changes; refused where nothing would."""
    with transaction() as session:
        row = locked_cycle(session, cycle_id)
        head = open_list(row, wanted.kind)
        said = public_words(session, row, wanted.kind, wanted.said, [one.unit_id for one in wanted.values])
        values = put_right(row, wanted)
        made = proposal(row, wanted.kind, DecisionSort.CORRECTION, said, by)
        session.add(made)
        session.flush()
        session.execute(insert(DecisionInput), [
            {"decision_id": made.id, "unit_id": one.unit_id, "header": one.header,
             "state_before": one.before.state, "value_before": one.before.value,
             "state_after": one.after.state, "value_after": one.after.value} for one in values
        ])  # fmt: skip
        because = Because(DecisionSort.CORRECTION, said.reason, said.ground, said.on)
        found = _weighed(row, head, values_of(made.id), because)
        record(session, "correction_proposed", by, subject_of(row), decision=made.id, kind=wanted.kind,
               reason=said.reason, ground=said.ground, on=said.on.isoformat(), count=len(values),
               values=[[one.code, one.header, one.before.shown, one.after.shown] for one in values],
               moved=len(found.units))  # fmt: skip
        return made.id


def correction_shown(row: CycleRow, head: PublicationHead, found: DecisionRow) -> Corrected:
    """What a proposed correction would publish as things stand."""
    because = Because(found.sort, found.reason, found.ground, found.takes_effect_on)
    return _weighed(row, head, values_of(found.id), because)


def store_corrected(session: Session, before: DeterminationRow, determination_id: int, shown: Corrected) -> None:
    """The ratings of a corrected list as its edition says them; what follows stays as it was, for people to look at.

    What it knew of leaders and fields is kept as it was used, which is not always what was kept with the run before.
    """
    content = json.loads(shown.text)
    levels = {level.code: level for level in shown.worked.rating.scheme.levels}
    follows = consequences_of(before.id, shown.worked.known.unit_ids)
    said = {unit["code"]: unit for unit in content["units"]}
    rows = []
    for code, row in zip(shown.worked.known.inputs.units, rows_of(shown.worked, determination_id), strict=True):
        level, above = levels.get(said[code]["level"]), ceilings(entries_of(content, code))
        rows.append({
            **row, "level": said[code]["level"], "level_name": level.name if level else "",
            "stars": level.stars if level else None, "change": said[code]["change"],
            "movement": said[code]["movement"], "consequences": follows[row["unit_id"]],
            "reasons": with_removal(row["reasons"]) if above else row["reasons"],
        })  # fmt: skip
    for first in range(0, len(rows), CHUNK):
        session.execute(insert(Rating), rows[first : first + CHUNK])
    store_card(session, shown.worked, determination_id)
    store_facts(session, shown.worked.known, determination_id)


def _weighed(row: CycleRow, head: PublicationHead, values: Sequence[CorrectedValue], because: Because) -> Corrected:
    """The list rated anew with the values put right; refused where the rest is no longer what was determined."""
    kind = head.kind
    confirmed = confirmed_of(row.id)[kind]
    worked = _worked(row, head, confirmed, values)
    units, (stood, last) = listed_units(confirmed.determination_id), text_and_last(head.id)
    names = flag_names(worked.rating.scheme)
    names |= {column.header: value_name(column) for column in columns_of_kind(row, kind)}
    told = [Righted(one.code, one.header, names.get(one.header, ""), one.before, one.after) for one in values]
    new = corrected_text(stood, worked, units, told, because, last)
    moved, shifted = _moves(units, worked, new, {one.unit_id for one in values})
    codes = {unit.unit_id: unit.code for unit in units}
    starred = tuple(
        ConcernedUnit(0, one.unit_id, codes[one.unit_id], one.unit, one.township, one.before.level, one.after.level)
        for one in moved if one.starred
    )  # fmt: skip
    return Corrected(new, stood, head, starred, worked, confirmed.determination_id, tuple(values), tuple(moved),
                     shifted)  # fmt: skip


def _worked(row: CycleRow, head: PublicationHead, confirmed: Confirmed, values: Sequence[CorrectedValue]) -> Worked:
    again = made_again(row, head, confirmed)
    if again.base.digest != confirmed.input_digest:
        raise RuleError("decision.inputs_changed")
    scheme = read_kept(again.kept.text).scheme
    wanted = supposed_of(((one.key, one.after) for one in values), again.stood)
    known = known_of(again.tables.saying(again.base.facts), scheme, wanted, again.known_to)
    return rated(again.kept, scheme, known)


@dataclass(frozen=True, slots=True, eq=False)
class MadeAgain:
    """The inputs of the run that a list rests on, made again, with what it takes to make them otherwise."""

    kept: KeptScheme
    base: Known
    """Those of the run where the digest says so; they have the facts that the run used."""
    tables: Stands
    stood: Supposed
    known_to: int | datetime | None


def made_again(row: CycleRow, head: PublicationHead, confirmed: Confirmed) -> MadeAgain:
    """What the run of the list that stands was made of, from what was kept with it or from the tables."""
    kind, key = head.kind, confirmed.determination_id
    kept = schemes_of(row.id)[kind]
    scheme = read_kept(kept.text).scheme
    stood = corrected(row.id, kind) if head.edition > 1 else NOTHING_SUPPOSED
    tables, run = what_stands([row], kind)[row.id], Run(confirmed.input_digest, first_like(key), facts_of([key])[key])
    return MadeAgain(kept, known_by_run(tables, scheme, run, stood), tables, stood, run.known_to)


def _moves(units: Sequence[ListedUnit], worked: Worked, text: str, named: set[int]) -> tuple[list[Moved], int]:
    """Who moves from where to where, in the list as it stands and as it would; how many only in total or rank."""
    said = {unit["code"]: unit for unit in json.loads(text)["units"]}
    levels = {level.code: level.name for level in worked.rating.scheme.levels}
    rows = dict(zip(worked.known.inputs.units, rows_of(worked, 0), strict=True))
    moved, shifted = [], 0
    for unit in units:
        before = Given(unit.level, levels.get(unit.level, ""), unit.total, unit.rank, unit.pool,
                       tuple(code for code in json.loads(unit.reasons) if code != REMOVED))  # fmt: skip
        now, row = said[unit.code]["level"], rows[unit.code]
        after = Given(
            now, levels.get(now, ""), row["total"], row["rank"], row["pool"], tuple(json.loads(row["reasons"]))
        )
        pair = Moved(unit.unit_id, unit.name, unit.township, before, after)
        if pair.starred or unit.unit_id in named:
            moved.append(pair)
        else:
            shifted += (before.total, before.rank) != (after.total, after.rank)
    moved.sort(key=lambda pair: (pair.unit_id not in named, pair.after.rank or 0, pair.unit_id))
    return moved, shifted
