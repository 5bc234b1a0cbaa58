import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from starrating.domain.faults import FilesRefused
from starrating.interchange.writing import write_all
from tests.interchange.base import said

ROOT = Path(__file__).resolve().parents[2]


def refused(files: dict) -> list[tuple[str, str]]:
    with pytest.raises(FilesRefused) as caught:
        write_all(files)
    return [(fault.code, fault.file) for fault in said(caught.value)]


def python(code: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, **options)  # type: ignore[call-overload]


def test_all_files_are_written_in_utf_8_as_they_are(tmp_path: Path) -> None:
    write_all({tmp_path / "a": ["村\n", "b\r\n"], tmp_path / "b": iter(["x"])})
    assert (tmp_path / "a").read_bytes() == "村\nb\r\n".encode()
    assert (tmp_path / "b").read_bytes() == b"x"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_nothing_changes_where_a_later_text_fails(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")

    def failing() -> Iterator[str]:
        yield "new"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_all({tmp_path / "a": ["new"], tmp_path / "b": failing()})
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text() == "old"


def test_a_disk_that_is_full_is_a_fault_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert refused({tmp_path / "a": ["new"]}) == [("disk_full", str(tmp_path / "a"))]
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_names_that_cannot_be_written_are_refused_and_the_other_file_is_untouched(tmp_path: Path) -> None:
    good = tmp_path / "good"
    good.write_text("old")
    folder = tmp_path / "folder"
    folder.mkdir()
    assert refused({good: ["new"], folder: ["x"]}) == [("is_a_folder", str(folder))]
    assert refused({good: ["new"], tmp_path / "no" / "b": ["x"]}) == [("no_such_folder", str(tmp_path / "no" / "b"))]
    assert refused({good: ["new"], good / "b": ["x"]}) == [("no_such_folder", str(good / "b"))]
    long = tmp_path / ("x" * 300)
    assert refused({good: ["new"], long: ["x"]}) == [("unwritable", str(long))]
    assert good.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "good"]


def test_a_name_that_fills_the_limit_is_fine(tmp_path: Path) -> None:
    write_all({tmp_path / ("x" * 255): ["x"]})
    assert len(list(tmp_path.iterdir())) == 1


def test_one_file_is_not_written_twice(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert refused({tmp_path / "a": ["x"], tmp_path / "link": ["y"]}) == [("written_twice", str(tmp_path / "a"))]
    assert [path.name for path in tmp_path.iterdir()] == ["link"]


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    real, link = tmp_path / "folder" / "real", tmp_path / "link"
    real.write_text("old")
    link.symlink_to(real)
    write_all({link: ["new"]})
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_all({tmp_path / "a": ["x"]})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_standard_output_gets_everything_at_the_end(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_all({None: ["村\n", "b\n"], tmp_path / "a": ["x"]})
    assert capfd.readouterr().out == "村\nb\n"
    assert refused({None: ["gone"], tmp_path / "no" / "a": ["x"]})
    assert capfd.readouterr().out == ""


def test_standard_output_without_a_number_gets_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    write_all({None: ["村\n"]})
    assert capsys.readouterr().out == "村\n"


def test_named_streams_are_written_to_and_not_replaced(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_all({Path("/dev/stdout"): ["x\n"], Path("/dev/null"): ["y\n"]})
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert refused({Path("/dev/full"): ["x"], tmp_path / "a": ["x"]}) == [("disk_full", "/dev/full")]
    assert list(tmp_path.iterdir()) == []


def test_appending_to_a_file_through_dev_stdout_keeps_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("old\n")
    code = (
        "from pathlib import Path; from starrating.interchange.writing import write_all; write_all({NAME: ['new\\n']})"
    )
    for name in ("None", "Path('/dev/stdout')"):
        with log.open("ab") as out:
            assert python(code.replace("NAME", name), stdout=out).returncode == 0
    assert log.read_text() == "old\nnew\nnew\n"


def test_standard_output_that_is_full_is_a_fault_and_one_that_is_gone_is_none() -> None:
    code = (
        "from starrating.interchange.writing import write_all\n"
        "from starrating.domain.faults import FilesRefused\n"
        "try:\n    write_all({None: ['x' * 1000] * 1000})\n"
        "except FilesRefused as refused:\n    raise SystemExit(refused.faults[0].code)\n"
    )
    with Path("/dev/full").open("wb") as out:
        full = python(code, stdout=out, stderr=subprocess.PIPE)
    assert (full.returncode, full.stderr) == (1, b"disk_full\n")
    reading, writing_end = os.pipe()
    os.close(reading)
    gone = python(code, stdout=writing_end, stderr=subprocess.PIPE)
    os.close(writing_end)
    assert (gone.returncode, gone.stderr) == (0, b"")
