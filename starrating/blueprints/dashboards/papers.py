"""Reports of a city or district: what there is to make, how far it is, and the files; made in the background."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.dashboards import bp
from starrating.blueprints.dashboards.paths import path_seen
from starrating.blueprints.downloads import disposition
from starrating.blueprints.pages import number, person
from starrating.domain.access import Act, Place, may
from starrating.paper_words import ended_text, step_text
from starrating.queries.divisions import DivisionRow, path_of
from starrating.services import jobs
from starrating.services.brief.files import brief_file
from starrating.services.brief.reading import quarters_for
from starrating.services.yearbook.files import ENDINGS, begin, kept_file, key_of
from starrating.services.yearbook.reading import LEVELS, Wanted, wanted, years_for

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A report on its page: its name, the endings of files that are there, how far it is, why it failed."""

    name: str
    endings: tuple[str, ...]
    working: bool
    step: str
    fault: str


@bp.get("/divisions/<key:division_id>/papers")
def papers(division_id: int) -> ResponseReturnValue:
    """The reports of a city or district, and how far they are; the year stands in the address."""
    path = _path(division_id)
    years = years_for(division_id)
    year = next((one for one in years if one == number("year")), years[0] if years else 0)
    return render_template(
        "dashboards/papers.html", here=path[-1], path=path_seen(path), year=year,
        year_options=[(one, str(one)) for one in years], book=_made(wanted(division_id, year)) if year else None,
        quarters=quarters_for(division_id),
        briefs=may(person().grants, Act.VIEW_TRIALS, Place(*(one.id for one in path))),
    )  # fmt: skip


@bp.post("/divisions/<key:division_id>/papers")
def make_paper(division_id: int) -> ResponseReturnValue:
    """Begin to make a report; its page shows how far it is."""
    _path(division_id)
    year = request.form.get("year", type=int) or 0
    if begin(wanted(division_id, year)):
        flash(gettext("开始做%(year)s年度年报了，可以离开，做好以后在这里下载。", year=year), "info")
    return redirect(url_for("dashboards.papers", division_id=division_id, year=year), 303)


@bp.get("/divisions/<key:division_id>/yearbook.<ending>")
def yearbook_paper(division_id: int, ending: str) -> ResponseReturnValue:
    """The yearbook of a year as a file; where it is not made yet, the page that makes it."""
    _path(division_id)
    year = number("year")
    if ending not in ENDINGS or year not in years_for(division_id):
        abort(404)
    asked = wanted(division_id, year)
    content = kept_file(asked, ending)
    if content is None:
        flash(gettext("年报的内容有变动，要重新做。请点一次“做年报”。"), "info")
        return redirect(url_for("dashboards.papers", division_id=division_id, year=year))
    return _file(content, asked.name, ending)


@bp.get("/divisions/<key:division_id>/brief.<ending>")
def brief_paper(division_id: int, ending: str) -> ResponseReturnValue:
    """The brief of a quarter as of today, made when it is asked for: for those who see trials."""
    path = _path(division_id)
    if ending not in ENDINGS:
        abort(404)
    name, content = brief_file(path, number("year") or 0, number("quarter") or 0, ending)
    return _file(content, name, ending)


def _file(content: bytes, name: str, ending: str) -> ResponseReturnValue:
    answer = make_response(content)
    answer.content_type = TYPES[ending]
    answer.headers["Content-Disposition"] = disposition(f"{name}.{ending}", inline=False)
    return answer


def _path(division_id: int) -> tuple[DivisionRow, ...]:
    """The way down to a city or district; of townships there are no reports."""
    path = path_of(division_id)
    if path[-1].level not in LEVELS:
        abort(404)
    return path


def _made(asked: Wanted) -> Made:
    endings = tuple(ending for ending in ENDINGS if kept_file(asked, ending) is not None)
    found = jobs.progress(key_of(asked))
    working = found.state == "working"
    return Made(asked.name, endings, working, step_text(found.step) if working else "",
                "" if len(endings) == len(ENDINGS) else ended_text(found))  # fmt: skip
