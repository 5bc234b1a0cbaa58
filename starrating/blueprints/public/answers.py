"""How public pages are answered: their own frame, and nothing sent again that a browser already has."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from flask import Response, current_app, make_response, render_template, request, url_for
from flask_babel import gettext

from starrating.blueprints.languages import day_name, day_of, language
from starrating.blueprints.pages import kind_name, person_or_none, shell
from starrating.queries import publications as question
from starrating.queries.cycles import SAMPLE
from starrating.queries.public_lists import PublicList

MAX_AGE = 60


def frame(here: str, lists: Sequence[PublicList] = ()) -> dict[str, Any]:
    """The frame around public pages: their own menu and name."""
    own = shell()
    menu = [(gettext("公示"), url_for("public.notices"), here == "notices"),
            (gettext("名单"), url_for("public.index"), here == "lists"),
            (gettext("核验"), url_for("public.verify"), here == "verify"),
            (gettext("异议"), url_for("public.objection"), here == "objection")]  # fmt: skip
    titles = [one.scheme for one in lists] or question.scheme_titles()
    sample = any(SAMPLE in title for title in titles)
    foot = [gettext("本页只公开星级评定结果，不含个人信息。")]
    if sample:
        foot.append(gettext("本页所有分数与星级均为示例，与真实村、社区无关。"))
    frame = {"home": url_for("public.index"), "site": gettext("村社区星级公开"), "public_nav": menu, "foot": foot}
    return {
        "shell": {**own, **frame, "sample": sample},
        "kind_word": kind_name,
        "day_name": day_name,
        "day_of": day_of,
    }


def page(template: str, seen: Sequence[str], **facts: Any) -> Response:
    """A page that a browser keeps for a while; `seen` is what it depends on."""
    same = unchanged(seen)
    return same if same is not None else kept(make_response(render_template(template, **facts)), seen)


def file_name(year: int, district: str, kind: str, edition: int | None = None) -> str:
    """What a list's file is called, without its ending; one that was asked for by its edition says which."""
    return f"starrating-{year}-{district}-{kind}" + ("" if edition is None else f"-{edition}")


def _mark(seen: Sequence[str]) -> str:
    """What the answer depends on, as one word: the address, what it shows, the language and size of type."""
    who, own = person_or_none(), shell()
    large = own["large"]["on"]
    parts = [request.full_path, language(), str(large), str(who.account_id if who else ""),
             str(current_app.config.get("STATIC_VERSION")), *seen]  # fmt: skip
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


def unchanged(seen: Sequence[str]) -> Response | None:
    """304 where the browser has the page already."""
    if not request.if_none_match.contains(_mark(seen)):
        return None
    return kept(Response(status=304), seen)


def kept(answer: Response, seen: Sequence[str]) -> Response:
    """An answer that a browser keeps for a while and need not be sent again."""
    answer.set_etag(_mark(seen))
    answer.cache_control.public = True
    answer.cache_control.max_age = MAX_AGE
    answer.vary.add("Cookie")
    answer.make_conditional(request)
    return answer
