"""A scheme that starts from another: what merges, what replaces, what is taken out, and whose line a fault names."""

from pathlib import Path

import pytest

from starrating.schemes.reader import read_scheme
from tests.schemes.base import BASE, faults_at, read, written

EXTENDING_FAULTS = {
    "scheme.extends_path",
    "scheme.extends_missing",
    "scheme.extends_circle",
    "scheme.extends_too_long",
    "scheme.remove_unknown",
    "scheme.remove_alone",
}


def extending(folder: Path, own: str, base: str = BASE) -> Path:
    written(folder, base, "base.yaml")
    return written(folder, f"extends: base.yaml\n{own}", "district/../scheme.yaml".replace("district/../", ""))


def told(path: Path) -> list[tuple[str, str, int | None]]:
    return [(fault.code, Path(fault.file).name, fault.line) for fault in faults_at(path)]


def test_nothing_of_its_own_is_the_base(tmp_path: Path) -> None:
    loaded = read_scheme(extending(tmp_path, ""))
    assert loaded.digest == read(tmp_path / "alone", BASE).digest
    assert loaded.files == (tmp_path / "scheme.yaml", tmp_path / "base.yaml")


def test_maps_merge_and_scalars_and_lists_replace(tmp_path: Path) -> None:
    own = "title: 某区\nallocation:\n  rank_by: [total]\n  levels: {five: {min: 85}}\n"
    scheme = read_scheme(extending(tmp_path, own)).scheme
    changed = BASE.replace("基本方案", "某区").replace("[total, points.A]", "[total]").replace("min: 90", "min: 85")
    assert scheme == read(tmp_path / "alone", changed).scheme


def test_coded_things_merge_in_their_place_and_new_ones_come_after(tmp_path: Path) -> None:
    own = (
        "full_score: {remove: true}\n"
        "indicators:\n"
        "  - {code: G, children: [{code: D, name: 丁, method: direct, max: 5}, {code: B, options: {中: 5}}]}\n"
        "  - {code: X, name: 新, kind: bonus, method: direct, max: 5}\n"
        "overrides:\n  - {code: new, name: 新, when: {flag.x: 1}, effect: {drop: 1}}\n"
    )
    scheme = read_scheme(extending(tmp_path, own)).scheme
    assert [node.code for node in scheme.nodes()] == ["A", "G", "B", "C", "D", "X"]
    method = scheme.node("B").leaf
    assert method is not None
    assert list(method.method.options) == ["优", "良", "中"]  # type: ignore[union-attr]
    assert [override.code for override in scheme.overrides] == ["weak", "new"]
    assert scheme.full_score is None


def test_inherited_things_and_keys_can_be_taken_out(tmp_path: Path) -> None:
    own = (
        "full_score: 80\n"
        "indicators: [{code: G, children: [{code: B, remove: true}]}]\n"
        "allocation: {bottom: {remove: true}}\n"
        "consequences: [{code: talk, remove: true}]\n"
    )
    scheme = read_scheme(extending(tmp_path, own)).scheme
    assert [node.code for node in scheme.nodes()] == ["A", "G", "C"]
    assert scheme.allocation.bottom is None  # type: ignore[union-attr]
    assert scheme.consequences == ()


def test_an_empty_list_takes_nothing_out(tmp_path: Path) -> None:
    """Lists merge by code: what is not named stays."""
    scheme = read_scheme(extending(tmp_path, "consequences: []\n")).scheme
    assert [entry.code for entry in scheme.consequences] == ["talk"]


def test_a_leaf_can_become_another(tmp_path: Path) -> None:
    own = "indicators: [{code: A, method: count, each: -1, start: 60, max: {remove: true}}]\n"
    assert read_scheme(extending(tmp_path, own)).scheme.node("A").high == 60


def test_the_way_it_is_spread_over_files_does_not_change_the_digest(tmp_path: Path) -> None:
    (tmp_path / "city" / "district").mkdir(parents=True)
    written(tmp_path, BASE.replace("title: 基本方案", "title: 市"), "city/base.yaml")
    written(tmp_path, "extends: ../base.yaml\ntitle: 基本方案\n", "city/district/scheme.yaml")
    loaded = read_scheme(tmp_path / "city" / "district" / "scheme.yaml")
    assert loaded.digest == read(tmp_path, BASE).digest


