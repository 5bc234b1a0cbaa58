"""The edge of every level: the last in, the first out, by how much, and what the tie rule did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.rating.seen import LevelShown, levels_of, scheme_seen
from starrating.blueprints.whatif import bp
from starrating.blueprints.whatif.runs import run_seen
from starrating.domain.edges import Barred, Decided, Edge, PoolEdges, edges_of
from starrating.domain.figures import plain
from starrating.domain.marks import Mark
from starrating.domain.scheme import Scheme
from starrating.queries.edges import UnitNamed, units_named
from starrating.services.rating.explaining import rating_of
from starrating.wording.allocation import rank_key_text
from starrating.wording.reasons import reason_text

Named = Mapping[str, UnitNamed]


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """A level's edge as the page lists it."""

    level: LevelShown
    places: str
    taken: int
    last_in: Mark | None
    first_out: Mark | None
    gap: str
    told: tuple[str, ...]


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>/edge")
def edge(cycle_id: int, kind: str) -> ResponseReturnValue:
    """The edges of every pool."""
    row, runs = run_seen(cycle_id, kind)
    scheme, rating = scheme_seen(runs[kind].id), rating_of(runs[kind])
    pools = edges_of(rating) if rating is not None else ()
    named = units_named([runs[kind].id], _codes(pools))
    return render_template(
        "whatif/edge.html", cycle=row, kind=kind, run=runs[kind], runs=runs, named=named, changed=rating is None,
        pools=[(one.pool, _lines(one, scheme, named)) for one in pools], several=len(pools) > 1,
    )  # fmt: skip


def _codes(pools: tuple[PoolEdges, ...]) -> set[str]:
    marks = [
        mark
        for pool in pools
        for one in pool.edges
        for mark in (one.marks.last_in, one.marks.first_out, one.barred.first if one.barred else None)
    ]
    return {mark.unit for mark in marks if mark is not None}


def _lines(pool: PoolEdges, scheme: Scheme, named: Named) -> list[EdgeLine]:
    levels = levels_of(scheme)
    return [
        EdgeLine(
            level=levels[one.marks.level],
            places=gettext("不限") if one.marks.places is None else str(one.marks.places),
            taken=one.marks.guaranteed + one.marks.taken,
            last_in=one.marks.last_in,
            first_out=one.marks.first_out,
            gap="" if one.gap is None else plain(abs(one.gap)),
            told=tuple(_told(one, scheme, pool.pool.name, named)),
        )
        for one in pool.edges
    ]


def _told(one: Edge, scheme: Scheme, pool: str, named: Named) -> list[str]:
    """What is to be said of an edge beside its figures."""
    said = []
    if one.marks.rule is None:
        said.append(gettext("这一级不开放，只有保底能进"))
    elif one.marks.rule.least is not None:
        said.append(gettext("线%(points)s分", points=plain(one.marks.rule.least)))
    if one.marks.guaranteed:
        said.append(gettext("保底占%(count)s个", count=one.marks.guaranteed))
    said += _ties(one)
    if one.decided is not None and one.gap is not None:
        said.append(_decided(one.decided, one.gap, scheme))
    if one.left:
        said.append(gettext("空着%(count)s个名额", count=one.left))
    if one.barred is not None:
        said.append(_barred(one.barred, scheme, pool, named))
    return said


def _ties(one: Edge) -> list[str]:
    """What the scheme's tie rule did."""
    if one.beyond:
        return [
            gettext("末位并列%(count)s个，按办法一并收进，超名额%(beyond)s个", count=one.tied_in, beyond=one.beyond)
        ]
    if one.refused:
        return [gettext("名额边上并列%(count)s个，按办法一个不收", count=one.refused)]
    if one.tied_in > 1:
        return [gettext("末位并列%(count)s个，名额够，都收进", count=one.tied_in)]
    return [gettext("线上没有并列")] if one.marks.last_in is not None and one.marks.first_out is not None else []


def _decided(decided: Decided, gap: Fraction, scheme: Scheme) -> str:
    nothing = gettext("没有值")
    facts = {
        "key": rank_key_text(decided.key, scheme),
        "inside": decided.inside or nothing,
        "outside": decided.outside or nothing,
    }
    if gap:
        return str(gettext("先比%(key)s：进线的%(inside)s，落线的%(outside)s", **facts))
    return str(gettext("总分相同，比%(key)s分出先后：进线的%(inside)s，落线的%(outside)s", **facts))


def _barred(barred: Barred, scheme: Scheme, pool: str, named: Named) -> str:
    facts = {"unit": named[barred.first.unit].name, "rank": barred.first.rank, "count": barred.count}
    if not barred.reason:
        return str(gettext("%(count)s个排在末位进线前面却没有进，最前的是第%(rank)s名%(unit)s", **facts))
    why = reason_text(barred.reason, scheme, pool=pool)
    told = gettext("%(count)s个排在末位进线前面却不能进，最前的是第%(rank)s名%(unit)s（%(why)s）", why=why, **facts)
    return str(told)
