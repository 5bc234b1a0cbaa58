"""Where a value came from, in words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from starrating.queries.histories import VERDICT, ChangeRow


def _l(text: str) -> str:
    """Marks a sentence of a table for translation, which happens when it is said."""
    return text


SOURCES: Mapping[str, str] = {
    "entry": _l("表单"),
    "grid": _l("表格"),
    "workbook": _l("填报表"),
    "import": _l("导入"),
    "review": _l("复核"),
    "spot_check": _l("暗访"),
    "objection": _l("异议"),
    "verification": _l("复核"),
    VERDICT: _l("复核意见"),
}
"""Where a value came from, as people call it."""
VERDICTS: Mapping[str, str] = {"open": _l("撤回确认"), "returned": _l("退回"), "confirmed": _l("确认")}
"""What the district made of a value."""


def source_name(source: str) -> str:
    """Where a value came from, for people."""
    return str(gettext(SOURCES[source])) if source in SOURCES else source


def source_of(row: ChangeRow) -> str:
    """Where a value came from, or what the district made of it, for people."""
    if not row.review:
        return source_name(row.source)
    return str(gettext("%(source)s：%(verdict)s", source=source_name(VERDICT), verdict=gettext(VERDICTS[row.review])))
