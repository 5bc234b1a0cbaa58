"""What would be in a whole city if the scheme that its districts share were another one. Nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import KINDS
from starrating.blueprints.whatif import bp
from starrating.blueprints.whatif.form import OFF, Asked, asked_of, label_of, parts_of, told
from starrating.blueprints.whatif.moved import (
    HEAD,
    CountLine,
    MoveLine,
    TownLine,
    cells,
    counts_of,
    lines_of,
    steps_of,
    towns_of,
)
from starrating.domain.access import Place
from starrating.domain.moves import Moves
from starrating.domain.scheme import Quotas
from starrating.interchange.lists import as_csv
from starrating.queries.cycles import CycleRow, cycles
from starrating.queries.divisions import DivisionRow, division
from starrating.queries.edges import UnitNamed, units_named
from starrating.services.rating.citywide import Base, Change, DistrictTried, Left, base_of, try_city
from starrating.services.rating.supposing import Wrong, scheme_with
from starrating.wording.language import mark as _l

MOST, MOST_TOWNS = 200, 40
"""Units listed, and townships; the file has all units, a district's own page all of its townships."""
EVERYWHERE = "everywhere"
"""In the address: the change is made also where a district has set something of it for itself."""
LEFT: Mapping[Left, str] = {
    Left.NO_SCHEME: _l("没有这一类单位的办法"),
    Left.NO_RUN: _l("还没有试算，也没有审定"),
    Left.SCORES_CHANGED: _l("试算以后分数有改动，要再试算一次才能算进来"),
    Left.NOTHING: _l("不受影响"),
    Left.REFUSED: _l("这个区不能这样改"),
}
CITY_HEAD = (_l("区"), *HEAD)


@dataclass(frozen=True, slots=True)
class CityYear:
    """A year of a city's districts of one kind, with the scheme that the form shows."""

    here: DivisionRow
    years: tuple[int, ...]
    cycles: tuple[CycleRow, ...]
    kind: str
    base: Base | None

    @property
    def year(self) -> int:
        """Which year."""
        return self.cycles[0].year

    def link(self, year: int | None = None, kind: str = "") -> str:
        """The page of this or another year or kind, nothing changed."""
        return url_for("whatif.city", division_id=self.here.id, year=year or self.year, kind=kind or self.kind)


@dataclass(frozen=True, slots=True)
class CityTrial:
    """What was asked and what came of it; `wrong` where the scheme that the form shows could not be so."""

    asked: Asked | None
    everywhere: bool
    wrong: tuple[Wrong, ...] = ()
    districts: tuple[DistrictTried, ...] = ()


@dataclass(frozen=True, slots=True)
class DistrictLine:
    """A district as the page lists it: how many move, or why it stays as it is; what it leaves out of the change."""

    tried: DistrictTried
    address: str
    """The page of the same change in this district; blank where it cannot be tried."""
    moved: int
    up: int
    down: int
    other: int
    note: str


@bp.get("/divisions/<key:division_id>/<key:year>/<any(village, community):kind>/")
def city(division_id: int, year: int, kind: str) -> ResponseReturnValue:
    """The form of what may be changed; with something asked, who moves in which district."""
    here = _city(division_id, year, kind)
    made = _tried(here)
    return _page(here, made), 422 if made.wrong else 200


@bp.get("/divisions/<key:division_id>/<key:year>/<any(village, community):kind>/moves.csv")
def city_moves(division_id: int, year: int, kind: str) -> ResponseReturnValue:
    """Everybody who moves as a file; where nothing was asked or something is wrong with it, the page."""
    here = _city(division_id, year, kind)
    made = _tried(here)
    if not made.districts:
        return _page(here, made), 422
    with in_chinese():
        lines = ([line.cycle.district, *cells(line)] for line in _lines(made, _named(made)))
        content = as_csv([gettext(name) for name in CITY_HEAD], lines)
    headers = {"Content-Disposition": f"attachment; filename={year}-{kind}-city-what-if.csv"}
    return Response(content, mimetype="text/csv", headers=headers)


def _city(division_id: int, year: int, kind: str) -> CityYear:
    """A city's year; 404 where it is no city or no district of it has that year."""
    here = division(division_id)
    if here is None or here.level != "municipality":
        abort(404)
    own = [row for row in cycles([Place(division_id)]) if row.municipality_id == division_id]
    rows = tuple(row for row in own if row.year == year) or abort(404)
    years = tuple(sorted({row.year for row in own}, reverse=True))
    return CityYear(here, years, rows, kind, base_of(rows, kind))


