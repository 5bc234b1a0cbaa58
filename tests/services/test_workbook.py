"""The workbook out and in again on both databases: a no-op, exactly what was changed, conflicts, bad cells."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from starrating.domain.faults import RuleError
from starrating.errors import sentence, sentence_of_entry
from starrating.extensions import db
from starrating.interchange.spreadsheets import read_spreadsheet
from starrating.interchange.workbook_layout import FIRST_ROW, KEPT, KEY_ROW
from starrating.models.audit import AuditEvent
from starrating.models.scores import ScoreCell, ScoreValue
from starrating.queries.cycles import cycle
from starrating.queries.scores import cells_of, history_of
from starrating.services.audit import verify_chain
from starrating.services.scoring import imports
from starrating.services.scoring.scores import Source, save_scores
from starrating.services.scoring.sheet_cells import Reading
from starrating.services.scoring.typed_scores import ScoresConflict, Typed
from starrating.services.scoring.workbook_in import read_workbook
from starrating.services.scoring.workbook_out import make_workbook
from tests.services import district
from tests.services.test_scores import who

KINDS = {"village": "村", "community": "社区"}
CHECK, OTHER, NUMBER = "V1.3.未发展未培养", "V1.3.后备缺失", "V6.1"


@pytest.fixture
def scoring(app: Any, entered: int) -> Any:
    """A cycle that takes scores, with every value of the demonstration; in the application's context."""
    with app.app_context():
        yield entered


def row_of(key: int) -> Any:
    found = cycle(key)
    assert found is not None
    return found


def out(key: int, by: Any, town: int | None = None) -> bytes:
    return make_workbook(row_of(key), by, KINDS, town)


def back(key: int, data: bytes, by: Any) -> Reading:
    found = read_workbook(row_of(key), read_spreadsheet(data), by)
    db.session.remove()
    return found


