"""The forms of a year: they check the shape of what was typed, the services decide the rest."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField
from wtforms.validators import DataRequired, NumberRange


class CycleForm(FlaskForm):
    """A new year: its number, and for each kind a demonstration scheme or a file."""

    year = IntegerField(
        lazy_gettext("年度"),
        [
            DataRequired(lazy_gettext("请填写四位数的年份。")),
            NumberRange(2000, 2200, lazy_gettext("年份应在2000到2200之间。")),
        ],
    )
    village = SelectField(lazy_gettext("村的办法"))
    village_file = FileField(lazy_gettext("或者上传村的办法"))
    community = SelectField(lazy_gettext("社区的办法"))
    community_file = FileField(lazy_gettext("或者上传社区的办法"))
