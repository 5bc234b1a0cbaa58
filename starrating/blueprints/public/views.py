"""Published lists by district and township, searched by name or code; the text as it was published; open notices.

The pages say what the stored texts say and nothing else; an answer that a browser already has is not sent again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, current_app, make_response
from flask.typing import ResponseReturnValue

from starrating.blueprints.pages import KINDS, kind_names
from starrating.blueprints.public import bp
from starrating.blueprints.public.answers import file_name, frame, kept, page, unchanged
from starrating.blueprints.public.narrowing import (
    MOVEMENTS,
    UNRATED,
    Narrowing,
    asked,
    decided,
    paged,
    placed,
    put_right,
    star_counts,
)
from starrating.domain.notice import days_of
from starrating.interchange.inert import MARK, csv_text
from starrating.queries import publications as question
from starrating.queries.editions import fingerprint
from starrating.queries.objections import disputed_codes
from starrating.queries.public_lists import PublicList
from starrating.services.publication.list_papers import HEADINGS, row_of
from starrating.services.working_days import office_days, today


@bp.get("/")
def index() -> ResponseReturnValue:
    """The years that were published and the notices that are open."""
    years = question.published_years()
    open_now = [head for head in question.notices() if head.open]
    return page("public/index.html", [*map(str, years), *map(str, open_now)], years=years, open_now=open_now,
                 **frame("lists"))  # fmt: skip


@bp.get("/lists/<key:year>")
def year_list(year: int) -> ResponseReturnValue:
    """The list of a year, of the whole city or of what the address narrows it to, page by page."""
    heads = question.publications_of_year(year)
    if not heads:
        abort(404)
    seen = [head.digest for head in heads]
    if (same := unchanged(seen)) is not None:
        return same
    narrowed, lists = asked(), question.lists(heads)
    units = placed(lists, narrowed)
    found = [unit for unit in units if narrowed.holds(unit)]
    own = [head for head in heads if head.district_code == narrowed.district and narrowed.kind in ("", head.kind)]
    return page(
        "public/list.html", seen, year=year, narrowed=narrowed, districts=_districts(heads), own=own,
        townships=_townships(lists, narrowed), levels=star_counts(units, lists), found=paged(found), total=len(units),
        kinds=kind_names(), prints={head.public_key: fingerprint(head.public_key) for head in own if head.public_key},
        kind_counts=_kind_counts(lists, narrowed), movements=MOVEMENTS, unrated=UNRATED,
        published=max(head.published_at for head in heads), schemes=sorted({one.scheme for one in lists}),
        ranked=any(one.show_scores for one in lists), decisions=decided(lists, narrowed),
        corrections=put_right(lists, narrowed), **frame("lists", lists),
    )  # fmt: skip


@bp.get("/lists/<key:year>.csv")
def year_csv(year: int) -> ResponseReturnValue:
    """The same list as a table: what the address narrows it to, all pages."""
    heads = question.publications_of_year(year)
    if not heads:
        abort(404)
    narrowed = asked()
    units = [unit for unit in placed(question.lists(heads), narrowed) if narrowed.holds(unit)]
    answer = make_response(MARK + csv_text(HEADINGS, (row_of(year, unit) for unit in units)))
    answer.content_type = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="starrating-{year}.csv"'
    return kept(answer, [head.digest for head in heads])


@bp.get("/lists/<key:year>/<district>/<kind>.json")
@bp.get("/lists/<key:year>/<district>/<kind>/<key:edition>.json")
def list_text(year: int, district: str, kind: str, edition: int | None = None) -> ResponseReturnValue:
    """The text of one list to the byte as it was published: its SHA-256 is the digest that the page shows.

    Without a number it is the edition that stands; each edition stays at its own address.
    """
    head = question.publication_of(year, district, kind, edition)
    text = question.publication_text(head.id) if head else None
    if head is None or text is None:
        abort(404)
    answer = make_response(text.encode())
    answer.content_type = "application/json; charset=utf-8"
    name = file_name(year, district, kind, edition)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return kept(answer, [head.digest])


@bp.get("/notices")
def notices() -> ResponseReturnValue:
    """The notices that are open, then those that were followed by a publication."""
    found = question.notices()
    return page("public/notices.html", [str(found)], open_now=[head for head in found if head.open],
                 closed=[head for head in found if not head.open], **frame("notices"))  # fmt: skip


@bp.get("/notices/<key:notice_id>")
def notice(notice_id: int) -> ResponseReturnValue:
    """A notice: how long, what by township, where and how to object."""
    found = question.notice(notice_id)
    if found is None:
        abort(404)
    head, shown, digest = found
    counted = days_of(head.opens_on, head.closes_on, office_days() if shown.working_days else None)
    disputed = disputed_codes(head.cycle_id) if head.open else frozenset[str]()
    narrowed = Narrowing(head.district_code, asked().township, head.kind, asked().q)
    units = [unit for unit in placed([shown], narrowed) if narrowed.holds(unit)]
    now = today()
    return page(
        "public/notice.html", [digest, str(head), str(now), str(sorted(disputed))], head=head, shown=shown,
        digest=digest, days=counted, today=now, left=sum(day >= now for day in counted), narrowed=narrowed,
        found=paged(units), towns=_towns(shown), levels=star_counts(shown.units, [shown]), disputed=disputed,
        answer=current_app.config["OBJECTION_DAYS"], **frame("notices", [shown]),
    )  # fmt: skip


def _districts(heads: Sequence[question.PublicationHead]) -> list[tuple[str, str]]:
    return list({head.district_code: head.district for head in heads}.items())


def _townships(lists: Sequence[PublicList], narrowed: Narrowing) -> list[tuple[str, str]]:
    """The townships to choose from, once a district is chosen."""
    own = (one for one in lists if narrowed.district and one.district_code == narrowed.district)
    return sorted({town for one in own for town in one.townships})


def _kind_counts(lists: Sequence[PublicList], narrowed: Narrowing) -> list[tuple[str, int]]:
    """How many units of each kind the chosen place has."""
    every = placed(lists, Narrowing(narrowed.district, narrowed.township))
    return [("", len(every)), *((kind, sum(unit.kind == kind for unit in every)) for kind in KINDS)]


def _towns(shown: PublicList) -> list[dict[str, Any]]:
    """For each township its units by level: the row of a table."""
    rows = []
    for code, name in shown.townships:
        own = [unit for unit in shown.units if unit.township_code == code]
        counts = {f"level{place}": sum(unit.place == place for unit in own) for place in range(len(shown.levels))}
        rows.append({"code": code, "name": name, "total": len(own), **counts,
                     "unrated": sum(unit.place is None for unit in own)})  # fmt: skip
    return rows
