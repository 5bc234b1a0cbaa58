"""What a scheme defines, and what of it could not be read: the ground its checks stand on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from starrating.domain.closest import Closest
from starrating.domain.conditions import About, Subject
from starrating.domain.faults import SchemeFault
from starrating.domain.scheme import Indicator, Scheme

Path = tuple[str | int, ...]
Faults = Iterator[SchemeFault]

LISTS_OF_NODES = ("indicators", "children")


class Ground:
    """A scheme's nodes and levels by code; `unsound` are the paths of what could not be read.

    A check that would build on something unsound is left out: the fault that is there is named already.
    """

    def __init__(self, scheme: Scheme, unsound: Collection[Path] = ()) -> None:
        self.scheme = scheme
        self.closest = Closest()
        self.placed: list[tuple[Indicator, Path]] = [*_placed(scheme.indicators, ("indicators",))]
        self.nodes: dict[str, Indicator] = {}
        self.paths: dict[str, Path] = {}
        for node, path in self.placed:
            self.nodes.setdefault(node.code, node)
            self.paths.setdefault(node.code, path)
        self.levels: Mapping[str, int] = {level.code: index for index, level in enumerate(scheme.levels)}
        self._unsound = frozenset(unsound)
        self._stems = frozenset(path[:length] for path in self._unsound for length in range(len(path) + 1))
        hidden = any(path and path[-1] in LISTS_OF_NODES for path in self._unsound)
        self.nodes_sound = "" not in self.nodes and not hidden
        self.levels_sound = "" not in self.levels and ("levels",) not in self._unsound

    def doubtful(self, path: Path) -> bool:
        """True where something at, around or under the path could not be read."""
        return path in self._stems or any(path[:length] in self._unsound for length in range(len(path)))

    def unknown_node(self, subject: Subject, path: Path) -> Faults:
        """The fault of a subject whose node is not defined."""
        if subject.name not in self.nodes and self.nodes_sound:
            facts = {"subject": str(subject), "code": subject.name}
            hint = self.closest.to(subject.name, self.nodes.keys())
            if hint:
                yield SchemeFault("scheme.unknown_node_like", path, {**facts, "hint": hint})
            else:
                yield SchemeFault("scheme.unknown_node", path, facts)

    def no_field(self, name: str, path: Path) -> Faults:
        """The fault of a field that stands for something else: an event, the leader."""
        if name.startswith(("flag.", "leader.")) or name == "appraisal":
            yield SchemeFault("scheme.not_a_field", path, {"field": name})

    def unknown_level(self, code: str, path: Path) -> Faults:
        """The fault of a level that is not defined."""
        if code not in self.levels and self.levels_sound:
            yield SchemeFault("scheme.unknown_level", path, {"level": code, "allowed": tuple(self.levels)})

    def reaches_points(self, code: str) -> bool:
        """True where the raw value of a leaf comes from the points of a node."""
        seen: set[str] = set()
        while code not in seen:
            seen.add(code)
            leaf = self.nodes[code].leaf if code in self.nodes else None
            if leaf is None or leaf.of is None:
                return False
            if leaf.of.about is not About.VALUE:
                return leaf.of.about in (About.POINTS, About.SHARE)
            code = leaf.of.name
        return False


def _placed(nodes: tuple[Indicator, ...], path: Path) -> Iterator[tuple[Indicator, Path]]:
    for index, node in enumerate(nodes):
        yield node, (*path, index)
        yield from _placed(node.children, (*path, index, "children"))


def first_of_each(codes: list[tuple[str, Path]], fault: str) -> Faults:
    """A fault for every code that was used before, with the path where it was used first."""
    first: dict[str, Path] = {}
    for code, path in codes:
        if code and first.setdefault(code, path) != path:
            yield SchemeFault(fault, path, {"code": code, "first": first[code]})
