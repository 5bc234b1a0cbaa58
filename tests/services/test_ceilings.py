"""Any sequence of removals, corrections and liftings against a plain model: what was earned, below what still holds."""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from starrating.services.decisions import corrected_text
from starrating.services.decisions.restated_text import Because, Change, earned, lifted, restated_text

ORDER, UNITS = ("none", "two", "three", "five"), ("U", "V")
LEVELS = [{"code": code, "stars": stars} for stars, code in enumerate(ORDER)][::-1]
RATED_BY = SimpleNamespace(levels=[SimpleNamespace(code=code) for code in ORDER])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("removal"), st.sampled_from(("U", "V", "UV")), st.sampled_from(ORDER[:-1])),
        st.tuples(st.just("correction"), st.sampled_from(UNITS), st.sampled_from(("", *ORDER))),
        st.tuples(st.just("lifting"), st.just(""), st.integers(0, 5)),
    ),
    max_size=14,
)


class Model:
    """What the rules give each unit and which removals hold, kept beside one another and never worked out backwards."""

    def __init__(self) -> None:
        self.given = dict.fromkeys(UNITS, "five")
        self.holding: dict[int, tuple[str, str]] = {}

    def level(self, unit: str) -> str:
        """The lowest of what the rules give and of what the removals that hold leave."""
        above = [level for units, level in self.holding.values() if unit in units]
        return min([self.given[unit], *above], key=ORDER.index) if self.given[unit] else ""


def begun() -> str:
    """A first edition on which both have five stars."""
    units = [{"code": code, "level": "five", "previous": "", "change": None, "movement": ""} for code in UNITS]
    return json.dumps({"edition": 1, "show_scores": False, "levels": LEVELS, "units": units})


def because(sort: str, lifts: int | None = None) -> Because:
    """A decision as the public is told of it."""
    return Because(sort, "理由", "依据", date(2025, 6, 1), lifts)


def corrected(text: str, rules: dict[str, str]) -> str:
    """The edition after a correction by which the rules give these levels."""
    rows = [{"level": rules[code]} for code in UNITS]
    worked: Any = SimpleNamespace(
        rows=rows,
        rating=SimpleNamespace(scheme=RATED_BY),
        known=SimpleNamespace(inputs=SimpleNamespace(units=UNITS), digest="x"),
    )
    return corrected_text.corrected_text(text, worked, (), (), because("correction"), "")


def taken(text: str, model: Model, step: tuple[str, str, Any]) -> str | None:
    """The next edition, and the model moved on; None where the step would be refused."""
    sort, units, what = step
    edition = json.loads(text)["edition"] + 1
    if sort == "removal":
        stands = {unit: model.level(unit) for unit in units}
        if any(not level or ORDER.index(level) <= ORDER.index(what) for level in stands.values()):
            return None
        model.holding[edition] = units, what
        return restated_text(text, [Change(unit, stands[unit], what) for unit in units], because("removal"), "")
    if sort == "correction":
        model.given[units] = what
        return corrected(text, model.given)
    if not model.holding:
        return None
    lifts = sorted(model.holding)[what % len(model.holding)]
    del model.holding[lifts]
    return restated_text(text, lifted(text, lifts), because("lifting", lifts), "")


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_every_edition_says_what_the_model_says(steps: list[tuple[str, str, Any]]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(corrected_text, "rows_of", lambda worked, _key: worked.rows)
        text, model = begun(), Model()
        for step in steps:
            text = taken(text, model, step) or text
            content = json.loads(text)
            assert {unit["code"]: unit["level"] for unit in content["units"]} == {
                code: model.level(code) for code in UNITS
            }
            assert {unit["code"]: earned(content, unit) for unit in content["units"]} == model.given
