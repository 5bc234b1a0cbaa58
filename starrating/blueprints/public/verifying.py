"""Checking a list without signing in: a file that somebody has, or a unit by its code; the keys that signed.

A file is read in memory and forgotten; nothing is stored, and what it says goes to the page as text alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from flask import abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from starrating.blueprints.limits import CHECKS
from starrating.blueprints.pages import number, words
from starrating.blueprints.public import bp
from starrating.blueprints.public.answers import file_name, frame, kept, page
from starrating.blueprints.public.narrowing import MOVEMENTS
from starrating.extensions import limiter
from starrating.queries import editions as question
from starrating.queries.edition_files import LARGEST_FILE, Difference, Verdict, check_file
from starrating.queries.editions import Edition, KeyRow
from starrating.queries.public_lists import PublicUnit
from starrating.queries.publications import lists, publications_of_year, published_years
from starrating.services.working_days import BEIJING
from starrating.wording.language import mark as _l

MEGABYTE = 1024 * 1024
SERIAL = re.compile(r"([0-9]{4})-([0-9]{12})")
PARTS: Mapping[str, str] = {
    "missing": _l("文件里没有这个单位"),
    "added": _l("发布的名单里没有这个单位"),
    "order": _l("单位的次序"),
    "name": _l("名称"),
    "township": _l("乡镇、街道"),
    "level": _l("星级"),
    "previous": _l("上次星级"),
    "change": _l("升降级数"),
    "movement": _l("变动"),
    "total": _l("总分"),
    "rank": _l("名次"),
    "pool": _l("评定范围"),
    "reasons": _l("理由"),
    "scheme": _l("办法"),
    "previous_list": _l("上一份名单的摘要"),
    "counts": _l("各级个数"),
    "movements": _l("变动个数"),
    "levels": _l("星级的设置"),
    "townships": _l("乡镇、街道的名称"),
    "notice": _l("公示起止"),
    "district": _l("区"),
    "format": _l("格式"),
    "determination": _l("审定"),
    "show_scores": _l("是否公布得分"),
    "left_out": _l("没有公开的内容"),
    "decisions": _l("发布以后的决定"),
    "restates": _l("更正的是哪一版"),
    "corrections": _l("发布以后更正的数据"),
    "issued": _l("发文机关和发文字号"),
}
"""The parts of an edition for people; a raw value goes by its header."""


@bp.get("/verify")
def verify() -> ResponseReturnValue:
    """Choose a file, or type a unit's code and a year, or the serial of a plaque, which holds both."""
    typed = words("code")
    serial = SERIAL.fullmatch(typed)
    code, year = (serial[2], int(serial[1])) if serial else (typed, number("year"))
    found = _unit(code, year) if code and year else None
    latest = max((row[0] for row in published_years()), default=0)
    later = _unit(code, latest) if found and year and latest > year else None
    return _verify(code=code, asked=year, found=found, later=later[0] if later else None, latest=latest)


@bp.post("/verify")
@limiter.limit(CHECKS)
def check() -> ResponseReturnValue:
    """Say in words whether a file is the list that was published, and if not, where it departs from it."""
    request.max_content_length = LARGEST_FILE + MEGABYTE
    try:
        sent = request.files.get("file")
    except RequestEntityTooLarge:
        return _verify(error=_too_large()), 413
    raw = b""
    if sent is not None:
        with sent.stream as stream:
            raw = stream.read(LARGEST_FILE + 1)
    if not raw:
        return _verify(error=gettext("没有收到文件，没有核验。请选一个从名单页下载的文件再试。")), 422
    if len(raw) > LARGEST_FILE:
        return _verify(error=_too_large()), 413
    return _verify(verdict=check_file(raw))


@bp.get("/keys")
def keys() -> ResponseReturnValue:
    """The public keys, each with its days."""
    found = question.signing_keys()
    return page("public/keys.html", [str(found)], keys=found, **frame("verify"))


