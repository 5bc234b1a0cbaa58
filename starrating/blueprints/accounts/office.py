"""What administrators do with the accounts of their scope; auditors see the same pages and change nothing."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from starrating.blueprints.accounts import bp
from starrating.blueprints.accounts.forms import AccountForm, GrantForm
from starrating.blueprints.pages import number, person, words
from starrating.domain.access import EVERYWHERE, Act, may, may_somewhere, places
from starrating.domain.faults import RuleError
from starrating.errors import sentence, status_of
from starrating.queries import accounts as question
from starrating.queries.divisions import divisions_in
from starrating.services.accounts import accounts as service

Choices = list[SelectChoice]


def _homes() -> Choices:
    """The divisions an administrator's new account can belong to; 0 is the city itself."""
    held = places(person().grants, Act.MANAGE_ACCOUNTS)
    found = [
        SelectChoice(row.id, row.name) for level in ("municipality", "district") for row in divisions_in(held, level)
    ]
    found += [SelectChoice(row.id, f"　{row.name}") for row in divisions_in(held, "township")]
    return [SelectChoice(0, gettext("全市")), *found] if EVERYWHERE in held else found


@bp.get("/")
def index() -> ResponseReturnValue:
    """The accounts in scope."""
    held = places(person().grants, Act.VIEW_ACCOUNTS)
    found = question.accounts(held, words("q"), number("page") or 1)
    manages = may_somewhere(person().grants, Act.MANAGE_ACCOUNTS)
    return render_template("accounts/index.html", found=found, words=words("q"), manages=manages)


@bp.get("/new")
def create() -> ResponseReturnValue:
    """The form of a new account."""
    form = AccountForm()
    form.division.choices = _homes()
    return render_template("accounts/create.html", form=form, refusal="")


@bp.post("/new")
def store() -> ResponseReturnValue:
    """Create an account; its one-time password is on the answer and nowhere else."""
    form = AccountForm()
    form.division.choices = _homes()
    if not form.validate_on_submit():
        return render_template("accounts/create.html", form=form, refusal=""), 422
    try:
        made = service.create_account(
            form.name.data or "", form.display_name.data or "", form.division.data or None, person()
        )
    except RuleError as refusal:
        return render_template("accounts/create.html", form=form, refusal=sentence(refusal)), status_of(refusal)
    return render_template("accounts/new_password.html", made=made, reset=False), 201


@bp.get("/<key:account_id>")
def show(account_id: int) -> ResponseReturnValue:
    """One account: its roles, its sessions, and what can be done with it."""
    return _shown(account_id, "")


@bp.post("/<key:account_id>/grants")
def grant(account_id: int) -> ResponseReturnValue:
    """Give a role."""
    form = GrantForm()
    form.division.choices = _homes()
    if not form.validate_on_submit():
        return _shown(account_id, gettext("请检查角色和区划。"), 422)
    unit = form.unit.data
    division = None if unit else form.division.data or None
    try:
        service.grant_role(account_id, form.chosen_role(), division, unit, form.department.data or "", person())
    except RuleError as refusal:
        return _shown(account_id, sentence(refusal), status_of(refusal))
    flash(gettext("已授予角色，对方下一次操作时生效。"), "ok")
    return redirect(url_for("accounts.show", account_id=account_id), 303)


@bp.post("/<key:account_id>/grants/<key:grant_id>/revoke")
def revoke(account_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a role back."""
    service.revoke_role(account_id, grant_id, person())
    flash(gettext("已收回角色，立即生效。"), "ok")
    return redirect(url_for("accounts.show", account_id=account_id), 303)


@bp.post("/<key:account_id>/disable")
def disable(account_id: int) -> ResponseReturnValue:
    """Shut an account out."""
    service.disable_account(account_id, person())
    flash(gettext("账号已停用，其登录已全部退出。"), "ok")
    return redirect(url_for("accounts.show", account_id=account_id), 303)


@bp.post("/<key:account_id>/enable")
def enable(account_id: int) -> ResponseReturnValue:
    """Let an account in again."""
    service.enable_account(account_id, person())
    flash(gettext("账号已恢复使用。"), "ok")
    return redirect(url_for("accounts.show", account_id=account_id), 303)


@bp.post("/<key:account_id>/password")
def reset_password(account_id: int) -> ResponseReturnValue:
    """Give an account a new one-time password, shown on the answer and nowhere else."""
    made = service.reset_password(account_id, person())
    return render_template("accounts/new_password.html", made=made, reset=True)


def _shown(account_id: int, refusal: str, status: int = 200) -> ResponseReturnValue:
    account = question.account(account_id)
    if account is None:
        abort(404)
    form = GrantForm()
    form.division.choices = _homes()
    place = question.place_of_account(account_id) or EVERYWHERE
    manages = may(person().grants, Act.MANAGE_ACCOUNTS, place) and account_id != person().account_id
    shown = render_template(
        "accounts/account.html", account=account, form=form, manages=manages, refusal=refusal,
        sessions=question.open_sessions(account_id),
    )  # fmt: skip
    return shown, status
