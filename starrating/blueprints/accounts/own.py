"""What everybody does with their own account: sign in, sign out, change the password."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.accounts import bp
from starrating.blueprints.accounts.forms import PasswordForm, SignInForm
from starrating.blueprints.languages import renew_session
from starrating.blueprints.pages import local_target, person
from starrating.domain.faults import RuleError
from starrating.errors import sentence, status_of
from starrating.services.accounts import accounts as service
from starrating.services.accounts import sessions


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form."""
    form = SignInForm()
    form.next.data = local_target(request.args.get("next", "")) or ""
    return render_template("accounts/sign_in.html", form=form, refused=False)


@bp.post("/sign-in")
def begin() -> ResponseReturnValue:
    """Begin a session with a token of its own; whatever was wrong, the answer is the same."""
    form = SignInForm()
    if form.validate_on_submit():
        begun = sessions.sign_in(form.name.data or "", form.password.data or "", request.remote_addr or "")
        if begun is not None:
            renew_session(token=begun.token)
            return redirect(local_target(form.next.data or "") or url_for("home"), 303)
    return render_template("accounts/sign_in.html", form=form, refused=not form.errors), 422


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session, here and in the database."""
    who = person()
    sessions.sign_out(who.session_id, who.account_id)
    renew_session()
    flash(gettext("已退出登录。"), "ok")
    return redirect(url_for("accounts.sign_in"), 303)


@bp.get("/password")
def change_password() -> ResponseReturnValue:
    """The form."""
    return render_template("accounts/password.html", form=PasswordForm(), refusal="")


@bp.post("/password")
def store_password() -> ResponseReturnValue:
    """Change the own password; the other sessions end."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template("accounts/password.html", form=form, refusal=""), 422
    try:
        service.change_password(person(), form.old.data or "", form.new.data or "")
    except RuleError as refusal:
        return render_template("accounts/password.html", form=form, refusal=sentence(refusal)), status_of(refusal)
    flash(gettext("密码已修改，其他地方的登录已全部退出。"), "ok")
    return redirect(url_for("home"), 303)
