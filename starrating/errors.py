"""Refusals, missing pages and failures, as sentences and pages for people and as JSON for programs that ask for it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from starrating.domain.faults import RuleError
from starrating.domain.objections import Part
from starrating.domain.windows import Stage
from starrating.domain.workflow import CycleState
from starrating.extensions import db, limiter
from starrating.services.divisions.rows import RowFault
from starrating.vocabulary.assessment import ASSESSMENT_REFUSALS
from starrating.vocabulary.boundaries import BOUNDARY_REFUSALS
from starrating.vocabulary.calendar import deadline, stage_name, state_name
from starrating.vocabulary.cases import CASE_REFUSALS
from starrating.vocabulary.files import FILE_REFUSALS
from starrating.vocabulary.objections import OBJECTION_REFUSALS, part_word
from starrating.vocabulary.people import CANDIDATE_REFUSALS, PEOPLE_REFUSALS, PERSONAL_REFUSALS, ROSTER_REFUSALS
from starrating.vocabulary.publication import PUBLICATION_REFUSALS
from starrating.wording.sheet_faults import SHEET_FAULTS


def _l(text: str) -> str:
    """Marks a sentence of a table for translation, which happens when it is said."""
    return text


REFUSALS: Mapping[str, tuple[int, str]] = {
    **ASSESSMENT_REFUSALS,
    **FILE_REFUSALS,
    **PUBLICATION_REFUSALS,
    **OBJECTION_REFUSALS,
    **PEOPLE_REFUSALS,
    **PERSONAL_REFUSALS,
    **CANDIDATE_REFUSALS,
    **ROSTER_REFUSALS,
    **CASE_REFUSALS,
    **BOUNDARY_REFUSALS,
    "form.choice": (422, _l("选的不在列出的里面，什么都没有存，你填的都在。请重新选。")),
    "account.name": (422, _l("账号名只能用汉字、字母、数字和 . _ - @，最长{longest}个字符，中间不能有空格。")),
    "account.taken": (409, _l("账号名“{name}”已有人使用，请换一个。")),
    "account.own": (409, _l("不能对自己的账号做这一操作，请由另一位管理员办理。")),
    "account.none": (404, _l("没有这个账号。")),
    "account.no_grant": (404, _l("该账号没有这项角色，可能刚被收回。")),
    "account.no_place": (422, _l("没有这个区划或单位，请重新选择。")),
    "account.out_of_scope": (403, _l("这个账号持有你无权管理的角色，没有改动。请由上级管理员办理。")),
    "account.role_out_of_scope": (403, _l("你不能在这里授予或收回这一角色，没有改动。请由上级管理员办理。")),
    "account.department": (422, _l("区级评定员须填写所属部门。")),
    "cycle.none": (404, _l("没有这个年度。")),
    "cycle.no_district": (422, _l("没有这个区，年度没有建立。请重新选择。")),
    "cycle.taken": (409, _l("{district}的{year}年度已经建立，没有再建一个。请打开原来那个年度。")),
    "cycle.no_scheme": (422, _l("没有选办法，年度没有建立。村和社区至少选一个。")),
    "cycle.scheme_kind": (422, _l("《{title}》不适用于这一类单位，没有存。请另选一个办法。")),
    "cycle.scheme_year": (422, _l("《{title}》写的是{written}年度，与{year}年度不符，没有存。请改办法里的 year。")),
    "cycle.kind_without_scheme": (409, _l("区里有一类单位还没有办法，没有进入下一步。请先给村和社区各定一个办法。")),
    "cycle.unassigned": (409, _l("还有{count}项指标没有定由谁填（{codes}），没有开始评分。请先到“谁来填”补上。")),
    "cycle.reason": (422, _l("退回要写明理由，年度没有动。请写上理由再退回。")),
    "cycle.locked": (409, _l("年度已经走到后面的步骤，这里不能再改，原来的内容都在。要改先退回。")),
    "cycle.no_step": (409, _l("年度现在的状态没有这一步，什么都没有动。请刷新页面，看现在走到了哪里。")),
    "cycle.own_act": (409, _l("这一步要在它自己的页面上办，什么都没有动。")),
    "cycle.changed": (409, _l("你打开页面以后别人改过这个年度，你的这次没有存。请刷新页面，看过再改。")),
    "determination.not_open": (409, _l("年度不在评分或复核中，没有试算，原来的结果都在。")),
    "determination.not_verified": (409, _l("年度不在复核中，没有确认，原来的结果都在。请刷新页面，看现在走到了哪里。")),
    "determination.none": (409, _l("还没有试算，没有可以确认的结果。请先试算。")),
    "determination.own": (409, _l("这次试算是你提交的，要由另一个人复核确认（两人复核）。结果没有动。")),
    "determination.changed": (409, _l("你打开页面以后又有人试算过，没有确认。请刷新页面，看过新的结果再确认。")),
    "determination.inputs_changed": (
        409,
        _l("试算以后分数、事件或任职又有改动，没有确认，试算的结果都还在。请重新试算，再由另一个人确认。"),
    ),
    "determination.no_units": (409, _l("这个区没有参评的村或社区，没有试算。请先导入区划和单位。")),
    "text.long": (422, _l("文字太长，没有存。最多{most}个字，请删短再存。")),
    "text.marks": (
        422,
        _l("文字里有看不见的符号（管方向的、连字的，或者私用字库的字），没有存。请删掉这些符号，重新打一遍再存。"),
    ),
    "score.none": (404, _l("没有这一格，或者不归你填，什么都没有存。")),
    "window.not_yet": (409, _l("{stage}从{opens}（北京时间）开始，现在还没有到，没有存。你填的都在，请到时候再存。")),
    "window.over": (
        409,
        _l("{stage}到{closes}（北京时间）为止，已经过了，没有存。你填的都在，可以复制留存；要补，请申请延期。"),
    ),
    "window.not_now": (
        409,
        _l("年度现在是“{state}”，{stage}没有开放，没有存。你填的都在，可以复制留存；要补，请联系区里。"),
    ),
    "window.order": (
        422,
        _l("日期前后颠倒，没有存：{stages}。截止要在开始之后，初评要在自评之后截止，复核要最后截止。"),
    ),
    "import.none": (404, _l("没有等着确认的导入，可能已经存过或过了时间。什么都没有写。")),
    "columns.unknown": (422, _l("选的列表里没有，或者不归你填，没有往下走。请重新选。")),
    "columns.unit": (422, _l("还没有选哪一列写着是哪个单位，没有往下走。请选上。")),
    "columns.none": (422, _l("还没有选哪一列填到哪里，没有往下走。请至少给一列选上指标。")),
    "columns.two_uses": (422, _l("单位、样本数和分数要在不同的列，没有往下走。请改选。")),
    "columns.twice": (422, _l("有两列填到同一个指标（{header}），没有往下走。请只留一列。")),
    "columns.sample": (422, _l("样本数的列和它说的那一列要一起选，那一列也要填到指标，没有往下走。请补上。")),
    "columns.least": (422, _l("最少样本数要是1到{most}的整数，没有往下走。请改。")),
    "import.changed": (409, _l("你看过以后又有人改了分数，没有存。下面是现在的样子，请再看一遍再确认。")),
    "extension.none": (404, _l("没有这个延期，或者不归你办，什么都没有动。")),
    "extension.scope": (422, _l("要选一个乡镇街道、一个单位或者一个部门，没有提交。乡镇街道和单位只能选一个。")),
    "extension.past": (422, _l("延到的日子要在今天或以后，没有存。请改成以后的日子。")),
    "extension.reason": (422, _l("要写明理由，没有存。请写一句。")),
    "extension.own": (409, _l("这个延期是你提出的，要由另一个人批（两人复核）。什么都没有动。")),
    "extension.changed": (409, _l("这个延期已经由别人办过，你的这次没有存。请看过现在的样子再办。")),
    "score.confirmed": (409, _l("有的格区里已经确认，锁定了，没有存。你填的都在下面；要改，请区里先撤回确认。")),
    "determination.returned": (409, _l("还有{count}格退回了没有改好，没有确认。请到“复核”里看，改好或确认以后再来。")),
    "event.none": (404, _l("没有这件事项，什么都没有改。")),
    "event.unknown": (422, _l("办法里没有这种事项，没有记。请从列出的里面选。")),
    "event.count": (422, _l("次数要填1到{most}的整数，没有记。")),
    "event.reason": (422, _l("要写明理由和依据（文号、日期、地点），没有记。")),
    "event.withdrawn": (409, _l("这件事项已经由别人撤回，你的这次没有记。请刷新页面看理由。")),
    "doubt.none": (404, _l("没有这一条疑点：填的数改过以后，它可能已经不在了。什么都没有改。")),
    "doubt.must_be_filled": (409, _l("这几格不许空，要填上，不能放下。什么都没有改。")),
    "doubt.reason": (422, _l("要写明为什么没有问题，没有记。")),
    "demo.not_empty": (409, _l("库里已有数据，没有装入示例。示例只装入空的库。")),
    "password.short": (422, _l("新密码太短：至少{shortest}个字符。")),
    "password.long": (422, _l("新密码太长：最多{longest}个字符。")),
    "password.common": (422, _l("这个密码太常见或与账号名相近，请换一个。")),
    "password.same": (422, _l("新密码不能与原密码相同。")),
    "password.wrong": (422, _l("原密码不对，密码没有修改。")),
}
"""The status and the sentence of every refusal."""

ENTRY_FAULTS: Mapping[str, str] = {
    "entry.number": _l("“{text}”不是数，没有存。请填普通的数，例如12或12.5。"),
    "entry.digits": _l("“{text}”太长，没有存。整数部分最多{most}位。"),
    "entry.decimals": _l("“{text}”小数太多，没有存。最多{most}位小数。"),
    "entry.bounds": _l("{text}超出了范围，没有存。请填{low}到{high}之间的数。"),
    "entry.too_low": _l("{text}太小，没有存。请填{limit}以上的数。"),
    "entry.too_high": _l("{text}太大，没有存。请填{limit}以下的数。"),
    "entry.step": _l("{text}不在步长上，没有存。请填{step}的整数倍。"),
    "entry.count": _l("{text}不是次数，没有存。请填0以上的整数。"),
    "entry.mark": _l("{text}不对，没有存。有填1，没有填0。"),
    "entry.option": _l("没有“{text}”这一档，没有存。请从这些里选：{options}。"),
    "entry.band": _l("办法的档次里没有一行接得住{text}，没有存。请核对。"),
    "entry.always_applies": _l("这一项不能填不适用，没有存。办法没有说可以不计这一项，请填数，没有发生就填0。"),
    "entry.times": _l("次数要填0到{most}的整数，没有存。没有发生填0。"),
    "entry.half_applicable": _l("不适用要几格都填不适用，没有存。只空一格会当0算。"),
    "entry.inapplicable_reason": _l("填不适用要写明为什么，没有存。请在“理由”里写一句。"),
    "entry.confirmed": _l("这一格区里已经确认，锁定了，没有存。要改，请区里先撤回确认。"),
    "entry.review_reason": _l("改动和退回都要写明理由，没有存。请在“理由”里写一句。"),
    "entry.reason": _l("这一项要写明理由，没有存。请在“理由”里写一句。"),
}
"""The sentence of everything that may not stand in a cell."""

ROW_FAULTS: Mapping[str, str] = {
    "file.large": _l("文件太大，超过64 MB。"),
    "file.encoding": _l("文件不是UTF-8编码；请在Excel或WPS中另存为“CSV UTF-8”。"),
    "file.header": _l("第一行应为表头：{header}。"),
    "file.empty": _l("文件中没有数据。"),
    "file.csv": _l("引号没有配对，无法按CSV读取。"),
    "row.cells": _l("这一行有{found}列，应为{wanted}列。"),
    "row.code": _l("代码“{code}”应为12位数字。"),
    "row.name": _l("名称“{name}”不能为空，最长200个字，不能含控制字符。"),
    "row.level": _l("层级“{level}”应为province、city、district、township或unit。"),
    "row.kind": _l("类别“{kind}”应为村、社区、类似村或类似社区；留空时按代码末三位判断。"),
    "row.twice": _l("代码{code}重复，第一次出现在第{first}行。"),
    "row.root_parent": _l("市一级不应有上级代码“{parent}”。"),
    "row.second_root": _l("一个文件只能有一个市，第一个在第{first}行。"),
    "row.parent": _l("上级代码“{parent}”在文件中没有对应的上一级区划。"),
    "row.moved": _l("代码{code}在库中属于另一个上级；合并、拆分和调整请在系统中办理。"),
}
"""The sentence of everything that can be wrong in a file of divisions."""

OPEN_DATA = "/api/"
"""Under which only programs ask, whatever they say that they accept."""
PAGES = (400, 403, 404, 409, 413, 422, 429, 500, 503)
"""The statuses that have a page of their own in templates/errors."""


def sentence(refusal: RuleError) -> str:
    """The sentence of a refusal, in the language in use."""
    return _told(SHEET_FAULTS.get(refusal.code) or REFUSALS[refusal.code][1], refusal.facts)


def _shown(fact: Any) -> Any:
    """A fact of a refusal in the words of people."""
    match fact:
        case Stage():
            return stage_name(fact)
        case CycleState():
            return state_name(fact)
        case Part():
            return part_word(fact)
        case datetime():
            return deadline(fact)
        case tuple():
            return _said("、").join(str(_shown(one)) for one in fact)
        case _:
            return fact


def sentence_of_entry(refusal: RuleError) -> str:
    """The sentence of why a text may not stand in a cell."""
    known = SHEET_FAULTS.get(refusal.code) or ENTRY_FAULTS.get(refusal.code)
    return _told(known or REFUSALS[refusal.code][1], refusal.facts)


def sentence_of_row(fault: RowFault) -> str:
    """The sentence of what is wrong with a row."""
    return _told(ROW_FAULTS[fault.code], fault.facts)


def status_of(refusal: RuleError) -> int:
    """The HTTP status of a refusal."""
    return 422 if refusal.code in SHEET_FAULTS else REFUSALS[refusal.code][0]


def register(app: Flask) -> None:
    """Turn what goes wrong into answers."""
    app.register_error_handler(RuleError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(IntegrityError, _conflict)
    app.register_error_handler(DataError, _unreadable)


def answer(status: int, text: str | None = None) -> ResponseReturnValue:
    """The page of a status, or its JSON; `text` says what happened in place of the page's own sentence."""
    if wants_json():
        plain = HTTPStatus(status).phrase if request.path.startswith(OPEN_DATA) else ""
        return {"status": status, "detail": text or plain}, status
    page = status if status in PAGES else 400 if status < 500 else 500
    return render_template(f"errors/{page}.html", happened=text), status


