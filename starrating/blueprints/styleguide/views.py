"""Pages that show what the templates can do: no database, no rights, no writing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from starrating.blueprints.styleguide import sample

bp = Blueprint("styleguide", __name__, url_prefix="/styleguide")

ERRORS = (400, 403, 404, 409, 413, 422, 429, 500, 503)
MOST_ROWS = 5000


@bp.context_processor
def _shell() -> dict[str, Any]:
    """The shell with every part filled, as the application would pass it; large type by `?large=1`."""
    large = request.args.get("large") == "1"
    turned = url_for(
        request.endpoint or "styleguide.kit", **{**(request.view_args or {}), "large": "0" if large else "1"}
    )
    return {"shell": sample.shell(request.path, large={"on": large, "href": turned})}


def _count(default: int) -> int:
    return min(max(request.args.get("rows", default, int), 0), MOST_ROWS)


@bp.get("/")
def kit() -> str:
    """Every component in every state."""
    return render_template("styleguide/kit.html", sample=sample, errors=ERRORS)


@bp.get("/result")
def result() -> str:
    """A determined list with its quota line, from 0 to 5,000 rows."""
    count = _count(24)
    return render_template("styleguide/result.html", sample=sample, rows=sample.result_rows(count), count=count)


@bp.get("/list")
def public_list() -> str:
    """The public list."""
    return render_template("styleguide/list.html", sample=sample, rows=sample.public_rows(_count(12)))


@bp.get("/unit")
def unit() -> str:
    """One unit's star, explained."""
    return render_template("styleguide/unit.html", sample=sample)


@bp.get("/sign-in")
def sign_in() -> str:
    """The sign-in page, with `?error=1` as it comes back."""
    return render_template("styleguide/sign_in.html", sample=sample, failed=request.args.get("error") == "1")


@bp.get("/error/<int:status>")
def error(status: int) -> str:
    """An error page as people would see it, but answered with 200."""
    if status not in ERRORS:
        abort(404)
    return render_template(f"errors/{status}.html")
