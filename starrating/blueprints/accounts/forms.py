"""The forms of accounts: they check the shape of what was typed, the services decide the rest."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, Length, NumberRange, Optional

from starrating.blueprints.pages import ROLES
from starrating.domain.access import Role

LARGEST = 2**31 - 1
LONGEST_TYPED = 1_000


class SignInForm(FlaskForm):
    """Name and password; where to go afterwards."""

    name = StringField(lazy_gettext("账号"), [DataRequired(lazy_gettext("请填写账号。")), Length(max=200)])
    password = PasswordField(
        lazy_gettext("密码"), [DataRequired(lazy_gettext("请填写密码。")), Length(max=LONGEST_TYPED)]
    )
    next = HiddenField()


class PasswordForm(FlaskForm):
    """The old password and twice the new one."""

    old = PasswordField(
        lazy_gettext("原密码"), [DataRequired(lazy_gettext("请填写原密码。")), Length(max=LONGEST_TYPED)]
    )
    new = PasswordField(
        lazy_gettext("新密码"), [DataRequired(lazy_gettext("请填写新密码。")), Length(max=LONGEST_TYPED)]
    )
    again = PasswordField(
        lazy_gettext("再输一遍新密码"),
        [DataRequired(lazy_gettext("请再输一遍新密码。")), EqualTo("new", lazy_gettext("两遍新密码不一样。"))],
    )


class AccountForm(FlaskForm):
    """A new account: its name, the person's name, the division that looks after it."""

    name = StringField(lazy_gettext("账号"), [DataRequired(lazy_gettext("请填写账号。")), Length(max=64)])
    display_name = StringField(
        lazy_gettext("姓名或岗位"), [DataRequired(lazy_gettext("请填写姓名或岗位。")), Length(max=60)]
    )
    division = SelectField(lazy_gettext("管理单位"), coerce=int)


class GrantForm(FlaskForm):
    """A role, the division or unit it is given at, the department of an assessor."""

    role = SelectField(
        lazy_gettext("角色"), choices=[SelectChoice(role.value, lazy_gettext(name)) for role, name in ROLES.items()]
    )
    division = SelectField(lazy_gettext("区划"), coerce=int)
    unit = IntegerField(lazy_gettext("村（社区）编号"), [Optional(), NumberRange(1, LARGEST)])
    department = StringField(lazy_gettext("所属部门"), [Length(max=60)])

    def chosen_role(self) -> Role:
        """The role that was chosen."""
        return Role(str(self.role.data))
