"""What all pages share: the frame, the language, who is signed in, the words of codes, links within the site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_wtf import FlaskForm

from starrating.blueprints.languages import BEIJING, CHINESE, ENGLISH, LOCALES, NAMES, TAGS, chosen
from starrating.domain.access import Act, Role, may_somewhere
from starrating.queries.cycles import sample_shown
from starrating.queries.identities import Identity
from starrating.services.names import plain_text
from starrating.vocabulary.calendar import deadline, stage_name, state_name
from starrating.wording.language import mark as _l

ROLES: Mapping[Role, str] = {
    Role.CITY_ADMINISTRATOR: _l("市级管理员"),
    Role.DISTRICT_ADMINISTRATOR: _l("区级管理员"),
    Role.DISTRICT_ASSESSOR: _l("区级评定员"),
    Role.TOWNSHIP_OFFICER: _l("乡镇街道经办人"),
    Role.UNIT: _l("村（社区）"),
    Role.AUDITOR: _l("督查员"),
}
KINDS: Mapping[str, str] = {"village": _l("村"), "community": _l("社区")}


def register(app: Flask) -> None:
    """Add what templates may call."""
    app.add_url_rule("/preferences", "preferences", preferences, methods=["GET"])
    app.add_template_filter(beijing, "beijing")
    app.add_template_filter(deadline, "deadline")
    app.context_processor(lambda: {"shell": shell()})
    app.jinja_env.globals.update(role_name=role_name, kind_name=kind_name, form_errors=form_errors)
    app.jinja_env.globals.update(state_name=state_name, stage_name=stage_name)


def shell() -> dict[str, Any]:
    """The frame around a page: who is signed in, where they can go, the language, the size of type."""
    who = person_or_none()
    large, other = session.get("large") == "1", ENGLISH if chosen() == CHINESE else CHINESE
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    found: dict[str, Any] = {
        "home": url_for("home"),
        "lang": TAGS[chosen()],
        "large": {"on": large, "href": url_for("preferences", large="0" if large else "1", next=here)},
        "language": {
            "label": NAMES[other],
            "lang": TAGS[other],
            "href": url_for("preferences", language=other, next=here),
        },
    }
    if who is not None:
        roles = dict.fromkeys(role_name(grant.role) for grant in who.grants)
        found["person"] = {
            "name": who.display_name, "office": gettext("、").join(roles), "href": url_for("accounts.change_password"),
        }  # fmt: skip
        found["leave"] = url_for("accounts.sign_out")
        found["nav"] = [] if who.must_change_password else navigation()
        found["sample"] = _sample()
        found["search"] = url_for("units.index") if can(Act.VIEW_UNITS) and not who.must_change_password else None
    else:
        found["open"] = [(gettext("公示和名单"), url_for("public.index"), gettext("各年度的星级，按区和乡镇街道查"))]
    return found


def _sample() -> bool:
    """True where what is shown is an example, asked once a request."""
    if "sample" not in g:
        g.sample = sample_shown()
    return bool(g.sample)


NAVIGATION: tuple[tuple[str, tuple[tuple[str, str, Act | None], ...]], ...] = (
    ("", (("home", _l("首页"), None),)),
    (
        _l("本年评定"),
        (
            ("schemes.index", _l("年度和办法"), Act.VIEW_CYCLE),
            ("scoring.index", _l("评分录入"), Act.VIEW_SCORES),
            ("progress.index", _l("填报进度"), Act.VIEW_SCORES),
            ("assessments.index", _l("自评和初评"), Act.VIEW_ASSESSMENTS),
            ("verification.index", _l("复核"), Act.VIEW_TRIALS),
            ("exchange.index", _l("导入导出"), Act.VIEW_SCORES),
            ("spot_checks.index", _l("暗访"), Act.VIEW_SPOT_CHECKS),
            ("rating.index", _l("评定结果"), Act.VIEW_RATINGS),
            ("objections.index", _l("异议"), Act.VIEW_OBJECTIONS),
        ),
    ),
    (
        _l("看结果"),
        (
            ("dashboards.index", _l("图表"), Act.VIEW_RATINGS),
            ("consequences.index", _l("结果运用"), Act.VIEW_CONSEQUENCES),
        ),
    ),
    (
        _l("基础数据"),
        (
            ("units.index", _l("区划和村社区"), Act.VIEW_UNITS),
            ("people.index", _l("人员与任职"), Act.VIEW_PEOPLE),
            ("checks.index", _l("任职资格联审"), Act.ANSWER_CHECKS),
            ("training.index", _l("培训和培养"), Act.VIEW_PEOPLE),
            ("calendar.working_days", _l("工作日"), Act.SET_WORKING_DAYS),
        ),
    ),
    (
        _l("管理"),
        (("accounts.index", _l("账号和角色"), Act.VIEW_ACCOUNTS), ("audit.index", _l("留痕"), Act.VIEW_AUDIT)),
    ),
)
"""The groups of the main menu and the act each entry asks for, None for none; whoever may not does not see it."""


def navigation() -> list[dict[str, Any]]:
    """The main menu of whoever is signed in."""
    here = (request.endpoint or "").partition(".")[0]
    groups = []
    for title, entries in NAVIGATION:
        items = [
            {"label": gettext(label), "href": url_for(to), "current": to.partition(".")[0] == here}
            for to, label, act in entries
            if act is None or can(act)
        ]
        if items:
            groups.append({"title": gettext(title) if title else "", "items": items})
    return groups


def preferences() -> ResponseReturnValue:
    """Keep the language and the size of type in the browser's own session; nothing is stored here."""
    if request.args.get("language") in LOCALES:
        session["language"] = request.args["language"]
    if request.args.get("large") in ("0", "1"):
        session["large"] = request.args["large"]
    return redirect(local_target(request.args.get("next", "")) or url_for("home"))


