"""One unit's explanation as a page shows it: the score sheet as a table, places, reasons and consequences as lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from starrating.blueprints.schemes.tables import as_written
from starrating.domain.explain import Explanation, NodeResult
from starrating.domain.figures import plain
from starrating.domain.scheme import Scheme
from starrating.offline.explanation import explanation_text
from starrating.offline.score_sheet import sheet_lines, shown, steps_text
from starrating.wording.language import translate

_WIDE = 100_000


@dataclass(frozen=True, slots=True)
class Told:
    """The explanation by parts; `places` names other units."""

    sheet: tuple[dict[str, Any], ...]
    places: tuple[str, ...]
    reasons: tuple[str, ...]
    consequences: tuple[str, ...]


def tell(explanation: Explanation, scheme: Scheme) -> Told:
    """The parts of an explanation, in the words of the offline command."""
    parts = _sections(explanation_text(explanation, scheme, room=_WIDE))
    places = parts.get(translate("名次和名额"), ())
    follow = parts.get(translate("结果运用"), ())
    reasons = next((lines for name, lines in parts.items() if name.startswith(translate("为什么"))), ())
    return Told(tuple(_sheet(explanation, scheme)), places, tuple(map(_unnumbered, reasons)),
                tuple(map(_unnumbered, follow)))  # fmt: skip


def _sections(text: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    opens, closes = translate("【{name}】").split("{name}")
    name = ""
    for line in text.splitlines():
        if line.startswith(opens) and line.endswith(closes):
            name = line.removeprefix(opens).removesuffix(closes)
        elif line.strip():
            found.setdefault(name, []).append(line.strip())
    return {key: tuple(lines) for key, lines in found.items()}


def _unnumbered(line: str) -> str:
    number, dot, rest = line.partition(
        translate("{number}．{reason}").removeprefix("{number}").removesuffix("{reason}")
    )
    return rest if dot and number.isdecimal() else line


def _sheet(explanation: Explanation, scheme: Scheme) -> Iterator[dict[str, Any]]:
    points = {result.node.code: result.points for result in explanation.nodes}
    for result in explanation.nodes:
        yield _line(result, scheme, points)
    if explanation.total is not None:
        yield {"kind": "total", "title": as_written(f"{translate('总分')} {steps_text(explanation.steps)}"),
               "points": explanation.total, "full": "", "lost": ""}  # fmt: skip


def _line(result: NodeResult, scheme: Scheme, all_points: Mapping[str, str | None]) -> dict[str, Any]:
    node = result.node
    points = "" if result.points is None else shown(result.points)
    full = "" if node.high is None else plain(node.high)
    lost = "" if node.high is None or result.points is None else plain(Fraction(result.points) - node.high)
    figures = {"points": points, "full": full, "lost": "" if lost == "0" else lost}
    if node.leaf is None:
        return {"kind": "group", "title": as_written(f"{node.code} {node.name}"), **figures}
    _heading, rule, *lines = (text for _, text in sheet_lines(result, scheme, all_points))
    return {"kind": "leaf", "code": node.code, "name": node.name, "rule": rule, "how": lines, **figures}
