"""One edition of a list at its own address, as long as there are lists: what it said, and which one stands by now."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue

from starrating.blueprints.public import bp
from starrating.blueprints.public.answers import frame, page
from starrating.blueprints.public.narrowing import Narrowing, asked, decided, paged, placed, put_right, star_counts
from starrating.queries.editions import chain_of
from starrating.queries.publications import lists, publication_of


@bp.get("/lists/<key:year>/<district>/<kind>/<key:edition>")
def edition(year: int, district: str, kind: str, edition: int) -> ResponseReturnValue:
    """What an edition says, the decisions it holds, and the editions of the same year before and after it."""
    head = publication_of(year, district, kind, edition)
    if head is None:
        abort(404)
    own = [one for one in chain_of(district, kind) if one.year == year]
    shown = lists([head])[0]
    narrowed = Narrowing(district, asked().township, kind, asked().q)
    units = [unit for unit in placed([shown], narrowed) if narrowed.holds(unit)]
    return page(
        "public/edition.html", [head.digest, own[-1].digest], head=head, shown=shown, own=own, last=own[-1],
        decisions=decided([shown], Narrowing(district)), corrections=put_right([shown], Narrowing(district)),
        narrowed=narrowed, found=paged(units),
        levels=star_counts(shown.units, [shown]), **frame("lists", [shown]),
    )  # fmt: skip
