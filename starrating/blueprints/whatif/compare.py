"""Two runs of a year, or a run and what stands now: who has another result, and which entry it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import beijing, number, words
from starrating.blueprints.rating.seen import LevelShown, cycle_seen, levels_of
from starrating.blueprints.whatif import bp
from starrating.blueprints.whatif.moved import CountLine, counts_of
from starrating.blueprints.whatif.why import Teller, WhyTold
from starrating.domain.moves import UNRATED, Moves
from starrating.domain.workflow import CycleState
from starrating.interchange.lists import as_csv
from starrating.queries.between import Given, RunMade, runs_of
from starrating.queries.cycles import CycleRow, unit_counts
from starrating.queries.pages import SIZE
from starrating.queries.scores import SheetUnit
from starrating.services.rating.comparing import Compared, UnitCompared, compare
from starrating.wording.language import mark as _l

NOW = "now"
MOST_RUNS = 100
"""Runs up for choice, the newest first."""
SHOWN = {"": _l("有变化的"), "moved": _l("星级变了的"), "own": _l("自己的改了的"), "all": _l("全部")}
WANTED: Mapping[str, Callable[[UnitCompared], bool]] = {
    "": lambda one: one.otherwise or one.moved,
    "moved": lambda one: one.moved,
    "own": lambda one: any(cause.can_be_put_back for cause in one.why.causes),
    "all": lambda _one: True,
}
HEAD = (
    _l("单位编码"), _l("单位"), _l("乡镇街道"), _l("前一次星级"), _l("后一次星级"), _l("前一次总分"), _l("后一次总分"),
    _l("前一次名次"), _l("后一次名次"), _l("原因"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """The two that are compared: the earlier one first; `second` None is what stands now."""

    first: RunMade
    second: RunMade | None


@dataclass(frozen=True, slots=True)
class Line:
    """A unit as the page lists it."""

    unit: SheetUnit
    before: Given | None
    after: Given | None
    level_before: LevelShown | None
    level_after: LevelShown | None
    moved: bool
    why: Sequence[WhyTold]


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>/compare")
def compared(cycle_id: int, kind: str) -> ResponseReturnValue:
    """What is otherwise between two runs, unit by unit, with the reasons."""
    row = cycle_seen(cycle_id)
    runs = runs_of(row.id, kind, MOST_RUNS)
    chosen = _chosen(runs, row)
    found = compare(row, kind, chosen.first, chosen.second) if chosen else None
    shown = {"cycle": row, "kind": kind, "runs": runs, "chosen": chosen, "found": found, "asked": _asked(),
             "now": NOW if _open(row) else "", "kinds": _kinds(row, kind)}  # fmt: skip
    if found is None:
        return render_template("whatif/compare.html", **shown, choices=_choices(runs))
    units = _narrowed(found.units)
    page = min(number("page") or 1, max(1, -(-len(units) // SIZE)))
    lines = _lines(found, units[(page - 1) * SIZE : page * SIZE])
    return render_template(
        "whatif/compare.html", **shown, choices=_choices(runs), lines=lines,
        total=len(units), page=page, size=SIZE, address=_address(), query=_query(), counts=_counts(found), shows=SHOWN,
        moved=sum(one.moved for one in found.units), towns=_towns(found.units),
    )  # fmt: skip


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>/compare.csv")
def compared_file(cycle_id: int, kind: str) -> ResponseReturnValue:
    """The same as a file, with the filter of the page and all lines."""
    row = cycle_seen(cycle_id)
    chosen = _chosen(runs_of(row.id, kind, MOST_RUNS), row)
    found = compare(row, kind, chosen.first, chosen.second) if chosen else None
    if found is None:
        abort(404)
    with in_chinese():
        content = as_csv([gettext(name) for name in HEAD], map(_cells, _lines(found, _narrowed(found.units))))
    headers = {"Content-Disposition": f"attachment; filename={row.year}-{kind}-compare.csv"}
    return Response(content, mimetype="text/csv", headers=headers)


def _open(row: CycleRow) -> bool:
    """True where what stands is something of its own: what a published year has by now is what its last run has."""
    return row.state is not CycleState.PUBLISHED


def _chosen(runs: Sequence[RunMade], row: CycleRow) -> Chosen | None:
    """The two of the address, the earlier one first; what it leaves open are the last two. None before any run."""
    first, second = (_run(runs, request.args.get(name, "")) for name in ("first", "second"))
    if not runs:
        return None
    last = request.args.get("second") != NOW and runs[0] != first and len(runs) > 1
    if second is None and (last or not _open(row)):
        second = runs[0]
    earlier = first or next((run for run in runs if second is None or run.id < second.id), runs[-1])
    return Chosen(earlier, second) if second is None or earlier.id <= second.id else Chosen(second, earlier)


def _run(runs: Sequence[RunMade], key: str) -> RunMade | None:
    """The run of that key; None for what stands now, and where the address does not say."""
    return None if key in ("", NOW) else next((run for run in runs if str(run.id) == key), None) or abort(404)


def _kinds(row: CycleRow, kind: str) -> tuple[str, ...]:
    """The kinds that the year rates, this one among them."""
    return tuple(dict.fromkeys((*unit_counts(row.district_id, row.cut_off), kind)))


def _choices(runs: Sequence[RunMade]) -> list[tuple[int, str]]:
    """The runs to choose from, the last one as the newest."""
    names = {"trial": gettext("试算"), "confirmed": gettext("审定")}
    return [
        (run.id, gettext("%(at)s %(what)s，%(who)s", at=beijing(run.at), what=names[run.state], who=run.by))
        for run in runs
    ]


def _asked() -> dict[str, str]:
    show = request.args.get("show", "")
    return {"show": show if show in SHOWN else "", "township": str(number("township") or ""), "q": words("q")}


def _query() -> dict[str, str]:
    """What the address says of the filter and of the runs, without the page."""
    names = ("first", "second", "show", "township", "q")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _address() -> str:
    asked = urlencode(_query())
    return f"{request.path}?{asked}" if asked else request.path


def _narrowed(units: Iterable[UnitCompared]) -> list[UnitCompared]:
    """The units that the filter leaves: those with another level first, then by rank."""
    asked = _asked()
    left = (
        one for one in units
        if WANTED[asked["show"]](one) and asked["township"] in ("", str(one.unit.township_id))
        and (asked["q"] in one.unit.name or one.unit.code.startswith(asked["q"]))
    )  # fmt: skip
    return sorted(left, key=lambda one: (not one.moved, (one.after and one.after.rank) or 10**9, one.unit.code))


def _lines(found: Compared, units: Iterable[UnitCompared]) -> list[Line]:
    levels, teller = levels_of(found.scheme), Teller(found)
    return [
        Line(one.unit, one.before, one.after, _level(one.before, levels), _level(one.after, levels), one.moved,
             teller.told(one))
        for one in units
    ]  # fmt: skip


def _level(given: Given | None, levels: dict[str, LevelShown]) -> LevelShown | None:
    """A level of this scheme, or of the one before it, which may not know its place; None for a unit without one."""
    if given is None or not given.level:
        return None
    return levels.get(given.level) or LevelShown(given.level, given.level_name, 0, 2)


def _counts(found: Compared) -> list[CountLine]:
    """How many have each level before and after, and where they come from."""
    index = {level.code: place for place, level in enumerate(found.scheme.levels)}
    sides = [[index.get(given.level, UNRATED) if given else UNRATED for given in pair]
             for pair in ((one.before, one.after) for one in found.units)]  # fmt: skip
    return counts_of(Moves((), Counter((first, second) for first, second in sides)), found.scheme)


def _towns(units: Iterable[UnitCompared]) -> list[tuple[int, str]]:
    return sorted({(one.unit.township_id, one.unit.township) for one in units})


def _cells(line: Line) -> list[str]:
    """The line in the file."""
    sides = (line.before, line.after)
    levels = [one.level_name or gettext("未评") if one else gettext("没有") for one in sides]
    totals, ranks = ([one.total if one else "" for one in sides], [str(one.rank or "") if one else "" for one in sides])
    why = gettext("；").join(cause.text for cause in line.why)
    return [line.unit.code, line.unit.name, line.unit.township, *levels, *totals, *ranks, why]
