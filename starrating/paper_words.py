"""How the making of a report is told: its steps and how it ended, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from starrating.services.jobs import Progress
from starrating.wording.language import mark as _l

STEPS: Mapping[str, str] = {
    "reading": _l("读取名单和得分"),
    "counting": _l("读取进度、得分和事项"),
    "writing": _l("按表里的数写主要情况"),
    "chart": _l("画图"),
    "pdf": _l("排PDF"),
    "docx": _l("排DOCX"),
}
"""What is being done, by the first word of a step."""


def step_text(step: str) -> str:
    """What is being done."""
    return str(gettext(STEPS.get(step.partition(" ")[0], _l("刚开始"))))


def ended_text(progress: Progress) -> str:
    """Why there is no file; empty where nothing went wrong."""
    if progress.state == "broken":
        return str(gettext("上次做到一半停了，没有做成。请再点一次。"))
    if progress.state != "failed":
        return ""
    if progress.fault:
        return str(gettext("同时在做的文件太多，上次没有做成。请过一会儿再点一次。"))
    return str(gettext("上次没有做成，原因记在服务器的日志里。请再点一次；还不成的，请找管理员。"))
