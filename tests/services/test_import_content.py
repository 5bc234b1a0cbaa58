"""What is kept of an import while it waits: the same cells come back, also those of an earlier release."""

from __future__ import annotations

import json
import zlib

import pytest

from starrating.interchange.foreign_tables import ForeignTable
from starrating.interchange.spreadsheets import Sheet
from starrating.services.scoring.import_content import Content, pack, pack_table, unpack
from starrating.services.scoring.sheet_cells import Proposed
from starrating.services.scoring.typed_scores import Typed

CELLS = (
    Proposed(Typed(7, "V1.2", 0, "12.50", ""), ""),
    Proposed(Typed(8, "V1.2@Q3", 3, "／", "一“二”\n\\"), "0"),
    Proposed(Typed(8, "V1.3", 1, "", "清空"), "1.5"),
)
TABLE = ForeignTable(Sheet("表", hidden=False, rows={0: ["t编号"], 1: ["n1"]}), 0)


@pytest.mark.parametrize("cells", [CELLS, CELLS[:1], ()], ids=["three", "one", "none"])
def test_cells_come_back_as_they_were_kept(cells: tuple[Proposed, ...]) -> None:
    found = unpack(pack(cells))
    assert found == Content(cells)
    assert found.proposed is not None
    assert {(type(one), type(one.typed)) for one in found.proposed} <= {(Proposed, Typed)}


def test_a_table_comes_back_with_and_without_its_cells() -> None:
    few = (("一村", "一镇", 12),)
    for cells in (None, (), CELLS):
        content = Content(cells, TABLE, few, 30)
        assert unpack(pack_table(content)) == content


def test_cells_kept_row_by_row_before_the_program_was_renewed_come_back() -> None:
    rows = [[*typed, base] for typed, base in CELLS]
    assert unpack(zlib.compress(json.dumps(rows).encode())) == Content(CELLS)
    table = {"cells": rows, "table": TABLE.packed(), "few": [], "least": 0}
    assert unpack(zlib.compress(json.dumps(table).encode())) == Content(CELLS, TABLE)
