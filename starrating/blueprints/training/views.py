"""The pages of training: what a place holds and goes to, how far a round is and who has not been; names masked."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import number, person
from starrating.blueprints.people.shown import shown_words
from starrating.blueprints.places import own_divisions
from starrating.blueprints.training import bp
from starrating.blueprints.training.files import sent
from starrating.documents.training_workbook import MISSING
from starrating.domain.access import Act, Place, may
from starrating.domain.masking import masked_name
from starrating.domain.posts import PostKind
from starrating.domain.training import hours_text
from starrating.queries import training as question
from starrating.queries.divisions import DivisionRow, path_of
from starrating.queries.pages import SIZE
from starrating.queries.training_standing import Asked, shares, standings, total_of
from starrating.services.people.exports import note_export
from starrating.services.working_days import today
from starrating.vocabulary import training as say
from starrating.vocabulary.people import choices, post_word

bp.context_processor(shown_words)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"hours_text": hours_text, "audience_word": say.audience_word, "presence_word": say.presence_word,
            "posts_word": posts_word, "entry_state": say.state_of_entry, "entry_ending": say.entry_ending_word,
            "recruited_word": say.recruited_word, "source_word": say.source_word,
            "worker_ending": say.worker_ending_word}  # fmt: skip


def posts_word(kinds: tuple[PostKind, ...]) -> str:
    """The posts somebody holds, for people."""
    return str(gettext("、").join(post_word(kind) for kind in dict.fromkeys(kinds)))


def place_on(division_id: int) -> tuple[DivisionRow, Place]:
    """A division and its place."""
    path = path_of(division_id)
    return path[-1], Place(*(row.id for row in path))


@bp.get("/")
def index() -> ResponseReturnValue:
    """The training of whoever has one place; of those with several a list of them."""
    found = own_divisions(Act.VIEW_PEOPLE)
    if len(found) == 1:
        return redirect(url_for("training.division", division_id=found[0].id))
    return render_template("training/index.html", found=found)


@bp.get("/divisions/<key:division_id>")
def division(division_id: int) -> ResponseReturnValue:
    """The rounds and courses of a year that concern a division."""
    return shown(division_id)


def shown(division_id: int, error: str = "", field: str = "") -> str:
    """The page of a division, with what is wrong with its form of a round."""
    (here, place), day = place_on(division_id), today()
    years = question.years_about(place)
    year = number("year") or (day.year if day.year in years or not years else years[0])
    rounds, courses = question.rounds_about(place, year), question.courses_about(place, year)
    standing = standings(rounds, place, day)
    return render_template(
        "training/division.html", here=here, year=year, years=sorted({*years, day.year}, reverse=True), rounds=rounds,
        totals={key: total_of(asked) for key, asked in standing.items()}, courses=courses,
        counts=question.counts_of([one.id for one in courses], [place]), place=place, typed=request.form, error=error,
        field=field, manages=may(person().grants, Act.MANAGE_PEOPLE, place), day=day, **offered(),
    )  # fmt: skip


def offered() -> dict[str, object]:
    """What the forms of rounds and courses offer."""
    return {"audiences": choices(say.AUDIENCES), "unit_kinds": choices(say.UNIT_KINDS)}


@bp.get("/divisions/<key:division_id>/rounds/<key:round_id>")
def round_shown(division_id: int, round_id: int) -> ResponseReturnValue:
    """How far a round is within a division: the share by division below it, and who has not been."""
    (here, place), row = place_on(division_id), question.round_row(round_id) or abort(404)
    asked = standings([row], place, today())[row.id]
    left, page = [one for one in asked if not one.met], number("page") or 1
    page = max(1, min(page, -(-len(left) // SIZE) or 1))
    shown = left[(page - 1) * SIZE : page * SIZE]
    return render_template(
        "training/round.html", here=here, row=row, total=total_of(asked), left=shown, page=page, size=SIZE,
        lines=shares(asked, by_district=here.level == "municipality"),
        courses=question.courses_of_round(round_id), names=question.names_of([one.person_id for one in shown]),
        manages=may(person().grants, Act.MANAGE_PEOPLE, row.place), day=today(),
    )  # fmt: skip


@bp.post("/divisions/<key:division_id>/rounds/<key:round_id>/missing.xlsx")
def missing_file(division_id: int, round_id: int) -> ResponseReturnValue:
    """Who has not been to a round, as a workbook; that it was taken out is on the trail."""
    (here, place), row = place_on(division_id), question.round_row(round_id) or abort(404)
    asked = standings([row], place, today())[row.id]
    left = [one for one in asked if not one.met]
    names = question.names_of([one.person_id for one in left])
    with in_chinese():
        rows = [_row(one, names[one.person_id], row.need.needed) for one in left]
        name = gettext("%(place)s%(round)s没有参加的名单", place=here.name, round=row.name)
    note_export(division_id, "round_missing", name, len(rows), person())
    return sent(name, MISSING, rows)


def _row(one: Asked, name: str, needed: int) -> list[str]:
    unit = one.unit
    return [str(one.person_id), masked_name(name), unit.district, unit.township, unit.name, posts_word(one.kinds),
            hours_text(one.hours or 0), hours_text(needed) if needed else gettext("任一期")]  # fmt: skip