def _tried(here: CityYear) -> CityTrial:
    """What the address asks for, tried."""
    everywhere = request.args.get(EVERYWHERE) == "1"
    if here.base is None:
        return CityTrial(None, everywhere)
    base = here.base
    asked = asked_of(base.text, base.scheme, request.args)
    if not asked.changes:
        return CityTrial(asked, everywhere)
    scheme, wrong = scheme_with(base.text, base.scheme, asked.values, asked.off)
    if scheme is None:
        return CityTrial(asked, everywhere, wrong)
    values = {name: value for name, value in asked.values.items() if value != asked.stands[name]}
    return CityTrial(
        asked, everywhere, (), try_city(here.cycles, here.kind, base, Change(values, asked.off, everywhere))
    )


def _page(here: CityYear, made: CityTrial) -> str:
    shown = {"city": here, "kinds": KINDS, "kind": here.kind, "asked": made.asked, "everywhere": made.everywhere}
    if here.base is None or made.asked is None:
        return render_template("whatif/city.html", **shown)
    scheme, named = here.base.scheme, _named(made)
    lines, towns = list(_lines(made, named)), sorted(_towns(made, named), key=lambda town: -town.moved)
    return render_template(
        "whatif/city.html", **shown, parts=parts_of(made.asked, scheme, made.wrong),
        faults=[(one.name, told(one, scheme)) for one in made.wrong], districts=_districts(here.base, made),
        lines=lines[:MOST], more=max(len(lines) - MOST, 0), moved=len(lines), query=request.args.to_dict(flat=False),
        counts=_counts(here.base, made),
        unlike=[one.cycle.district for one in made.districts if _unlike(here.base, one)],
        towns=towns[:MOST_TOWNS], more_towns=max(len(towns) - MOST_TOWNS, 0), tried=made.districts, left=LEFT,
        apart=isinstance(scheme.allocation, Quotas) and bool(scheme.allocation.by_pool),
    )  # fmt: skip


def _named(made: CityTrial) -> dict[str, UnitNamed]:
    """The units of all districts that were tried, by code."""
    runs = [one.run.id for one in made.districts if one.run is not None and one.moves is not None]
    return units_named(runs) if runs else {}


def _lines(made: CityTrial, named: Mapping[str, UnitNamed]) -> Iterator[MoveLine]:
    for one in made.districts:
        if one.moves is not None and one.real is not None and one.tried is not None:
            yield from lines_of(one.cycle, one.moves, one.real, one.tried.scheme, named)


def _unlike(base: Base, one: DistrictTried) -> bool:
    """True where a district has other levels than the scheme that the form shows."""
    return one.real is not None and one.moves is not None and one.real.levels != base.scheme.levels


def _counts(base: Base, made: CityTrial) -> list[CountLine]:
    """How many of all districts with these levels have each before and after."""
    flows: Counter[tuple[int, int]] = Counter()
    for one in made.districts:
        if one.moves is not None and not _unlike(base, one):
            flows.update(one.moves.flows)
    return counts_of(Moves((), flows), base.scheme) if flows else []


def _towns(made: CityTrial, named: Mapping[str, UnitNamed]) -> Iterator[TownLine]:
    for one in made.districts:
        if one.moves is not None:
            yield from towns_of(one.moves, named, one.cycle.district)


def _districts(base: Base, made: CityTrial) -> list[DistrictLine]:
    """The districts, those of which most units move first."""
    lines = []
    for one in made.districts:
        up, down, other = steps_of(one.moves.units) if one.moves else (0, 0, 0)
        lines.append(DistrictLine(one, _address(made, one), up + down + other, up, down, other, _note(base, one)))
    return sorted(lines, key=lambda line: -line.moved)


def _address(made: CityTrial, one: DistrictTried) -> str:
    if one.moves is None or one.tried is None or made.asked is None:
        return ""
    changes = [*one.tried.taken.items(), *((OFF, code) for code in made.asked.off)]
    return f"{url_for('whatif.trial', cycle_id=one.cycle.id, kind=one.kind)}?{urlencode(changes)}#moves"


def _note(base: Base, one: DistrictTried) -> str:
    """Why a district stays as it is, and what of the change it leaves out."""
    said = [gettext(LEFT[one.left])] if one.left is not None else []
    if one.tried is not None:
        own, lacking = (_names(base, names) for names in (one.tried.own, one.tried.lacking))
        said += [gettext("自己另定了%(names)s", names=own)] if own else []
        said += [gettext("办法里没有%(names)s", names=lacking)] if lacking else []
    if one.real is not None and one.left is Left.REFUSED:
        wrong = one.tried.wrong if one.tried else ()
        said += [told(fault, one.real) for fault in wrong[:1]]
        said += [gettext("有的单位缺分数，评不出来")] if one.unrated else []
    return str(gettext("；").join(said))


def _names(base: Base, names: Sequence[str]) -> str:
    overrides = {f"off.{one.code}": one.name for one in base.scheme.overrides}
    named = (overrides[name] if name in overrides else label_of(name, base.scheme) for name in names)
    return str(gettext("、").join(gettext("“%(name)s”", name=name) for name in named))
