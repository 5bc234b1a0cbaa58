"""Where a cycle's schemes come from: the demonstration's files, an uploaded text, the text kept with a cycle."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from shutil import copyfile

from starrating.domain.faults import FileFault, FilesRefused, RuleError
from starrating.schemes.files import MAX_BYTES, read_text
from starrating.schemes.reader import ReadScheme, read_scheme
from starrating.schemes.tree import Map, Scalar, Unreadable, parse

FOLDER = Path(str(files("starrating.schemes"))) / "demo"
UPLOADED = "办法.yaml"


@dataclass(frozen=True, slots=True)
class DemoScheme:
    """A demonstration scheme that a district can begin with."""

    name: str
    title: str
    year: int
    kinds: tuple[str, ...]


@lru_cache(maxsize=1)
def demo_schemes() -> tuple[DemoScheme, ...]:
    """The demonstration schemes, the newest year first."""
    found = [_described(path) for path in sorted(FOLDER.glob("*.yaml"))]
    return tuple(sorted(found, key=lambda one: (-one.year, one.name)))


def read_demo(name: str, year: int) -> ReadScheme:
    """A demonstration scheme as the scheme of a year; refused where there is none of that name."""
    if name not in {path.name for path in FOLDER.glob("*.yaml")}:
        raise RuleError("cycle.no_scheme")
    own = read_scheme(FOLDER / name)
    if own.scheme.year == year:
        return own
    return _read(f"format: starrating/1\nextends: {name}\nyear: {year}\n")


def read_uploaded(raw: bytes) -> ReadScheme:
    """A scheme that somebody sent, `FilesRefused` with every fault by line; it may extend a shipped scheme only."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / UPLOADED
        path.write_bytes(raw[: MAX_BYTES + 1])
        try:
            root, _ = parse(read_text(path), UPLOADED)
        except Unreadable as unreadable:
            raise FilesRefused(_named(unreadable.faults)) from None
        _refuse_other_files(root)
        return _read_in(Path(folder), path)


@lru_cache(maxsize=128)
def read_kept(text: str) -> ReadScheme:
    """A scheme from the canonical text kept with a cycle."""
    return _read(text)


def read_supposed(text: str) -> ReadScheme:
    """A scheme that somebody only tries: read and checked like any other, remembered nowhere."""
    return _read(text)


def _described(path: Path) -> DemoScheme:
    scheme = read_scheme(path).scheme
    return DemoScheme(path.name, scheme.title, scheme.year, scheme.applies_to)


def _read(text: str) -> ReadScheme:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / UPLOADED
        path.write_text(text, encoding="utf-8")
        return _read_in(Path(folder), path)


def _read_in(folder: Path, path: Path) -> ReadScheme:
    for base in FOLDER.glob("*.yaml"):
        copyfile(base, folder / base.name)
    try:
        return read_scheme(path)
    except FilesRefused as refused:
        raise FilesRefused(_named(refused.faults)) from None


def _named(faults: tuple[FileFault, ...] | list[FileFault]) -> Iterator[FileFault]:
    """The faults with the files' names alone: nobody needs to know where they lay."""
    for fault in faults:
        facts = {key: _short(value) for key, value in fault.facts.items()}
        yield FileFault(fault.code, Path(fault.file).name, fault.line, facts)


def _short(value: object) -> object:
    return value.rpartition("/")[2] if isinstance(value, str) and value.startswith(tempfile.gettempdir()) else value


def _refuse_other_files(root: object) -> None:
    entry = root.entries.get("extends") if isinstance(root, Map) else None
    if entry is None:
        return
    written = entry.node.text.strip() if isinstance(entry.node, Scalar) else ""
    if written not in {path.name for path in FOLDER.glob("*.yaml")}:
        raise FilesRefused([FileFault("scheme.extends_path", UPLOADED, entry.place.line, {"written": written[:60]})])
