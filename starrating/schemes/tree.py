"""YAML text → a tree of nodes that know their line; every scalar stays the text that was written.

The tree is built from PyYAML's events, in a loop: no number passes through a binary float, nothing is constructed,
and a hostile file is refused as soon as it passes a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from starrating.domain.faults import FileFault

MAX_DEPTH = 64
MAX_NODES = 200_000

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters that cannot be seen, or that end a line for YAML and for no editor."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A value as written; `plain` without quotes."""

    text: str
    plain: bool
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A key's value, and where the key stands."""

    place: Place
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """A map; `doubtful` are keys that were left out of it, or one value of them, for a fault."""

    entries: Mapping[str, Entry]
    place: Place
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class List:
    """A list."""

    items: tuple[Node, ...]
    place: Place


Node = Scalar | Map | List


class Unreadable(Exception):
    """The text cannot be read any further: `faults` has why, after what was found before."""

    def __init__(self, faults: list[FileFault]) -> None:
        super().__init__(faults)
        self.faults = faults


class _Stop(Exception):
    """A fault that ends the reading at once."""

    def __init__(self, code: str, line: int, **facts: str | int) -> None:
        super().__init__(code)
        self.code, self.line, self.facts = code, line, facts


@dataclass(slots=True)
class _Built:
    """A finished node, with how many nodes it stands for and how deep it is."""

    node: Node
    size: int
    height: int


@dataclass(slots=True)
class _Open:
    """A map or list that has begun."""

    is_map: bool
    place: Place
    anchor: str | None
    before: int
    height: int = 1
    key: Scalar | None = None
    awaits_value: bool = False
    doubtful: set[str] = field(default_factory=set)
    entries: dict[str, Entry] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)


def parse(text: str, file: str) -> tuple[Node, list[FileFault]]:
    """The tree of one document and the faults that did not keep it from being read; `Unreadable` if one did."""
    builder = _Builder(file)
    try:
        _refuse_control(text)
        for event in _events(text):
            builder.take(event)
        if builder.root is None:
            raise _Stop("scheme.file_empty", 1)
    except _Stop as stop:
        raise Unreadable([*builder.faults, FileFault(stop.code, file, stop.line, stop.facts)]) from None
    return builder.root, builder.faults


def _refuse_control(text: str) -> None:
    found = CONTROL.search(text)
    if found is not None:
        before = text[: found.start()].replace("\r\n", "\n").replace("\r", "\n")
        raise _Stop("scheme.control_character", before.count("\n") + 1, character=f"U+{ord(found[0]):04X}")


def _events(text: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise _why(error, text) from None
    except yaml.YAMLError:
        raise _Stop("scheme.syntax", 1) from None


def _why(error: yaml.MarkedYAMLError, text: str) -> _Stop:
    """What a syntax error most likely comes from, as the person who wrote the file would put it."""
    mark = error.problem_mark or error.context_mark
    number = mark.line + 1 if mark else 1
    begun = error.context_mark.line + 1 if error.context_mark else number
    problem, context = error.problem or "", error.context or ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line = lines[number - 1] if number <= len(lines) else ""
    if line.lstrip(" ").startswith("\t"):
        return _Stop("scheme.tab", number)
    if "cannot start any token" in problem and mark:
        return _Stop("scheme.special_character", number, character=line[mark.column : mark.column + 1])
    if "mapping values are not allowed" in problem:
        return _Stop("scheme.colon", number)
    if "flow" in context or "quoted" in context:
        return _Stop("scheme.unclosed", number, begun=begun)
    if "block" in context or "simple key" in context:
        return _Stop("scheme.indentation", number)
    return _Stop("scheme.syntax", number)


class _Builder:
    """Takes events one by one and keeps the maps and lists that are still open."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[FileFault] = []
        self.root: Node | None = None
        self._open: list[_Open] = []
        self._anchors: dict[str, _Built | None] = {}
        self._nodes = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """One event more."""
        assert event.start_mark is not None
        line = event.start_mark.line + 1
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise _Stop("scheme.several_documents", line)
            case yaml.AliasEvent():
                self._alias(event.anchor or "", line)
            case yaml.ScalarEvent():
                self._scalar(event, line)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._begin(event, line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end()

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        self._refuse_tag(event, line)
        found = CONTROL.search(event.value)
        if found is not None:
            raise _Stop("scheme.control_character", line, character=f"U+{ord(found[0]):04X}")
        self._count(1, line)
        built = _Built(Scalar(event.value, not event.style, Place(self.file, line)), 1, 0)
        self._finish(built, event.anchor)

    def _begin(self, event: yaml.CollectionStartEvent, line: int) -> None:
        self._refuse_tag(event, line)
        self._count(1, line)
        if len(self._open) >= MAX_DEPTH:
            raise _Stop("scheme.too_deep", line, limit=MAX_DEPTH)
        is_map = isinstance(event, yaml.MappingStartEvent)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append(_Open(is_map, Place(self.file, line), event.anchor, self._nodes - 1))

    def _end(self) -> None:
        done = self._open.pop()
        node: Node
        if done.is_map:
            node = Map(done.entries, done.place, frozenset(done.doubtful))
        else:
            node = List(tuple(done.items), done.place)
        self._finish(_Built(node, self._nodes - done.before, done.height), done.anchor)

    def _alias(self, anchor: str, line: int) -> None:
        if anchor not in self._anchors:
            raise _Stop("scheme.unknown_alias", line, name=anchor)
        built = self._anchors[anchor]
        if built is None:
            raise _Stop("scheme.alias_loop", line, name=anchor)
        self._count(built.size, line)
        if len(self._open) + built.height > MAX_DEPTH:
            raise _Stop("scheme.too_deep", line, limit=MAX_DEPTH)
        self._finish(built, None, line)

    def _finish(self, built: _Built, anchor: str | None, line: int | None = None) -> None:
        if anchor:
            self._anchors[anchor] = built
        if not self._open:
            self.root = built.node
            return
        parent = self._open[-1]
        parent.height = max(parent.height, built.height + 1)
        if not parent.is_map:
            parent.items.append(built.node)
        elif parent.awaits_value:
            self._value(parent, built.node)
        else:
            self._key(parent, built.node, line or built.node.place.line)

    def _key(self, parent: _Open, node: Node, line: int) -> None:
        parent.awaits_value = True
        if not isinstance(node, Scalar):
            self._drop_key(parent, "scheme.key_not_text", line)
        elif node.text == "<<" and node.plain:
            self._drop_key(parent, "scheme.merge_key", line)
        elif node.text in parent.entries:
            first = parent.entries[node.text].place.line
            self._drop_key(parent, "scheme.duplicate_key", line, key=node.text, first=f"{self.file}:{first}")
        else:
            parent.key = Scalar(node.text, node.plain, Place(self.file, line))

    def _drop_key(self, parent: _Open, code: str, line: int, **facts: str | int) -> None:
        parent.doubtful.add(str(facts.get("key", "")))
        self.faults.append(FileFault(code, self.file, line, facts))

    @staticmethod
    def _value(parent: _Open, node: Node) -> None:
        if parent.key is not None:
            parent.entries[parent.key.text] = Entry(parent.key.place, node)
        parent.key, parent.awaits_value = None, False

    def _count(self, nodes: int, line: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise _Stop("scheme.too_many_nodes", line, limit=MAX_NODES)

    @staticmethod
    def _refuse_tag(event: yaml.NodeEvent, line: int) -> None:
        tag = getattr(event, "tag", None)
        if tag:
            raise _Stop("scheme.tag", line, tag=tag)
