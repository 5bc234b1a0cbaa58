"""How the making of a report is told: its steps and how it ended, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from starrating.domain.faults import RuleError
from starrating.errors import REFUSALS, sentence
from starrating.services.jobs import Progress
from starrating.wording.language import mark as _l

STEPS: Mapping[str, str] = {
    "reading": _l("读取名单和得分"),
    "counting": _l("读取进度、得分和事项"),
    "writing": _l("按表里的数写主要情况"),
    "chart": _l("画图"),
    "pdf": _l("排PDF"),
    "docx": _l("排DOCX"),
    "xlsx": _l("写XLSX"),
}
"""What is being done, by the first word of a step."""


def step_text(step: str) -> str:
    """What is being done."""
    return str(gettext(STEPS.get(step.partition(" ")[0], _l("刚开始"))))


def ended_text(progress: Progress, *, kept: bool) -> str:
    """Why there is no file, what stayed and what to do; empty where nothing went wrong.

    `kept` says that there is one from before.
    """
    if progress.state == "broken":
        return str(gettext("上次做到一半停了，没有做成。请再点一次。"))
    if progress.state != "failed":
        return ""
    if progress.fault in REFUSALS:
        why = sentence(RuleError(progress.fault, **progress.facts))
        if kept:
            return str(gettext("上次没有做成，以前做好的还在。%(why)s", why=why))
        return str(gettext("上次没有做成，已有的数据没有动。%(why)s", why=why))
    return str(gettext("上次没有做成，原因记在服务器的日志里。请再点一次；还不成的，请找管理员。"))
