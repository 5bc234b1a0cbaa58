"""The script works out of an edition itself what a unit has by the rules, below a removal: `earned`, told or not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.services.public_year import PublicYear
from tests.services.test_corrections import best, corrected, propose, wanted, wanted_removal
from tests.services.test_editions import rows, tool


@pytest.fixture(scope="module")
def editions(year: PublicYear) -> tuple[str, list[dict[str, Any]]]:
    """The code of a unit, and the editions of 2024: as published, removed, corrected under it, removed another."""
    from datetime import UTC, datetime

    year.clock.at = datetime(2026, 6, 3, 1, tzinfo=UTC)
    with year.app.app_context():
        first = best(year.cycle_id)
        propose(wanted_removal(year.cycle_id, first.unit_id), year.cycle_id, year.people)
        corrected(year.cycle_id, year.people, wanted(year.cycle_id, first.unit_id, **{"flag.punished": "1"}))
        second = next(one for one in rows() if one.edition == 3)
        other = next(unit for unit in json.loads(second.text)["units"] if unit["level"] not in ("", "none"))
        key = unit_key(other["code"])
        propose(wanted_removal(year.cycle_id, key), year.cycle_id, year.people)
        found = [json.loads(row.text) for row in rows()]
    return first.code, [one for one in found if one["year"] == 2024 and one["kind"] == "village"]


def unit_key(code: str) -> int:
    from starrating.extensions import db
    from starrating.models.divisions import Unit

    return int(db.session.query(Unit.id).filter_by(code=code).scalar())


def named(edition: dict[str, Any], code: str) -> dict[str, Any]:
    return next(unit for unit in edition["units"] if unit["code"] == code)


def test_what_is_told_follows_from_every_edition_alone(
    editions: tuple[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, found = editions
    assert [one["edition"] for one in found] == [1, 2, 3, 4]
    assert [named(one, code).get("earned") for one in found] == [None, None, "three", "three"]
    script = tool("verify_list", monkeypatch)
    assert [list(script.faults(one)) for one in found] == [[], [], [], []]


def other_level(edition: dict[str, Any], code: str) -> None:
    named(edition, code)["earned"] = "four"


def kept_back(edition: dict[str, Any], code: str) -> None:
    named(edition, code).pop("earned")


def told_without_reason(edition: dict[str, Any], code: str) -> None:
    decided = {code, *(one["unit"] for one in edition["decisions"])}
    free = next(unit for unit in edition["units"] if unit["code"] not in decided)
    free["earned"] = free["level"]


@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize("change", [other_level, kept_back, told_without_reason])
def test_whatever_else_is_told_is_found(
    editions: tuple[str, list[dict[str, Any]]], change: Callable[[dict[str, Any], str], None], number: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    code, found = editions
    edition = json.loads(json.dumps(found[number]))
    change(edition, code)
    assert len(list(tool("verify_list", monkeypatch).faults(edition))) == 1