def form_errors(form: FlaskForm, *more: str) -> list[tuple[str, str]]:
    """What a form says is wrong, field by field, and what a service refused, for the summary above it."""
    first = next(iter(form)).id
    found = [(field.id, str(field.errors[0])) for field in form if field.errors]
    return [*found, *((first, text) for text in more if text)]


def person() -> Identity:
    """Who is signed in; the guard has made sure that somebody is."""
    return cast("Identity", current_user._get_current_object())


def person_or_none() -> Identity | None:
    """Who is signed in, None for the public."""
    return person() if current_user.is_authenticated else None


def can(act: Act) -> bool:
    """True where the person may do an act somewhere: which entries of the navigation are shown, never more."""
    who = person_or_none()
    return who is not None and may_somewhere(who.grants, act)


def role_name(role: Role) -> str:
    """A role's name for people."""
    return str(gettext(ROLES[role]))


def kind_name(kind: str) -> str:
    """A unit kind's name for people."""
    return str(gettext(KINDS[kind]))


def kind_names() -> dict[str, str]:
    """The kinds of units, to choose from."""
    return {kind: kind_name(kind) for kind in KINDS}


def beijing(instant: datetime | None, pattern: str = "%Y-%m-%d %H:%M") -> str:
    """An instant as it is in Beijing."""
    return "" if instant is None else instant.astimezone(BEIJING).strftime(pattern)


def beijing_day(text: str, *, end: bool = False) -> datetime | None:
    """The first instant of a day written `2024-01-31`, or with `end` the first after it; None where it is no day."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=BEIJING)
        return (day.replace(hour=23, minute=59, second=59, microsecond=999_999) if end else day).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def words(name: str) -> str:
    """What was typed into a field of search, as one short line."""
    return plain_text(request.args.get(name, ""), 60)


def number(name: str) -> int | None:
    """A key or a page number in the address; None where it is missing or none."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 else None


def local_target(target: str) -> str | None:
    """`target`, if it is a path on this site and nothing else: no host, no scheme, no trick with slashes."""
    if not target.startswith("/") or target.startswith("//") or len(target) > 2_000:
        return None
    if "\\" in target or any(ord(letter) < 33 or ord(letter) == 127 for letter in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return target if not parts.scheme and not parts.netloc and not parts.path.startswith("//") else None
