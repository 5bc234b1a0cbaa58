"""`explain`: rates a file and tells one unit's result line by line."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path

from starrating.domain.explain import explain
from starrating.domain.faults import FilesRefused
from starrating.offline.explanation import explanation_text
from starrating.offline.report import tell
from starrating.offline.working import rate_files
from starrating.wording.language import translate as _
from starrating.wording.phrases import items

WRONG = 2
_CLOSE = 5


def run(scheme_path: Path, scores_path: Path, unit: str, history_path: Path | None) -> int:
    """Print one unit's explanation and return 0; faults and an unknown unit go to standard error, and return 2."""
    try:
        rated = rate_files(scheme_path, scores_path, history_path, keep_all=True)
    except FilesRefused as refused:
        tell(refused.faults)
        return WRONG
    tell(rated.notices)
    units = rated.rating.inputs.units
    if unit not in units:
        sys.stderr.write(not_found_text(unit, units) + "\n")
        return WRONG
    explanation = next(explain(rated.rating, [units.index(unit)]))
    sys.stdout.write(explanation_text(explanation, rated.scheme))
    return 0


def not_found_text(unit: str, units: Sequence[str]) -> str:
    """That there is no such unit, and which come close."""
    close = [name for name in units if unit and unit in name][:_CLOSE]
    close += [name for name in difflib.get_close_matches(unit, units, _CLOSE) if name not in close]
    if not close:
        return _("得分表里没有“{unit}”。请照unit列写全称。").format(unit=unit)
    told = _("得分表里没有“{unit}”。相近的有：{close}。请照unit列写全称。")
    return told.format(unit=unit, close=items(close[:_CLOSE]))
