"""Whether a leaf can be scored: its method's parameters, its periods, and where its value comes from."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from starrating.domain.condition_check import Sort, check_subject, sort_of
from starrating.domain.conditions import About, Subject
from starrating.domain.faults import SchemeFault
from starrating.domain.figures import plain
from starrating.domain.ground import Faults, Ground, Path
from starrating.domain.inputs import decimal
from starrating.domain.methods import Bands, Cases, Choice, Direct, Leaf, Line, Missing, Relative, RelativeTo
from starrating.domain.scheme import Indicator

OF = (
    About.VALUE,
    About.POINTS,
    About.SHARE,
    About.FLAG,
    About.UNIT,
    About.LEADER,
    About.APPRAISAL,
    About.PREVIOUS,
)


def check_leaf(ground: Ground, node: Indicator, path: Path) -> Faults:
    """The faults of a leaf's own keys."""
    leaf = node.leaf
    if leaf is None:
        return
    yield from _check_method(ground, leaf, path)
    if leaf.missing is Missing.FULL and node.high is None and not ground.doubtful(path):
        yield SchemeFault("scheme.full_needs_max", (*path, "missing"), {"code": node.code})
    if leaf.of is not None:
        yield from _check_of(ground, node, leaf, leaf.of, path)


def _check_method(ground: Ground, leaf: Leaf, path: Path) -> Faults:
    match leaf.method:
        case Direct(step=step) if step is not None and step <= 0:
            yield SchemeFault("scheme.not_positive", (*path, "step"), {"value": plain(step)})
        case Cases(each=each, required=required):
            for part in required:
                if part not in each:
                    facts = {"part": part, "allowed": tuple(each)}
                    yield SchemeFault("scheme.unknown_part", (*path, "required", part), facts)
        case Bands():
            yield from _check_bands(ground, leaf.method, (*path, "bands"))
        case Line(at=at, log=log):
            yield from check_line(ground, at, (*path, "at"))
            if log and at and at[0][0] <= 0 and not ground.doubtful((*path, "at")):
                yield SchemeFault("scheme.log_needs_positive", (*path, "at"), {"x": plain(at[0][0])})
        case Relative():
            yield from _check_relative(ground, leaf.method, path)


def _check_relative(ground: Ground, method: Relative, path: Path) -> Faults:
    for index, name in enumerate(method.within or ()):
        yield from ground.no_field(name, (*path, "within", index))
    if method.to is RelativeTo.RANK:
        yield from _check_rank_bands(ground, method, (*path, "bands"))


def check_line(ground: Ground, at: Sequence[tuple[Fraction, Fraction]], path: Path) -> Faults:
    """A line needs two points, one to the right of the other."""
    if ground.doubtful(path):
        return
    if len(at) < 2:
        yield SchemeFault("scheme.line_too_short", path, {"points": len(at)})
    for index, ((left, _), (right, _)) in enumerate(pairwise(at), start=1):
        if right <= left:
            yield SchemeFault("scheme.line_order", (*path, index), {"left": plain(left), "right": plain(right)})


def _check_bands(ground: Ground, bands: Bands, path: Path) -> Faults:
    limits = [row.limit for row in bands.rows]
    yield from _check_open_rows(ground, limits, path, "to" if bands.downward else "from")
    if ground.doubtful(path):
        return
    for index, (above, below) in enumerate(pairwise(limits), start=1):
        if above is not None and below is not None and (below <= above if bands.downward else below >= above):
            code = "scheme.bands_to_order" if bands.downward else "scheme.bands_from_order"
            yield SchemeFault(code, (*path, index), {"above": plain(above), "below": plain(below)})


def _check_rank_bands(ground: Ground, method: Relative, path: Path) -> Faults:
    tops = [row.limit for row in method.bands]
    yield from _check_open_rows(ground, tops, path, "top")
    if ground.doubtful(path):
        return
    for index, top in enumerate(tops):
        if top is not None and not 0 < top <= 1:
            yield SchemeFault("scheme.top_out_of_range", (*path, index), {"top": plain(top)})
    for index, (above, below) in enumerate(pairwise(tops), start=1):
        if above is not None and below is not None and below <= above:
            yield SchemeFault("scheme.bands_to_order", (*path, index), {"above": plain(above), "below": plain(below)})
    if tops and tops[-1] is not None and tops[-1] < 1:
        yield SchemeFault("scheme.top_leaves_gap", (*path, len(tops) - 1), {"top": plain(tops[-1])})


def _check_open_rows(ground: Ground, limits: Sequence[Fraction | None], path: Path, key: str) -> Faults:
    """Only the last row may lack its limit."""
    for index, limit in enumerate(limits[:-1]):
        if limit is None and not ground.doubtful((*path, index)):
            yield SchemeFault("scheme.open_row_not_last", (*path, index), {"limit": key})


def _check_of(ground: Ground, node: Indicator, leaf: Leaf, of: Subject, path: Path) -> Faults:
    place = (*path, "of")
    facts = {"code": node.code, "subject": str(of)}
    if leaf.periods:
        yield SchemeFault("scheme.of_with_periods", place, facts)
    if leaf.parts:
        yield SchemeFault("scheme.of_with_parts", place, facts)
        return
    if of.about not in OF:
        yield SchemeFault("scheme.not_for_of", place, {**facts, "allowed": tuple(OF)})
        return
    found = [*check_subject(ground, of, place)]
    yield from found
    if not found and not ground.doubtful(path):
        yield from _check_of_sort(ground, leaf, of, place)


def _check_of_sort(ground: Ground, leaf: Leaf, of: Subject, place: Path) -> Faults:
    """Words need `choice`, and `choice` needs words, or labels that are numbers."""
    sort = sort_of(ground, of)
    facts = {"subject": str(of)}
    if not isinstance(leaf.method, Choice):
        if sort in (Sort.LEVEL, Sort.LABEL) or of.about is About.APPRAISAL:
            yield SchemeFault("scheme.words_need_choice", place, facts)
        return
    for label in leaf.method.options:
        option = (*place[:-1], "options", label)
        if sort is Sort.LEVEL:
            yield from ground.unknown_level(label, option)
        elif sort is Sort.NUMBER and decimal(label) is None:
            yield SchemeFault("scheme.label_not_number", option, {**facts, "label": label})
