"""`rate` as people run it: what is written, what is told, and that nothing is written when something is wrong."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from tests.support import CASES, ROOT, rate_rows, run_rate, scheme_text, write

SCHEME = scheme_text(
    """full_score: 20
indicators:
  - {code: A, name: 甲, method: direct, max: 10, step: 0.5}
  - {code: B, name: 乙, method: choice, options: {优: 10, 差: 0}}
allocation: {pool: [district], levels: {five: {quota: 1, min: 15}, four: {}}}
"""
)
SCORES = "unit,kind,district,A,B\nv2,village,东区,9.5,优\nv1,village,东区,9,优\nv3,village,西区,3,差\n"


def starrating(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "starrating", *arguments],
        cwd=cwd or ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        check=False,
    )


def test_without_out_the_ratings_are_printed(tmp_path: Path) -> None:
    paths = write(tmp_path, scheme__yaml=SCHEME, scores__csv=SCORES)
    result = starrating("rate", str(paths["scheme"]), str(paths["scores"]))
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode() == (
        "unit,status,total,rank,pool,level,previous,change,reasons,consequences\n"
        "v1,rated,19.00,2,东区,four,,,quota:five,\n"
        "v2,rated,19.50,1,东区,five,,,,\n"
        "v3,rated,3.00,1,西区,four,,,min:five,\n"
    )


@pytest.mark.parametrize("locale", ["C", "POSIX", "zh_CN.UTF-8", "tr_TR.UTF-8"])
def test_locale_zone_and_hash_seed_change_no_byte(tmp_path: Path, locale: str) -> None:
    paths = write(tmp_path, scheme__yaml=SCHEME, scores__csv=SCORES)
    arguments = ("rate", str(paths["scheme"]), str(paths["scores"]))
    plain = starrating(*arguments)
    other = starrating(*arguments, LANG=locale, LC_ALL=locale, TZ="Pacific/Kiritimati", PYTHONHASHSEED="7")
    assert (other.returncode, other.stdout) == (0, plain.stdout)


def test_units_get_their_own_values_whatever_the_order(tmp_path: Path) -> None:
    lines = [f"{name},village,东区,{points},优" for name, points in (("v3", 1), ("v1", 2), ("v10", 3), ("v2", 4))]
    rows = rate_rows(tmp_path, SCHEME, "\n".join(["unit,kind,district,A,B", *lines, ""]))
    assert [(row["unit"], row["total"]) for row in rows] == [
        ("v1", "12.00"),
        ("v10", "13.00"),
        ("v2", "14.00"),
        ("v3", "11.00"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("9.5,优", "9.25,优", 2, "v2的A是9.25，不在步长上。请填0.5的整数倍。"),
        ("9.5,优", "10.5,优", 2, "v2的A是10.5，超出了范围。请填0到10之间的数。"),
        ("9.5,优", "-1,优", 2, "v2的A是-1，超出了范围"),
        ("9.5,优", ",优", 2, "v2的A（甲）没有填"),
        ("9.5,优", "１２,优", 2, "全角"),
        ("9.5,优", "1e1,优", 2, "科学计数法"),
        ("9.5,优", "NaN,优", 2, "不是数"),
        ("3,差", "3,良", 4, "v3的B是“良”，办法里没有这一档。请从这些里选：优、差。"),
        ("v1,village", "v2,village", 3, "v2"),
        ("v1,village", "v1,community", 3, "community"),
        ("v3,village,西区", "v3,village,", 4, "district"),
        (",A,B", ",A,C", 1, "B"),
        (",A,B", ",A,A", 1, "A"),
        ("9.5,优", '9.5,"优', 2, "引号"),
    ],
)
def test_a_wrong_input_is_named_with_its_line_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, line: int, told: str
) -> None:
    assert old in SCORES
    paths = write(tmp_path, scheme__yaml=SCHEME, scores__csv=SCORES.replace(old, new))
    out, explained = tmp_path / "ratings.csv", tmp_path / "explain.jsonl"
    assert run_rate(paths, out, explained) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [
        text for text in printed.err.splitlines() if text.startswith(f"{paths['scores']}:{line}: ") and told in text
    ]
    assert "Traceback" not in printed.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scheme.yaml", "scores.csv"]


def test_every_fault_is_listed_up_to_a_hundred(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"v{number},village,东区,11,良\n" for number in range(300))
    paths = write(tmp_path, scheme__yaml=SCHEME, scores__csv="unit,kind,district,A,B\n" + rows)
    assert run_rate(paths, tmp_path / "ratings.csv") == 2
    assert len(capsys.readouterr().err.splitlines()) == 100


def test_an_event_column_that_is_not_there_is_told_but_no_fault(tmp_path: Path) -> None:
    scheme = SCHEME + "overrides: [{code: x, name: 事故, when: {flag.accident: 1}, effect: {set: none}}]\n"
    paths = write(tmp_path, scheme__yaml=scheme, scores__csv=SCORES)
    result = starrating("rate", str(paths["scheme"]), str(paths["scores"]))
    assert result.returncode == 0
    assert "flag.accident" in result.stderr.decode()


def test_the_output_may_not_be_an_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = write(tmp_path, scheme__yaml=SCHEME, scores__csv=SCORES)
    assert run_rate(paths, paths["scores"]) == 2
    assert "盖掉" in capsys.readouterr().err
    assert paths["scores"].read_text(encoding="utf-8") == SCORES


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    paths = write(tmp_path, scheme__yaml=SCHEME, scores__csv=SCORES)
    result = starrating("rate", str(paths["scheme"]), str(paths["scores"]), "--out", "/dev/full")
    assert result.returncode == 2
    assert b"Traceback" not in result.stderr
    assert result.stderr.decode().startswith("/dev/full:1: ")


@pytest.mark.parametrize("name", ["composition", "vetoes-and-movement", "leaf-methods", "named-stars"])
def test_an_explanation_tells_what_the_ratings_say(tmp_path: Path, name: str) -> None:
    folder = CASES / name
    paths = {file.stem: file for file in folder.glob("*") if file.stem in ("scheme", "scores", "history")}
    out, explained = tmp_path / "ratings.csv", tmp_path / "explain.jsonl"
    assert run_rate(paths, out, explained) == 0
    rows = {line.split(",")[0]: line.split(",") for line in out.read_text(encoding="utf-8").splitlines()[1:]}
    lines = explained.read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(rows)
    for line in lines:
        told = json.loads(line)
        row = rows[told["unit"]]
        assert (told["total"] or "") == row[2]
        assert (told["level"] or "") == row[5]
        assert ";".join(told["reasons"]) == row[8]
        if told["status"] == "rated":
            assert total_from(told["nodes"]) == Fraction(told["total"])


def total_from(nodes: list[dict[str, str | None]]) -> Fraction:
    """The total added up again from the roots' points, as a person would."""
    children = {child for node in nodes for child in node["children"] or ()}
    total = Fraction(0)
    for node in nodes:
        if node["code"] not in children:
            points = Fraction(node["points"] or 0) * Fraction(node["scale"] or 1)
            total += -points if node["kind"] == "penalty" else points
    hundredths = total * 100 + Fraction(1, 2)
    return Fraction(hundredths.numerator // hundredths.denominator, 100)


def test_help_names_every_command() -> None:
    said = starrating("--help").stdout.decode()
    assert all(command in said for command in ("rate", "check", "explain", "compare", "audit"))
    assert starrating("rate").returncode == 2
    assert "还缺" in starrating("rate").stderr.decode()