@bp.get("/keys.json")
def keys_file() -> ResponseReturnValue:
    """The same for programs."""
    found = question.signing_keys()
    said = [{"algorithm": "Ed25519", "public_key": one.public_key, "fingerprint": one.fingerprint,
             "since": one.since.isoformat(), "until": one.until.isoformat() if one.until else None,
             "revoked": _revoked(one)} for one in found]  # fmt: skip
    content = json.dumps(
        {"format": "starrating-keys/1", "keys": said}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return _file(content.encode(), "starrating-keys.json", [str(found)])


def _revoked(one: KeyRow) -> dict[str, object] | None:
    """From which day on a key no longer counts, why, and the digests of the editions that it signed before."""
    if one.revoked is None:
        return None
    since = one.revoked.astimezone(BEIJING).date().isoformat()
    return {"since": since, "reason": one.reason, "editions": list(one.good)}


@bp.get("/lists/<key:year>/<district>/<kind>.sig.json")
@bp.get("/lists/<key:year>/<district>/<kind>/<key:edition>.sig.json")
def proof(year: int, district: str, kind: str, edition: int | None = None) -> ResponseReturnValue:
    """The signature of one list, to lie beside its text: of the edition that stands, or of one by its number."""
    found = question.edition_of(year, district, kind, edition)
    if found is None or not found.signature:
        abort(404)
    name = f"{file_name(year, district, kind, edition)}.sig.json"
    return _file(question.proof_of(found), name, [found.digest, found.signature])


def _file(content: bytes, name: str, seen: list[str]) -> ResponseReturnValue:
    answer = make_response(content)
    answer.content_type = "application/json; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return kept(answer, seen)


def _verify(*, code: str = "", asked: int | None = None, found: tuple[PublicUnit, Edition] | None = None,
            verdict: Verdict | None = None, error: str = "", later: PublicUnit | None = None,
            latest: int = 0) -> str:  # fmt: skip
    """The page; it holds a form with its token, so no browser keeps it for others."""
    years = [row[0] for row in published_years()]
    return render_template(
        "public/verify.html", years=years, code=code, asked=asked or (years[0] if years else None), found=found,
        searched=bool(code), verdict=verdict, error=error, part_word=_part, value_word=_value,
        most=LARGEST_FILE // MEGABYTE, list_of=_list_of, signed=question.signature_holds(found[1]) if found else False,
        later=later, latest=latest, **frame("verify"),
    )  # fmt: skip


def _unit(code: str, year: int) -> tuple[PublicUnit, Edition] | None:
    """A unit of a year's lists by its code, and the edition that names it."""
    for one in lists(publications_of_year(year)):
        for unit in one.units:
            if unit.code == code:
                edition = question.edition_of(year, one.district_code, one.kind)
                return (unit, edition) if edition else None
    return None


def _list_of(edition: Edition) -> str:
    """The page of the list that stands, or of the edition that a later one has taken the place of."""
    if edition.later:
        return url_for("public.edition", year=edition.year, district=edition.district_code, kind=edition.kind,
                       edition=edition.edition)  # fmt: skip
    return url_for("public.year_list", year=edition.year, district=edition.district_code, kind=edition.kind)


def _part(difference: Difference) -> str:
    """A part in words; a raw value by its header, points by their indicator."""
    part = difference.part
    if part in PARTS:
        return str(gettext(PARTS[part]))
    if part.startswith("points."):
        return str(gettext("得分%(code)s", code=part.removeprefix("points.")))
    return str(gettext("数据%(header)s", header=part))


def _value(part: str, value: str) -> str:
    """A value in words where it is a code."""
    return str(gettext(MOVEMENTS[value])) if part == "movement" and value in MOVEMENTS else value


def _too_large() -> str:
    most = LARGEST_FILE // MEGABYTE
    return str(gettext("文件太大，没有核验。名单的文件不会超过%(most)s MB，请核对是不是选错了。", most=most))
