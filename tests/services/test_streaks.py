"""Streaks of the unit and of the person in the post: hand-overs, half years, gaps, mergers, restated years."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import select

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.cases import ConsequenceCase
from starrating.models.people import Person
from starrating.queries import cases as question
from starrating.services.consequences.cases import check_cases
from starrating.services.publication.publication import publish
from tests.services.browser import Browser
from tests.services.test_cases_worked import BOTH, OWN, Terms, build, opened
from tests.web.city import key_of


def both(*held: tuple[str, date, date | None]) -> tuple[tuple[str, str, date, date | None], ...]:
    """Terms in both posts of a unit."""
    return tuple((name, kind, first, last) for name, first, last in held for kind in BOTH)


TERMS: Terms = {
    "v1": both(("前任", date(2019, 1, 1), date(2024, 6, 30)), ("半年", date(2024, 7, 1), None)),
    "v2": both(("回来", date(2018, 1, 1), date(2023, 3, 31)), ("代理", date(2023, 4, 1), date(2023, 8, 31)),
               ("回来", date(2023, 9, 1), None)),
    "v3": both(("原任", date(2018, 1, 1), date(2024, 9, 1)), ("并来", date(2024, 9, 2), None)),
    "v6": both(("并来", date(2015, 1, 1), date(2024, 9, 1))),
    "v8": both(("连任", date(2018, 1, 1), date(2021, 12, 31)), ("连任", date(2022, 1, 1), None)),
}  # fmt: skip


def values(key: int, unit: str) -> dict[str, str]:
    """What the chain of facts of a unit's cases remembers."""
    found = select(ConsequenceCase.facts).where(
        ConsequenceCase.cycle_id == key, ConsequenceCase.unit_id == key_of(unit)
    )
    texts = [json.loads(one)["values"] for one in db.session.scalars(found)]
    assert all(one == texts[0] for one in texts)
    return dict(texts[0])


def test_the_unit_keeps_its_years_and_a_new_leader_begins_anew(clock: Any, app: Any) -> None:
    with app.app_context():
        key, who = build(clock, TERMS, {"v6": date(2024, 9, 1)}, OWN)
        publish(key, None, who["wang"])
        what_opened(key)
        found = select(ConsequenceCase.id).where(
            ConsequenceCase.cycle_id == key, ConsequenceCase.unit_id == key_of("v1"), ConsequenceCase.rule == "whole3"
        )
        case_id, district = db.session.scalar(found), key_of("津南区")
        person = {name: person_of(name) for name in ("半年", "前任", "回来")}
    wang = Browser(app, "wang")
    assert "4年，其中现任书记任内1年" in wang.get(f"/consequences/cases/{case_id}")
    assert "4年，其中现任书记任内1年" in wang.get(f"/consequences/divisions/{district}/eligible?year=2024")
    assert "本人任内连续1年五星，村社区连续4年" in wang.get(f"/people/{person['半年']}")
    assert "到2023年度，本人任内连续3年五星，村社区连续3年" in wang.get(f"/people/{person['前任']}")
    with app.app_context():
        a_removal_since_leaves_the_facts(key, who, clock)
    assert "本人任内连续1年无星，村社区连续1年" in Browser(app, "wang").get(f"/people/{person['回来']}")


def what_opened(key: int) -> None:
    """Rules that count the unit's years fired for the units, those that count the leader's for the leaders alone."""
    rules = {unit: {rule for rule, _, _ in found} for unit, found in opened(key).items()}
    assert {unit for unit, found in rules.items() if "whole3" in found} == {"v1", "v2", "v3"}
    assert {unit for unit, found in rules.items() if "own2" in found} == {"v2"}
    own = {unit: (values(key, unit)["streak.five"], values(key, unit)["leader_streak.five"])
           for unit in ("v1", "v2", "v3")}  # fmt: skip
    assert own == {"v1": ("4", "1"), "v2": ("4", "2"), "v3": ("4", "1")}, (
        "half a year; back since September, so two years' ends; and whoever came with a merger brings no years along"
    )
    assert "v6" not in rules, "merged within the year, not rated at its end"
    assert ("own_low", "secretary", "连任") in opened(key)["v8"], "terms that follow one another are one"
    assert values(key, "v8")["leader_streak_below.four"] == "3"
    checked = check_cases()
    assert (checked.changed, checked.underived) == ((), ())


def a_removal_since_leaves_the_facts(key: int, who: dict[str, int], clock: Any) -> None:
    """What was frozen stays when a year is restated, and waits for its review."""
    from starrating.queries.decisions import decision
    from starrating.services.decisions.decisions import Removal, decide, propose_removal, restatement_of

    before = values(key, "v2")
    clock.advance(days=1)
    cause = Removal("village", (key_of("v2"),), "none", "安全责任事故", "区发〔2025〕3号", date(2025, 2, 20))
    moved = propose_removal(key, cause, who["wang"])
    found = decision(moved)
    assert found is not None
    decide(moved, restatement_of(found).digest, who["liu"])
    assert values(key, "v2") == before
    waiting = question.cases_of([Place(None, key_of("津南区"))], question.CaseFilter(in_review=True))
    assert {row.unit for row in waiting} == {"v2"}
    assert check_cases().underived == ()


def person_of(name: str) -> int:
    """Whoever is called so."""
    return int(db.session.scalar(select(Person.id).where(Person.name == name)) or 0)


def test_the_next_year_counts_from_the_restated_one() -> None:
    """A year on, streaks are those of the levels that stand then."""
    from starrating.domain.movement import streak_of_one
    from starrating.services.years.scheme_texts import read_demo

    scheme = read_demo("tianjin-village-2024.yaml", 2025).scheme
    five, three, void = 3, 1, -1
    run = {2022: five, 2023: five, 2024: five, 2025: five}
    assert (streak_of_one(run, scheme, 2025), streak_of_one(run, scheme, 2025, 2024)) == (4, 2)
    assert streak_of_one(run, scheme, 2024, 2021) == 3
    assert streak_of_one(run | {2024: three}, scheme, 2025) == 1
    assert streak_of_one(run | {2024: void}, scheme, 2025) == 1
    assert streak_of_one({2025: five, 2023: five}, scheme, 2025) == 1
    assert streak_of_one({2023: 0, 2024: 0, 2025: 0}, scheme, 2025, 2025) == 1
    assert streak_of_one({2023: 0, 2024: 0, 2025: 0}, scheme, 2025) == 3
