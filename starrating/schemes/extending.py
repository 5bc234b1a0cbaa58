"""`extends`: a scheme that starts from another file; maps merge, lists of coded things merge by code.

The lists of coded things are `levels`, `indicators`, `children`, `overrides` and `consequences`. A thing of the same
code is merged key by key in the base's position, a new one comes after; an empty list takes nothing out, and
any other list replaces it. `{code: X, remove: true}` takes an inherited thing out, `key: {remove: true}` an inherited
key. Every node keeps the place where it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from starrating.domain.faults import FileFault, FilesRefused
from starrating.schemes.files import read_text
from starrating.schemes.tree import Entry, List, Map, Node, Scalar, Unreadable, parse

MAX_FILES = 8
MAX_FACT = 300
CODED_LISTS = frozenset(("levels", "indicators", "children", "overrides", "consequences"))

_NOT_RELATIVE = re.compile(r"^[/~]|\\|^[A-Za-z][\w+.\-]*:|\x00")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The merged tree of a file and those it extends; `files` begins with the file itself."""

    root: Map
    files: tuple[Path, ...]
    faults: tuple[FileFault, ...]


def load(path: Path) -> Loaded:
    """The merged tree of a scheme file; `FilesRefused` where a file of the chain cannot be read at all."""
    faults: list[FileFault] = []
    chain, files = _chain(path, faults)
    merged = chain[-1]
    for own in reversed(chain[:-1]):
        merged = _merge_maps(merged, own, faults)
    return Loaded(merged, tuple(files), tuple(faults))


def sorted_faults(faults: list[FileFault]) -> FilesRefused:
    """The refusal that names these faults, by file and line, each once and with facts that fit one line."""
    ordered = sorted(faults, key=lambda fault: (fault.file, fault.line or 0))[: 2 * FilesRefused.LIMIT]
    short = (replace(fault, facts={key: _one_line(fact) for key, fact in fault.facts.items()}) for fault in ordered)
    distinct = {(fault.code, fault.file, fault.line, *map(str, fault.facts.values())): fault for fault in short}
    return FilesRefused(distinct.values())


def _one_line(fact: str | int) -> str | int:
    if not isinstance(fact, str):
        return fact
    text = " ".join(fact.split())
    return text if len(text) <= MAX_FACT else f"{text[:MAX_FACT]}…"


def _chain(path: Path, faults: list[FileFault]) -> tuple[list[Map], list[Path]]:
    """The trees of the file, its base, the base's base …, without their `extends`."""
    chain: list[Map] = []
    files: list[Path] = []
    seen: list[Path] = []
    current: Path | None = path
    asked: FileFault | None = None
    while current is not None:
        root = _tree(current, faults, asked)
        resolved = current.resolve()
        if resolved in seen and asked is not None:
            circle = " → ".join(str(file) for file in [*files[seen.index(resolved) :], current])
            raise sorted_faults([*faults, replace(asked, code="scheme.extends_circle", facts={"files": circle})])
        if len(files) == MAX_FILES and asked is not None:
            raise sorted_faults([*faults, replace(asked, code="scheme.extends_too_long", facts={"limit": MAX_FILES})])
        chain.append(root)
        files.append(current)
        seen.append(resolved)
        current, asked = _base_of(root, current, faults)
    return [_without_extends(root) for root in chain], files


def _tree(path: Path, faults: list[FileFault], asked: FileFault | None) -> Map:
    try:
        root, found = parse(read_text(path), str(path))
    except Unreadable as unreadable:
        missing = asked is not None and unreadable.faults[-1].code == "scheme.file_missing"
        raise sorted_faults([*faults, *([asked] if missing and asked else unreadable.faults)]) from None
    faults.extend(found)
    if isinstance(root, Map):
        return root
    raise sorted_faults([*faults, FileFault("scheme.root_not_map", str(path), root.place.line)])


def _base_of(root: Map, path: Path, faults: list[FileFault]) -> tuple[Path | None, FileFault | None]:
    """The file that this one extends, and the fault to report where there is none."""
    entry = root.entries.get("extends")
    if entry is None:
        return None, None
    file, line = entry.place.file, entry.place.line
    written = entry.node.text.strip() if isinstance(entry.node, Scalar) else ""
    if not written or _NOT_RELATIVE.search(written):
        raise sorted_faults([*faults, FileFault("scheme.extends_path", file, line, {"written": written})])
    base = path.parent / written
    return base, FileFault("scheme.extends_missing", file, line, {"base": str(base)})


def _without_extends(root: Map) -> Map:
    return replace(root, entries={key: entry for key, entry in root.entries.items() if key != "extends"})


def _merge_maps(base: Map, own: Map, faults: list[FileFault]) -> Map:
    entries = dict(base.entries)
    for key, entry in own.entries.items():
        if not _asks_removal(entry.node):
            entries[key] = Entry(entry.place, _merge(key, base.entries.get(key), entry.node, faults))
        elif key in entries:
            del entries[key]
        else:
            faults.append(FileFault("scheme.remove_unknown", entry.place.file, entry.place.line, {"name": key}))
    return Map(entries, own.place, base.doubtful | own.doubtful)


def _merge(key: str, inherited: Entry | None, own: Node, faults: list[FileFault]) -> Node:
    base = inherited.node if inherited is not None else None
    if isinstance(own, Map):
        return _merge_maps(base if isinstance(base, Map) else Map({}, own.place), own, faults)
    if isinstance(own, List) and key in CODED_LISTS:
        return _merge_lists(base if isinstance(base, List) else List((), own.place), own, faults)
    return own


def _merge_lists(base: List, own: List, faults: list[FileFault]) -> List:
    """Coded things by code; one that a file names twice stays there twice, for the check to find."""
    items: list[Node | None] = list(base.items)
    positions: dict[str, int] = {}
    for index, item in enumerate(base.items):
        positions.setdefault(_code(item), index)
    for item in own.items:
        code = _code(item)
        position = positions.pop(code, None) if code else None
        if not isinstance(item, Map) or not code:
            items.append(item)
        elif "remove" not in item.entries:
            inherited = items[position] if position is not None else None
            merged = _merge_maps(inherited if isinstance(inherited, Map) else Map({}, item.place), item, faults)
            if position is None:
                items.append(merged)
            else:
                items[position] = merged
        elif not _asks_removal(item, beside="code"):
            faults.append(FileFault("scheme.remove_alone", item.place.file, item.place.line, {"name": code}))
        elif position is None:
            faults.append(FileFault("scheme.remove_unknown", item.place.file, item.place.line, {"name": code}))
        else:
            items[position] = None
    return List(tuple(item for item in items if item is not None), own.place)


def _asks_removal(node: Node, *, beside: str = "remove") -> bool:
    """True for `{remove: true}`, with no key but `beside` next to it."""
    if not isinstance(node, Map) or set(node.entries) != {"remove", beside}:
        return False
    remove = node.entries["remove"].node
    return isinstance(remove, Scalar) and remove.plain and remove.text == "true"


def _code(item: Node) -> str:
    """The code of a thing, "" where it has none."""
    entry = item.entries.get("code") if isinstance(item, Map) else None
    return entry.node.text if entry is not None and isinstance(entry.node, Scalar) else ""