def wants_json() -> bool:
    """True where a program asks, not a browser."""
    chosen = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.path.startswith(OPEN_DATA) or chosen == "application/json"


def _said(text: str) -> str:
    return str(gettext(text))


def _told(text: str, facts: Mapping[str, Any]) -> str:
    """A sentence with its facts in the words of people; of several there is a list."""
    return _said(text).format(**{name: _shown(fact) for name, fact in facts.items()})


def _refused(refusal: RuleError) -> ResponseReturnValue:
    response = current_app.make_response(answer(status_of(refusal), sentence(refusal)))
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = "10"
    return response


def _http(fault: HTTPException) -> ResponseReturnValue:
    if fault.code is None or fault.code < 400:
        return fault.get_response()
    response = current_app.make_response(answer(fault.code))
    if fault.code == HTTPStatus.TOO_MANY_REQUESTS and limiter.current_limit is not None:
        response.headers["Retry-After"] = str(max(1, limiter.current_limit.reset_at - int(time.time())))
    for name, value in fault.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _forged(_fault: CSRFError) -> ResponseReturnValue:
    return answer(400, gettext("页面停留太久或不是从本站打开的，没有任何改动。请返回上一页，刷新后重新提交。"))


def _unavailable(fault: OperationalError) -> ResponseReturnValue:
    current_app.logger.error("the database is not available: %s", type(fault.orig).__name__)
    db.session.remove()
    response = current_app.make_response(answer(503))
    response.headers["Retry-After"] = "5"
    return response


def _conflict(fault: IntegrityError) -> ResponseReturnValue:
    current_app.logger.warning("a constraint refused a change: %s", type(fault.orig).__name__)
    return answer(409)


def _unreadable(_fault: DataError) -> ResponseReturnValue:
    return answer(400)