@pytest.mark.parametrize(
    "named",
    ["/etc/base.yaml", "C:\\base.yaml", "C:base.yaml", "https://host/base.yaml", "~/base.yaml", "a\\b", "[a]", '""'],
)
def test_only_a_plain_relative_path_is_followed(tmp_path: Path, named: str) -> None:
    assert told(written(tmp_path, f"format: starrating/1\nextends: {named}\n")) == [
        ("scheme.extends_path", "scheme.yaml", 2)
    ]


def test_a_missing_base_is_named_where_it_is_asked_for(tmp_path: Path) -> None:
    assert told(written(tmp_path, "title: 甲\nextends: nowhere.yaml\n")) == [
        ("scheme.extends_missing", "scheme.yaml", 2)
    ]


def test_a_circle_names_its_files(tmp_path: Path) -> None:
    written(tmp_path, "extends: b.yaml\n", "a.yaml")
    written(tmp_path, "extends: ./c.yaml\n", "b.yaml")
    written(tmp_path, "extends: a.yaml\n", "c.yaml")
    (fault,) = faults_at(tmp_path / "a.yaml")
    assert (fault.code, Path(fault.file).name, fault.line) == ("scheme.extends_circle", "c.yaml", 1)
    assert all(name in fault.facts["files"] for name in ("a.yaml", "b.yaml", "c.yaml"))


def test_a_file_that_extends_itself_is_a_circle(tmp_path: Path) -> None:
    assert told(written(tmp_path, "extends: scheme.yaml\n")) == [("scheme.extends_circle", "scheme.yaml", 1)]


@pytest.mark.parametrize(("files", "fits"), [(8, True), (9, False)])
def test_at_most_eight_files(tmp_path: Path, files: int, fits: bool) -> None:
    written(tmp_path, BASE, "1.yaml")
    for number in range(2, files + 1):
        written(tmp_path, f"extends: {number - 1}.yaml\n", f"{number}.yaml")
    expected = [] if fits else [("scheme.extends_too_long", "2.yaml", 1)]
    assert told(tmp_path / f"{files}.yaml") == expected


def test_a_fault_is_named_where_it_was_written(tmp_path: Path) -> None:
    own = "indicators:\n  - {code: A,\n     max: 61}\noverrides: [{code: weak, effect: {cap: four}}]\n"
    faulty = BASE.replace("days: 5", "days: 五")
    assert told(extending(tmp_path, own, faulty)) == [
        ("scheme.full_score", "base.yaml", 10),
        ("scheme.not_number", "base.yaml", 30),
        ("scheme.unknown_level", "scheme.yaml", 5),
    ]


def test_what_is_not_there_cannot_be_taken_out(tmp_path: Path) -> None:
    own = "overrides: [{code: nix, remove: true}]\nlevels:\n  - {code: six, remove: true}\nnotes: {remove: true}\n"
    assert told(extending(tmp_path, own)) == [
        ("scheme.remove_unknown", "scheme.yaml", 2),
        ("scheme.remove_unknown", "scheme.yaml", 4),
        ("scheme.remove_unknown", "scheme.yaml", 5),
    ]


@pytest.mark.parametrize("item", ["{code: weak, remove: yes}", "{code: weak, name: 甲, remove: true}"])
def test_what_is_taken_out_stands_alone(tmp_path: Path, item: str) -> None:
    assert told(extending(tmp_path, f"overrides: [{item}]\n")) == [("scheme.remove_alone", "scheme.yaml", 2)]


def test_a_code_twice_in_one_file_is_not_merged(tmp_path: Path) -> None:
    item = "{code: new, name: 新, when: {flag.x: 1}, effect: {drop: 1}}"
    assert told(extending(tmp_path, f"overrides:\n  - {item}\n  - {item}\n")) == [
        ("scheme.override_twice", "scheme.yaml", 4)
    ]


def test_a_faulty_base_is_told_with_its_own_name(tmp_path: Path) -> None:
    assert told(extending(tmp_path, "", "a: [\n")) == [("scheme.unclosed", "base.yaml", 2)]
