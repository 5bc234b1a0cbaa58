import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from starrating.domain.faults import FilesRefused
from starrating.domain.inputs import Labels, labels_of
from starrating.interchange.ratings import COLUMNS, rating_chunks, read_ratings
from starrating.interchange.writing import write_all
from tests.interchange.base import file_with, said


def test_a_column_is_texts_or_labels() -> None:
    level = Labels(np.array([1, -1, 0], np.int32), ("none", "five"))
    text = "".join(rating_chunks({"unit": ["a", "b", "c"], "level": level}))
    assert text == "unit,level\na,five\nb,\nc,none\n"


@given(st.lists(st.tuples(st.text('ab",\n;村 '), st.text('ab",\n;')), max_size=20))
def test_quotes_stand_only_where_they_must(rows: list[tuple[str, str]]) -> None:
    columns: dict[str, list[str] | Labels] = {
        "unit": [unit for unit, _ in rows],
        "reasons": labels_of([reason for _, reason in rows]),
    }
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([("unit", "reasons"), *rows])
    assert "".join(rating_chunks(columns)) == out.getvalue()


def test_many_rows_come_in_pieces_and_all() -> None:
    units = [f"u{at}" for at in range(40_000)]
    assert "".join(rating_chunks({"unit": units})) == "unit\n" + "\n".join(units) + "\n"


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    columns = {name: ["a,b", 'c"d'] if name == "unit" else ["", "x;y"] for name in COLUMNS}
    write_all({path: rating_chunks(columns)})
    ratings = read_ratings(path)
    assert list(ratings) == ["a,b", 'c"d']
    assert list(ratings["a,b"]) == list(COLUMNS)
    assert ratings['c"d']["reasons"] == "x;y"
    assert ratings["a,b"]["reasons"] == ""


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [("name\na\n", "missing_column", None), ("unit\na\na\n", "duplicate_unit", 3), ("unit,x\n,1\n", "blank_unit", 2)],
)
def test_bad_ratings_are_refused(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    with pytest.raises(FilesRefused) as refused:
        read_ratings(file_with(tmp_path, text))
    (fault,) = said(refused.value)
    assert (fault.code, fault.line) == (code, line)


def test_no_rows_are_no_fault(tmp_path: Path) -> None:
    assert read_ratings(file_with(tmp_path, "unit,level\n")) == {}
