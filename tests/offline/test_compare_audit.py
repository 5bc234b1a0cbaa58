"""`compare` and `audit`: what changed and why, and every published row that does not follow from its own rule."""

from pathlib import Path

import pytest

from starrating.offline.command import main
from tests.support import CASES

FOLDER = CASES / "composition"
SCHEME, SCORES, EXPECTED = (str(FOLDER / name) for name in ("scheme.yaml", "scores.csv", "expected.csv"))


def changed(folder: Path, *changes: tuple[str, str]) -> str:
    text = (FOLDER / "expected.csv").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "published.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_same_ratings_do_not_differ(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", EXPECTED, EXPECTED]) == 0
    assert "没变7个" in capsys.readouterr().out


def test_stars_totals_and_units_that_changed_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    after = changed(
        tmp_path,
        ("v2,rated,94.19,4,宝坻区,four,,,quota:five", "v2,rated,94.40,3,宝坻区,five,,,"),
        ("94.33,3", "94.33,4"),
        ("v7,rated,96.64,2,宝坻区,five,,,,\n", "v8,void,,,,,,,void:new,\n"),
    )
    assert main(["compare", EXPECTED, after]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "原来7个单位，现在7个：星级变了1个，只是分数、名次等变了1个，没变4个。"
    assert "只在原来的结果里（1个）：v7" in said
    assert "只在现在的结果里（1个）：v8" in said
    assert "  v2  four → five  总分 94.19 → 94.40  名次 4 → 3" in said
    assert "      原来：名额已满 quota:five；现在：没有什么拦着" in said
    assert "  v4  名次 3 → 4" in said


def test_an_honest_list_follows_from_its_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", SCHEME, SCORES, EXPECTED]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "每一行都对得上。"


@pytest.mark.parametrize("name", [path.name for path in CASES.iterdir() if (path / "expected.csv").exists()])
def test_every_case_follows_from_its_rule(name: str) -> None:
    folder = CASES / name
    history = ["--history", str(folder / "history.csv")] if (folder / "history.csv").exists() else []
    files = [str(folder / file) for file in ("scheme.yaml", "scores.csv", "expected.csv")]
    assert main(["audit", *files, *history]) == 0


def test_a_row_that_does_not_follow_is_named_with_what_is_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = changed(
        tmp_path, ("61.84,7,宝坻区,three", "61.84,7,宝坻区,four"), ("v7,rated", "v9,rated"), ("88.88,5", "88.89,5")
    )
    assert main(["audit", SCHEME, SCORES, published]) == 1
    said = capsys.readouterr().out.splitlines()[1:]
    assert said == [
        "v5：星级公布“four”，按办法是“three”（缘由：不到分数线 min:five，不到分数线 min:four）",
        "v6：总分公布“88.89”，按办法是“88.88”（缘由：不到分数线 min:five）",
        "v7：得分表里有这个单位，名单上没有。",
        "v9：得分表里没有这个单位，名单上却有。",
        "有4行对不上，见上。",
    ]


def test_only_the_columns_that_are_published_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published = tmp_path / "published.csv"
    published.write_text(
        "unit,level\nv1,five\nv2,four\nv3,three\nv4,four\nv5,three\nv6,four\nv7,four\n", encoding="utf-8"
    )
    assert main(["audit", SCHEME, SCORES, str(published)]) == 1
    assert "v7：星级公布“four”，按办法是“five”" in capsys.readouterr().out


def test_a_list_without_a_column_to_check_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published = tmp_path / "published.csv"
    published.write_text("unit,name\nv1,甲\n", encoding="utf-8")
    assert main(["audit", SCHEME, SCORES, str(published)]) == 2
    assert capsys.readouterr().err.startswith(f"{published}:1: ")
