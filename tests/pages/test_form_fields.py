"""WTForms fields in the house's dress: labelled, described, valid, whatever their kind."""

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from tests.pages.client import faults

PAGE = """<!doctype html><html lang="zh-Hans"><head><title>表单，站</title></head><body><h1>表单</h1>
{% from "macros/forms.html" import form_field %}{% from "macros/notices.html" import error_summary %}
{{ error_summary(errors) }}
<form action="/x" method="post"><input type="hidden" name="csrf_token" value="t">
{% for field in form %}{{ form_field(field, hint="写清楚", beside="会留痕") }}{% endfor %}</form></body></html>"""


ABOUT = [SelectChoice("points", "得分"), SelectChoice("level", "星级")]


class Everything(Form):
    account = StringField("账号", [InputRequired("要填账号。")])
    password = PasswordField("密码")
    reason = TextAreaField("理由")
    town = SelectField("镇", choices=[SelectChoice("a", "天穆镇"), SelectChoice("b", "北仓镇")], validate_choice=False)
    about = RadioField("对什么有异议", [InputRequired("要选一样。")], choices=ABOUT, validate_choice=False)
    true = BooleanField("我写的是真实情况")


@pytest.mark.parametrize(
    "data", [{}, {"account": "beichen"}, {"account": "甲", "about": "points", "true": "y", "town": "b"}]
)
def test_a_form_keeps_the_rules_whatever_comes_back(guide: Flask, data: dict[str, str]) -> None:
    form = Everything(MultiDict(data))
    form.validate()
    errors = [(field.id, field.errors[0]) for field in form if field.errors]
    with guide.test_request_context("/"):
        page = render_template_string(PAGE, form=form, errors=errors)
    assert faults(page) == []
    assert ('aria-invalid="true"' in page) is ("account" not in data)
    assert ("要填账号。" in page) is ("account" not in data)
    assert ("要选一样。" in page) is ("about" not in data)
    assert page.count("写清楚") == 6
