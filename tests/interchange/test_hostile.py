"""Files that want to use up time or memory are refused at once, in a process of their own that is measured."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_MEMORY = 200_000
"""In kB."""
CODE = """
import re, sys
from pathlib import Path
from starrating.domain.faults import FilesRefused
from starrating.interchange.table import CellKind, read_table
try:
    read_table(sys.argv[1], lambda header: dict.fromkeys(header, CellKind.WORD))
except FilesRefused as refused:
    # not ru_maxrss, which begins with what the parent of the process once used
    peak = re.search(r"VmHWM:\\s*([0-9]+) kB", Path("/proc/self/status").read_text())[1]
    print(refused.faults[0].code, refused.faults[0].line, peak)
"""


def refusal(path: str | Path) -> tuple[str, str]:
    run = subprocess.run(
        [sys.executable, "-c", CODE, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=5, check=True
    )
    code, line, memory = run.stdout.split()
    assert int(memory) < MOST_MEMORY
    return code, line


@pytest.mark.parametrize(
    ("start", "fill", "expected"),
    [
        (b"", b"", ("nul_byte", "1")),
        (b"unit,V1\na,1\n", b"", ("nul_byte", "3")),
        (b"", b"a" * 3_000_000, ("line_too_long", "1")),
        (b"unit,V1\na,", b"1" * 3_000_000, ("line_too_long", "2")),
        (b'unit,V1\na,"', b"1\n" * 3_000_000, ("broken_quote", "2")),
        (b'unit,V1\na,"', b'""' * 3_000_000, ("line_too_long", "2")),
        (b"unit,V1\n", b"," * 3_000_000, ("line_too_long", "2")),
        (b"unit,V1\n", b"x\n" * 3_000_000, ("too_few_cells", "2")),
    ],
)
def test_ten_gigabytes_are_not_read(tmp_path: Path, start: bytes, fill: bytes, expected: tuple[str, str]) -> None:
    path = tmp_path / "t.csv"
    with path.open("wb") as file:
        file.write(start + fill)
        file.truncate(10 << 30)
    assert refusal(path) == expected


def test_an_endless_file_is_not_read() -> None:
    assert refusal("/dev/zero") == ("nul_byte", "1")


def test_a_parquet_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    with path.open("wb") as file:
        file.truncate(10 << 30)
    assert refusal(path)[0] == "not_parquet"
