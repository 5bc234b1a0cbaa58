"""Reports of a city or district: what there is to make, how far it is, and the files; made in the background."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
from starrating.services.brief import files as briefs
from starrating.services.brief.reading import QUARTERS, Quarter, checked, quarters_for
from starrating.services.yearbook.files import ENDINGS, begin, endings_kept, kept_file, key_of
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
    at: datetime | None = None
    """Of which moment a brief is."""
    year: int = 0
    quarter: int = 0


@bp.get("/divisions/<key:division_id>/papers")
def papers(division_id: int) -> ResponseReturnValue:
    """The reports of a city or district, and how far they are; the year stands in the address."""
    path = _path(division_id)
    years = years_for(division_id)
    year = next((one for one in years if one == number("year")), years[0] if years else 0)
    return render_template(
        "dashboards/papers.html", here=path[-1], path=path_seen(path), year=year,
        year_options=[(one, str(one)) for one in years], book=_made(wanted(division_id, year)) if year else None,
        briefs=_briefs(path) if may(person().grants, Act.VIEW_TRIALS, Place(*(one.id for one in path))) else None,
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


@bp.post("/divisions/<key:division_id>/briefs")
def make_brief(division_id: int) -> ResponseReturnValue:
    """Begin to make the brief of a quarter as of now; its page shows how far it is."""
    path = _path(division_id)
    year, quarter = (request.form.get(name, type=int) or 0 for name in ("year", "quarter"))
    if briefs.begin(path, year, quarter):
        said = gettext(
            "开始做%(year)s年第%(quarter)s季度简报了，可以离开，做好以后在这里下载。",
            year=year,
            quarter=quarter,
        )
        flash(said, "info")
    return redirect(url_for("dashboards.papers", division_id=division_id, _anchor="briefs"), 303)


@bp.get("/divisions/<key:division_id>/brief.<ending>")
def brief_paper(division_id: int, ending: str) -> ResponseReturnValue:
    """The brief of a quarter as it was made last, for those who see trials; where there is none, its page."""
    path = _path(division_id)
    if ending not in ENDINGS:
        abort(404)
    quarter = Quarter(number("year") or 0, number("quarter") or 0)
    checked(path, quarter.year, quarter.number)
    made = briefs.last_made(briefs.progress_of(path[-1], quarter.year, quarter.number))
    content = briefs.kept_file(made, ending) if made else None
    if content is None:
        flash(gettext("这份简报还没有做，没有下载。请先点“做简报”。"), "info")
        return redirect(url_for("dashboards.papers", division_id=division_id, _anchor="briefs"))
    return _file(content, briefs.name_of(path[-1], quarter), ending)


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
    endings = endings_kept(key_of(asked))
    found = jobs.progress(key_of(asked))
    working = found.state == "working"
    return Made(asked.name, endings, working, step_text(found.step) if working else "",
                "" if len(endings) == len(ENDINGS) else ended_text(found, kept=bool(endings)))  # fmt: skip


def _briefs(path: tuple[DivisionRow, ...]) -> list[Made]:
    """The quarters of the two newest years, the newer first."""
    return [_brief(path[-1], year, quarter) for year in quarters_for(path[-1].id)[:2] for quarter in QUARTERS]


def _brief(here: DivisionRow, year: int, quarter: int) -> Made:
    found = briefs.progress_of(here, year, quarter)
    made, working = briefs.last_made(found), found.state == "working"
    endings = briefs.endings_made(made)
    step, at = step_text(found.step) if working else "", made.at if made and endings else None
    name = briefs.name_of(here, Quarter(year, quarter))
    return Made(name, endings, working, step, ended_text(found, kept=bool(endings)), at, year, quarter)