def edited(data: bytes, edit: Callable[[Any], Any]) -> bytes:
    """The workbook as somebody saves it who did `edit` in it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def place_of(book: Any, code: str, header: str) -> Any:
    """The cell of a unit and a header."""
    for sheet in book.worksheets:
        keys = [cell.value for cell in sheet[KEY_ROW + 1]] if sheet.max_row > KEY_ROW else []
        if header in keys:
            for number in range(FIRST_ROW + 1, sheet.max_row + 1):
                if sheet.cell(number, 1).value == code:
                    return sheet.cell(number, keys.index(header) + 1)
    raise AssertionError((code, header))


def stored(key: int) -> dict[tuple[int, str], tuple[int, str]]:
    found = {
        (row.unit_id, row.header): (row.version, row.value)
        for row in db.session.execute(
            select(ScoreCell.unit_id, ScoreCell.header, ScoreCell.version, ScoreCell.value).where(
                ScoreCell.cycle_id == key
            )
        )
    }
    db.session.remove()
    return found


def kept_and_confirmed(key: int, data: bytes, by: Any, mine: dict[tuple[int, str], int] | None = None) -> int:
    reading = back(key, data, by)
    assert [(one.address, one.refusal.code) for one in reading.bad] == []
    number = imports.keep(row_of(key), Source.WORKBOOK, "表.xlsx", data, reading.proposed, by)
    found = imports.waiting(row_of(key), number, by)
    shown = imports.preview(row_of(key), found.proposed)
    return imports.confirm(row_of(key), number, shown.digest, mine or {}, by)


def test_out_and_in_again_is_no_change(scoring: int, people: dict[str, int]) -> None:
    for name in ("assessor", "town"):
        by = who(people, name)
        reading = back(scoring, out(scoring, by), by)
        assert (reading.proposed, reading.bad, reading.notices, reading.already) == ([], [], [], 0)
        saved = back(scoring, edited(out(scoring, by), lambda book: None), by)
        assert (saved.proposed, saved.bad, saved.notices, saved.already) == ([], [], [], 0)


def test_the_workbook_is_as_promised(scoring: int, people: dict[str, int]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(out(scoring, who(people, "assessor"), people["township"])))
    sheet = book["村"]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert book[KEPT].sheet_state == "veryHidden"
    keys = [cell.value for cell in sheet[KEY_ROW + 1]]
    assert keys[:3] == ["unit.code", "unit.name", "unit.township"]
    column = keys.index(CHECK) + 1
    assert sheet.freeze_panes == f"C{FIRST_ROW + 1}"
    head, cell = sheet.cell(KEY_ROW, column), sheet.cell(FIRST_ROW + 1, column)
    assert head.protection.locked
    assert not cell.protection.locked
    assert "有填1，没有填0" in head.comment.text
    lists = [one for one in sheet.data_validations.dataValidation if cell.coordinate in one.sqref]
    assert [(one.type, one.formula1) for one in lists] == [("list", '"1,0"')]
    assert isinstance(cell.value, int)
    assert sheet.cell(FIRST_ROW + 1, 1).data_type == "s"


def test_changes_are_saved_as_the_workbook_says(scoring: int, people: dict[str, int]) -> None:
    by, units = who(people, "assessor"), {unit.code: unit for unit in district.chosen_units()}
    code = next(iter(units))

    def edit(book: Any) -> None:
        place_of(book, code, CHECK).value = None
        place_of(book, code, OTHER).value = 1 if place_of(book, code, OTHER).value != 1 else 0
        note = place_of(book, code, "note")
        note.value = "看过会议记录"

    before, data = stored(scoring), edited(out(scoring, by), edit)
    assert kept_and_confirmed(scoring, data, by) == 2
    after = stored(scoring)
    assert {key for key in after if before[key] != after[key]} == {(people["first"], CHECK), (people["first"], OTHER)}
    assert after[people["first"], CHECK] == (2, "")
    latest = history_of(scoring, people["first"], CHECK)[0]
    assert (latest.source, latest.reason, latest.by) == ("workbook", "看过会议记录", "李敏")
    again = back(scoring, data, by)
    assert (again.proposed, again.bad, again.already) == ([], [], 2)
    assert imports.earlier(row_of(scoring), data, by) is not None
    assert imports.earlier(row_of(scoring), data, who(people, "town")) is None
    assert verify_chain().broken_at is None


def test_sorted_and_moved_rows_and_columns_are_no_change(scoring: int, people: dict[str, int]) -> None:
    by = who(people, "assessor")

    def edit(book: Any) -> None:
        sheet = book["村"]
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW + 1)]
        order = random.Random(4).sample(range(len(rows[0])), len(rows[0]))
        heads = [cell.value for cell in sheet[KEY_ROW + 1]]
        for number, row in enumerate([heads, *reversed(rows)], start=KEY_ROW + 1):
            for at, place in enumerate(order, start=1):
                sheet.cell(number, at).value = row[place]

    reading = back(scoring, edited(out(scoring, by), edit), by)
    assert (reading.proposed, reading.bad, reading.notices) == ([], [], [])


def test_what_others_changed_is_a_conflict_and_is_not_overwritten(scoring: int, people: dict[str, int]) -> None:
    by, first = who(people, "assessor"), people["first"]
    code = district.chosen_units()[0].code
    before = stored(scoring)
    data = out(scoring, by)
    theirs = "0" if before[first, CHECK][1] == "1" else "1"
    save_scores(scoring, [Typed(first, CHECK, 1, theirs), Typed(first, OTHER, 1, "")], by, Source.GRID)
    mine = edited(data, lambda book: setattr(place_of(book, code, CHECK), "value", None))
    reading = back(scoring, mine, by)
    shown = imports.preview(row_of(scoring), reading.proposed)
    assert shown.changes == ()
    line = shown.conflicts[0]
    assert (line.base, line.stands and line.stands.entry.shown, line.mine.shown) == (
        before[first, CHECK][1],
        theirs,
        "",
    )
    db.session.remove()
    assert kept_and_confirmed(scoring, mine, by) == 0
    assert stored(scoring)[first, CHECK] == (2, theirs)
    assert kept_and_confirmed(scoring, mine, by, {(first, CHECK): 1}) == 0, "a version that no longer stands"
    assert kept_and_confirmed(scoring, mine, by, {(first, CHECK): 2}) == 1
    assert stored(scoring)[first, CHECK] == (3, "")
    assert stored(scoring)[first, OTHER] == (2, ""), "what was not touched in the file stays as others left it"


def test_a_confirmation_of_what_has_moved_on_is_refused(scoring: int, people: dict[str, int]) -> None:
    by, first = who(people, "assessor"), people["first"]
    code = district.chosen_units()[0].code
    data = edited(out(scoring, by), lambda book: setattr(place_of(book, code, CHECK), "value", None))
    number = imports.keep(row_of(scoring), Source.WORKBOOK, "表.xlsx", data, back(scoring, data, by).proposed, by)
    digest = imports.preview(row_of(scoring), imports.waiting(row_of(scoring), number, by).proposed).digest
    save_scores(scoring, [Typed(first, CHECK, 1, "1" if stored(scoring)[first, CHECK][1] == "0" else "0")], by)
    kept = stored(scoring)
    with pytest.raises(RuleError, match=r"import\.changed"):
        imports.confirm(row_of(scoring), number, digest, {}, by)
    for other in ("town", "auditor", "wang"):
        with pytest.raises(RuleError, match=r"import\.none"):
            imports.waiting(row_of(scoring), number, who(people, other))
    assert stored(scoring) == kept
    assert imports.waiting(row_of(scoring), number, by).proposed


def test_an_import_waits_an_hour_and_is_confirmed_once(scoring: int, people: dict[str, int], clock: Any) -> None:
    by, code = who(people, "assessor"), district.chosen_units()[0].code
    data = edited(out(scoring, by), lambda book: setattr(place_of(book, code, CHECK), "value", None))
    proposed = back(scoring, data, by).proposed
    first = imports.keep(row_of(scoring), Source.WORKBOOK, "表.xlsx", data, proposed, by)
    second = imports.keep(row_of(scoring), Source.WORKBOOK, "表.xlsx", data, proposed, by)
    with pytest.raises(RuleError, match=r"import\.none"):
        imports.waiting(row_of(scoring), first, by)
    digest = imports.preview(row_of(scoring), proposed).digest
    clock.advance(hours=1)
    kept = stored(scoring)
    with pytest.raises(RuleError, match=r"import\.none"):
        imports.confirm(row_of(scoring), second, digest, {}, by)
    assert stored(scoring) == kept
    third = imports.keep(row_of(scoring), Source.WORKBOOK, "表.xlsx", data, proposed, by)
    assert imports.confirm(row_of(scoring), third, digest, {}, by) == 1
    with pytest.raises(RuleError, match=r"import\.none"):
        imports.confirm(row_of(scoring), third, digest, {}, by)


def test_a_closed_window_refuses_the_whole_import(scoring: int, people: dict[str, int]) -> None:
    by, code = who(people, "assessor"), district.chosen_units()[0].code
    data = edited(out(scoring, by), lambda book: setattr(place_of(book, code, CHECK), "value", None))
    proposed = back(scoring, data, by).proposed
    number = imports.keep(row_of(scoring), Source.WORKBOOK, "表.xlsx", data, proposed, by)
    digest = imports.preview(row_of(scoring), proposed).digest
    district.step(scoring, "close_scoring", people["wang"])
    kept = stored(scoring)
    with pytest.raises(RuleError, match=r"window\.not_now"):
        imports.confirm(row_of(scoring), number, digest, {}, by)
    assert stored(scoring) == kept
    assert imports.waiting(row_of(scoring), number, by).proposed, "it still waits: the window may be opened again"


def named(book: Any, code: str, header: str) -> str:
    cell = place_of(book, code, header)
    return f"{cell.parent.title}!{cell.coordinate}"


BAD_CELLS: dict[str, tuple[str, Any, str, str]] = {
    # what: header, what stands in the cell, the code of the refusal, a word of its sentence
    "words": (CHECK, "三", "entry.number", "不是数"),
    "unit": (CHECK, "1分", "entry.number", "不是数"),
    "exponent": (CHECK, "1e0", "entry.number", "不是数"),
    "mark": (CHECK, 2, "entry.mark", "有填1"),
    "fraction": (CHECK, 0.5, "entry.mark", "有填1"),
    "never away": (CHECK, "／", "entry.always_applies", "不能填不适用"),
    "truth": (CHECK, True, "cell.truth", "TRUE"),
    "error": (CHECK, "#DIV/0!", "cell.error", "公式出错"),
    "formula without a value": (CHECK, "=1+1", "cell.no_value", "公式无值"),
    "long": (CHECK, 120113001201, "entry.mark", "有填1"),
    "huge": (CHECK, 1.2e17, "entry.digits", "太长"),
    "dangerous": (CHECK, "＝1+1", "entry.number", "不是数"),
}


def test_every_bad_cell_is_named_and_nothing_is_written(scoring: int, people: dict[str, int]) -> None:
    by, codes = who(people, "assessor"), [unit.code for unit in district.chosen_units()]
    places: list[str] = []

    def edit(book: Any) -> None:
        for unit, (name, (header, value, _, _)) in zip(codes, BAD_CELLS.items(), strict=False):
            cell = place_of(book, unit, header)
            cell.value = value
            if name == "error":
                cell.data_type = "e"
            places.append(named(book, unit, header))

    before = stored(scoring)
    reading = back(scoring, edited(out(scoring, by), edit), by)
    assert [f"{bad.sheet}!{bad.address}" for bad in reading.bad] == places
    assert [bad.refusal.code for bad in reading.bad] == [code for _, _, code, _ in BAD_CELLS.values()]
    for bad, (_, _, _, word) in zip(reading.bad, BAD_CELLS.values(), strict=True):
        assert word in sentence_of_entry(bad.refusal)
    assert stored(scoring) == before


def test_dates_and_percents_are_refused_not_guessed(scoring: int, people: dict[str, int]) -> None:
    by, (one, two, *_) = who(people, "assessor"), (unit.code for unit in district.chosen_units())

    def edit(book: Any) -> None:
        place_of(book, one, CHECK).value = date(2024, 1, 2)
        place_of(book, one, CHECK).number_format = "m-d"
        place_of(book, two, CHECK).value = 0.95
        place_of(book, two, CHECK).number_format = "0%"

    reading = back(scoring, edited(out(scoring, by), edit), by)
    told = [sentence_of_entry(bad.refusal) for bad in reading.bad]
    assert [bad.refusal.code for bad in reading.bad] == ["cell.moment", "cell.percent"]
    assert "2024-01-02" in told[0]
    assert "显示95%，实际存的是0.95" in told[1]


ROWS: dict[str, tuple[Callable[[Any], None], list[str]]] = {}


def row(code: str) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    def keep(edit: Callable[[Any], None]) -> Callable[[Any], None]:
        ROWS[edit.__name__] = edit, code.split()
        return edit

    return keep


@row("cell.unit_twice")
def same_unit_twice(sheet: Any) -> None:
    last = sheet.max_row + 1
    for at in range(1, sheet.max_column + 1):
        sheet.cell(last, at).value = sheet.cell(FIRST_ROW + 1, at).value


@row("cell.unit_unknown")
def changed_code(sheet: Any) -> None:
    sheet.cell(FIRST_ROW + 1, 1).value = "999999999999"


@row("cell.unit_unknown")
def code_as_a_rounded_number(sheet: Any) -> None:
    sheet.cell(FIRST_ROW + 1, 1).value = 1.2e11


@row("cell.no_code")
def code_taken_away(sheet: Any) -> None:
    sheet.cell(FIRST_ROW + 1, 1).value = None


@row("cell.name_differs cell.name_differs")
def only_names_sorted(sheet: Any) -> None:
    one, two = sheet.cell(FIRST_ROW + 1, 2), sheet.cell(FIRST_ROW + 2, 2)
    one.value, two.value = two.value, one.value


@row("cell.key_twice")
def column_twice(sheet: Any) -> None:
    last = sheet.max_column + 1
    keys = [cell.value for cell in sheet[KEY_ROW + 1]]
    for number in range(KEY_ROW + 1, sheet.max_row + 1):
        sheet.cell(number, last).value = sheet.cell(number, keys.index(CHECK) + 1).value


@row("cell.key_unknown")
def changed_key(sheet: Any) -> None:
    keys = [cell.value for cell in sheet[KEY_ROW + 1]]
    sheet.cell(KEY_ROW + 1, keys.index(CHECK) + 1).value = "V9.9"


def on_villages(edit: Callable[[Any], None], book: Any) -> None:
    edit(book["村"])


def test_rows_and_columns_that_do_not_fit_are_told(scoring: int, people: dict[str, int]) -> None:
    by = who(people, "assessor")
    data = out(scoring, by)
    for name, (edit, codes) in ROWS.items():
        reading = back(scoring, edited(data, partial(on_villages, edit)), by)
        assert [bad.refusal.code for bad in reading.bad] == codes, name
        assert all(sentence_of_entry(bad.refusal) for bad in reading.bad)
        assert reading.proposed == []


def test_what_is_missing_or_beside_is_told_and_counts_as_untouched(scoring: int, people: dict[str, int]) -> None:
    by = who(people, "assessor")

    def edit(book: Any) -> None:
        sheet = book["村"]
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        keys = [cell.value for cell in sheet[KEY_ROW + 1]]
        sheet.delete_cols(keys.index(CHECK) + 1)
        sheet.delete_rows(FIRST_ROW + 1)
        sheet.cell(FIRST_ROW + 1, sheet.max_column + 2).value = "我的备忘"
        book.create_sheet("草稿")["A1"] = "算一算"

    reading = back(scoring, edited(out(scoring, by), edit), by)
    assert (reading.proposed, reading.bad) == ([], [])
    told = {one.code: sentence(RuleError(one.code, **one.facts)) for one in reading.notices}
    assert set(told) == {"notice.missing", "notice.extra", "notice.rows", "notice.sheet"}
    assert CHECK in told["notice.missing"]


def test_another_office_s_cells_and_units_do_not_exist(scoring: int, people: dict[str, int]) -> None:
    assessor, town = who(people, "assessor"), who(people, "town")
    data = out(scoring, assessor)
    reading = back(scoring, data, town)
    assert {bad.refusal.code for bad in reading.bad} == {"cell.key_unknown", "cell.unit_unknown"}
    assert reading.proposed == []
    with pytest.raises(RuleError, match=r"workbook\.not_ours"):
        back(scoring, edited(data, lambda book: book.remove(book[KEPT])), assessor)
    with pytest.raises(RuleError, match=r"workbook\.damaged"):
        back(scoring, edited(data, lambda book: setattr(book[KEPT]["C2"], "value", "{}")), assessor)
    with pytest.raises(RuleError, match=r"workbook\.no_head"):
        back(
            scoring,
            edited(data, lambda book: [book[name].delete_rows(KEY_ROW + 1) for name in KINDS.values()]),
            assessor,
        )


def test_what_an_outsider_must_not_see_is_not_in_the_file(scoring: int, people: dict[str, int]) -> None:
    text = "".join(
        cell or "" for sheet in read_spreadsheet(out(scoring, who(people, "town"))) for cells in sheet.rows.values()
        for cell in cells
    )  # fmt: skip
    from starrating.models.divisions import Unit

    others = db.session.scalars(select(Unit.code).where(Unit.township_id != people["township"])).all()
    assert others
    assert [code for code in others if code in text] == []


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_random_changes_come_back_exactly(scoring: int, people: dict[str, int], seed: int) -> None:
    """Export → change random cells → import: exactly these changes, and stored they read back as no change."""
    dice, by = random.Random(seed), who(people, "assessor")
    data, before, wanted = out(scoring, by), stored(scoring), {}

    def edit(book: Any) -> None:
        for sheet in (book["村"], book["社区"]):
            heads = [cell.value for cell in sheet[KEY_ROW + 1]]
            open_ = [at for at, key in enumerate(heads) if key and at > 2 and not key.startswith(("reason", "note"))]
            for number in range(FIRST_ROW + 1, sheet.max_row + 1):
                for at in dice.sample(open_, min(2, len(open_))):
                    cell = sheet.cell(number, at + 1)
                    validation = next(
                        (one for one in sheet.data_validations.dataValidation if cell.coordinate in one.sqref), None
                    )
                    if validation is None or validation.type != "list" or cell.protection.locked:
                        continue
                    options = [one for one in validation.formula1.strip('"').split(",") if one != str(cell.value)]
                    new = dice.choice(options)
                    cell.value = int(new) if new.isdecimal() and dice.random() < 0.5 else new
                    wanted[sheet.cell(number, 1).value, heads[at]] = new

    reading = back(scoring, edited(data, edit), by)
    from starrating.models.divisions import Unit

    codes = {row.id: row.code for row in db.session.execute(select(Unit.id, Unit.code))}
    db.session.remove()
    assert reading.bad == []
    assert {(codes[one.typed.unit_id], one.typed.header): one.typed.text for one in reading.proposed} == wanted
    assert stored(scoring) == before, "reading writes nothing"


def test_numbers_come_back_as_they_were_typed(scoring: int, people: dict[str, int]) -> None:
    """A spreadsheet writes numbers its own way: 12.50 as 12.5, 1.1 as 1.1000000000000001."""
    by = who(people, "assessor")
    keys = sorted(unit for unit, header in stored(scoring) if header == NUMBER)
    typed = dict(zip(keys, ("0.1", "12.50", "007", "99.9990", "33.3333", "1.1"), strict=False))
    save_scores(scoring, [Typed(unit, NUMBER, 1, text) for unit, text in typed.items()], by)
    assert {unit: stored(scoring)[unit, NUMBER][1] for unit in typed} == typed
    data = out(scoring, by)
    for again in (data, edited(data, lambda book: None)):
        reading = back(scoring, again, by)
        assert (reading.proposed, reading.bad, reading.already) == ([], [], 0)


def test_one_event_a_cell_and_one_for_the_import(scoring: int, people: dict[str, int]) -> None:
    by, code = who(people, "assessor"), district.chosen_units()[0].code
    data = edited(out(scoring, by), lambda book: setattr(place_of(book, code, CHECK), "value", None))
    counted = select(func.count()).select_from(AuditEvent)
    before = db.session.scalar(counted) or 0
    db.session.remove()
    kept_and_confirmed(scoring, data, by)
    acts = db.session.scalars(select(AuditEvent.act).order_by(AuditEvent.sequence).offset(before)).all()
    assert acts == ["import_read", "score_saved", "import_stored"]
    assert db.session.scalar(select(func.count()).select_from(ScoreValue)) == 1
    with pytest.raises(ScoresConflict):
        save_scores(scoring, [Typed(people["first"], CHECK, 1, "1")], by)
    assert cells_of(scoring, [people["first"]], [CHECK])[people["first"], CHECK].version == 2
