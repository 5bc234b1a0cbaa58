"""A scheme's file → the scheme, or every fault found in it, each with its file and line."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starrating.domain.faults import FileFault, SchemeFault
from starrating.domain.scheme import Level, Scheme
from starrating.domain.scheme_check import check
from starrating.schemes.allocation_reader import read_allocation
from starrating.schemes.canonical import canonical_text
from starrating.schemes.consequence_reader import read_consequence, read_notice
from starrating.schemes.extending import load, sorted_faults
from starrating.schemes.fields import Field, Keys
from starrating.schemes.indicator_reader import read_indicators
from starrating.schemes.notes import Notes
from starrating.schemes.override_reader import read_movement, read_override
from starrating.schemes.tree import List, Map, Place

FORMAT = "starrating/1"
NEEDED = ("format", "code", "title", "year", "levels", "indicators", "allocation")
OPTIONAL = ("applies_to", "precision", "decimals", "full_score", "overrides", "movement", "consequences", "notice")


@dataclass(frozen=True, slots=True)
class ReadScheme:
    """A scheme that can be rated; `text` is its canonical form, `digest` the SHA-256 of that.

    `text` is itself a scheme file, without `extends`: read again, it gives the same rules and the same digest. `files`
    begins with the file itself, those it extends follow.
    """

    scheme: Scheme
    text: str
    digest: str
    files: tuple[Path, ...]


def read_scheme(path: Path) -> ReadScheme:
    """The scheme of a file; `FilesRefused` with all faults found, by file and line."""
    loaded = load(path)
    notes = Notes(faults=[*loaded.faults])
    root = Field(loaded.root, loaded.root.place, (), notes)
    scheme = _read_root(root)
    faults = [*notes.faults, *(_placed(fault, root) for fault in check(scheme, notes.unsound))]
    if faults:
        raise sorted_faults(faults)
    text = canonical_text(loaded.root, notes.written)
    return ReadScheme(scheme, text, hashlib.sha256(text.encode("utf-8")).hexdigest(), loaded.files)


def _read_root(root: Field) -> Scheme:
    keys = root.keys((*NEEDED, *OPTIONAL), NEEDED)
    if "format" in keys and (written := keys.text("format")) not in ("", FORMAT):
        keys.fields["format"].refuse("scheme.wrong_format", text=written, format=FORMAT)
    levels = _read_levels(keys)
    return Scheme(
        code=keys.code(),
        title=keys.text("title"),
        year=keys.whole_or("year", 1900, 1900, 9999),
        levels=levels,
        indicators=read_indicators(keys.items("indicators")),
        allocation=read_allocation(keys.get("allocation")),
        applies_to=keys.texts("applies_to"),
        precision=keys.whole_or("precision", 4, 0, 8),
        decimals=keys.whole_or("decimals", 2, 0, 8),
        full_score=keys.number("full_score"),
        overrides=tuple(read_override(item) for item in _optional_items(keys, "overrides")),
        movement=read_movement(keys.get("movement")),
        consequences=tuple(read_consequence(item) for item in _optional_items(keys, "consequences")),
        notice=read_notice(keys.get("notice")),
    )


def _optional_items(keys: Keys, key: str) -> list[Field]:
    return keys.fields[key].items(may_be_empty=True) if key in keys else []


def _read_levels(keys: Keys) -> tuple[Level, ...]:
    """The levels, and into the notes the position of each code."""
    levels: list[Level] = []
    notes = keys.field.notes
    for item in keys.items("levels"):
        inner = item.keys(("code", "name", "stars"), ("code", "name", "stars"))
        level = Level(inner.code(), inner.text("name"), inner.whole_or("stars", 0, 0, 1000))
        notes.levels.setdefault(level.code, len(levels))
        levels.append(level)
    notes.levels_sound = bool(levels) and all(level.code for level in levels)
    return tuple(levels)


def _placed(fault: SchemeFault, root: Field) -> FileFault:
    """The fault with the line where its path was written, or the nearest thing around it."""
    place = _place(fault.path, root)
    facts = dict(fault.facts)
    first = facts.get("first")
    if isinstance(first, tuple):
        other = _place(first, root)
        facts["first"] = f"{other.file}:{other.line}"
    key = next((str(step) for step in reversed(fault.path) if isinstance(step, str)), "")
    return FileFault(fault.code, place.file, place.line, {"key": key, **facts})


def _place(path: tuple[str | int, ...], root: Field) -> Place:
    node, place = root.node, root.place
    for step in path:
        if isinstance(node, Map) and isinstance(step, str) and step in node.entries:
            place, node = node.entries[step].place, node.entries[step].node
        elif isinstance(node, List) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.place
        else:
            break
    return place
