"""Where a value came from, in words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext


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
}
"""Where a value came from, as people call it."""


def source_name(source: str) -> str:
    """Where a value came from, for people."""
    return str(gettext(SOURCES[source])) if source in SOURCES else source
