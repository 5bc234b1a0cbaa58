"""Files that are no scheme, or mean harm: refused quickly, in little memory, with a line where there is one."""

import os
import tracemalloc
from pathlib import Path

import pytest

from tests.schemes.base import BASE, changed, faults_at, faults_of, written

FILE_FAULTS = {
    "scheme.file_missing",
    "scheme.not_a_file",
    "scheme.file_unreadable",
    "scheme.file_too_big",
    "scheme.gb18030",
    "scheme.not_utf8",
}

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

TEXT_FAULTS: dict[str, tuple[str, int]] = {
    "scheme.file_empty": ("# 只有注释\n", 1),
    "scheme.control_character": ("a: 1\r\nb: 甲\x00乙\n", 2),
    "scheme.syntax": ("%YAML 7.7\n---\na: 1\n", 1),
    "scheme.special_character": ("a: 1\nb: %10\n", 2),
    "scheme.colon": ("a:1\nb: 2\n", 2),
    "scheme.unclosed": ("a: 1\nb: [1, 2\nc: 3\n", 3),
    "scheme.indentation": ("- a\nb: 1\n", 2),
    "scheme.tab": ("a:\n\t- 1\n", 2),
    "scheme.several_documents": ("a: 1\n---\nb: 1\n", 2),
    "scheme.too_deep": ("a: " + "[" * 65 + "]" * 65 + "\n", 1),
    "scheme.too_many_nodes": (BOMB, 6),
    "scheme.alias_loop": ("a: 1\nb: &b [1, *b]\n", 2),
    "scheme.unknown_alias": ("a: 1\nb: *a\n", 2),
    "scheme.tag": ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2),
    "scheme.root_not_map": ("\n- 1\n", 2),
    "scheme.merge_key": (changed("max: 60}", "<<: {max: 60}}"), 12),
    "scheme.key_not_text": (changed("year: 2024", "year: 2024\n? [a]\n: 1"), 5),
    "scheme.duplicate_key": (changed("year: 2024", "year: 2024\ncode: other"), 5),
}


@pytest.mark.parametrize("code", TEXT_FAULTS)
def test_the_text_is_refused_with_its_line(tmp_path: Path, code: str) -> None:
    text, line = TEXT_FAULTS[code]
    assert [(fault.code, fault.line) for fault in faults_of(tmp_path, text)] == [(code, line)]


@pytest.mark.parametrize(
    ("raw", "code", "line"),
    [
        (BASE.encode("gb18030"), "scheme.gb18030", 3),
        (b"format: starrating/1\ntitle: \xff\xff\n", "scheme.not_utf8", 2),
        (BASE.encode("utf-16"), "scheme.not_utf8", 1),
        (b"a: \xed\xa0\x80\n", "scheme.not_utf8", 1),
        (b"", "scheme.file_empty", 1),
        (b"a: 1\n" * 2_000_000, "scheme.file_too_big", None),
        (b"a: 1\nb: 1\xe2\x80\xa8\n", "scheme.control_character", 2),
        (b'a: 1\nb: "\\x00"\n', "scheme.control_character", 2),
        (b'a: 1\nb: "\\u2028"\n', "scheme.control_character", 2),
        (b"a: 1\nb: \xef\xbb\xbf1\n", "scheme.control_character", 2),
        (b"%YAML 7.7\n---\na: 1\n", "scheme.syntax", 1),
        (b"a: !!str 1\n", "scheme.tag", 1),
        (b"a: ! 1\n", "scheme.tag", 1),
        (b"{" * 100_000, "scheme.too_deep", 1),
        (b"- " * 100_000, "scheme.too_deep", 1),
        (b"[" * 1_000_000, "scheme.too_deep", 1),
        (b"a: 'x\n", "scheme.unclosed", 2),
        (b"a:\n  b: 1\n c: 1\n", "scheme.indentation", 3),
        (b"a: 1\nb\nc: 1\n", "scheme.indentation", 3),
        (b"a:\n  b: 1\n\tc: 1\n", "scheme.tab", 3),
        (b"x", "scheme.root_not_map", 1),
    ],
)
def test_the_bytes_are_refused(tmp_path: Path, raw: bytes, code: str, line: int | None) -> None:
    assert [(fault.code, fault.line) for fault in faults_of(tmp_path, raw)] == [(code, line)]


def test_utf16_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "a: 1\n".encode("utf-16"))[0].code == "scheme.not_utf8"


def test_a_missing_file_and_a_directory(tmp_path: Path) -> None:
    assert [fault.code for fault in faults_at(tmp_path / "none.yaml")] == ["scheme.file_missing"]
    assert [fault.code for fault in faults_at(tmp_path)] == ["scheme.not_a_file"]
    file = written(tmp_path, BASE)
    assert [fault.code for fault in faults_at(file / "scheme.yaml")] == ["scheme.file_unreadable"]
    assert [fault.code for fault in faults_at(tmp_path / ("a" * 300))] == ["scheme.file_unreadable"]
    assert [fault.code for fault in faults_at(Path("a\x00b"))] == ["scheme.file_unreadable"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert [fault.code for fault in faults_at(tmp_path / "pipe.yaml")] == ["scheme.not_a_file"]


def test_a_bomb_takes_little_memory(tmp_path: Path) -> None:
    path = written(tmp_path, BOMB)
    tracemalloc.start()
    faults = faults_at(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [fault.code for fault in faults] == ["scheme.too_many_nodes"]
    assert peak < 5_000_000


def test_depth_counts_through_aliases(tmp_path: Path) -> None:
    text = f"a: &a {'[' * 40}{']' * 40}\nb: {'[' * 40}*a{']' * 40}\n"
    assert [(fault.code, fault.line) for fault in faults_of(tmp_path, text)] == [("scheme.too_deep", 2)]


def test_a_file_just_under_the_limits_is_told_its_faults(tmp_path: Path) -> None:
    text = "a: [" + "{b: 1}, " * 60_000 + "]\n"
    assert len(faults_of(tmp_path, text)) > 1


def test_faults_before_the_syntax_ends_are_told_too(tmp_path: Path) -> None:
    assert [fault.code for fault in faults_of(tmp_path, "a: 1\na: 2\nb: [\n")] == [
        "scheme.duplicate_key",
        "scheme.unclosed",
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(tmp_path: Path, end: str) -> None:
    text = changed("year: 2024", "year: 二〇二四").replace("\n", end)
    assert [(fault.code, fault.line) for fault in faults_of(tmp_path, text)] == [("scheme.not_number", 4)]


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    assert faults_of(tmp_path, b"\xef\xbb\xbf" + BASE.encode("utf-8")) == ()
