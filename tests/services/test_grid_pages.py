"""What the grid asks for and is answered: its page, its sheet, points by the engine, batches."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from starrating.extensions import db
from tests.pages.client import house_client
from tests.services import district
from tests.web.city import sign_in, token_of

GRID = "/scoring/cycles/1/village/grid"
JSON = {"Accept": "application/json"}


class Client:
    """A signed-in browser that speaks JSON."""

    def __init__(self, app: Any, name: str) -> None:
        self.client = house_client(app)
        sign_in(self.client, name)
        self.sheet: Any = self.client.get(f"{GRID}/sheet", headers=JSON).get_json()

    def post(self, address: str, content: Any, **headers: str) -> Any:
        token = token_of(self.client)
        return self.client.post(address, json=content, headers={**JSON, "X-CSRFToken": token, **headers})

    def save(self, *cells: dict[str, Any], account: int = 0) -> Any:
        return self.post(f"{GRID}/cells", {"account": account or self.sheet["account"], "cells": list(cells)})


def cell(unit: int, text: str, header: str = "V6.1", version: int = 0, **more: Any) -> dict[str, Any]:
    return {"unit": unit, "header": header, "version": version, "text": text, **more}


@pytest.fixture
def scoring(in_scoring: int) -> int:
    return in_scoring


def test_the_page_and_its_sheet(app: Any, scoring: int, people: dict[str, int]) -> None:
    client = Client(app, "assessor")
    page = client.client.get(f"{GRID}?show=blank").get_data(as_text=True)
    assert 'data-show="blank"' in page
    assert {column["code"] for column in client.sheet["columns"]} >= {"V1.1", "V1.3", "V6.1"}
    assert "V1.2" not in {column["code"] for column in client.sheet["columns"]}
    assert all(column["towns"] for column in client.sheet["columns"])
    assert len(client.sheet["units"]) == 15
    assert client.client.get("/scoring/").get_data(as_text=True).count(GRID) == 1


def test_an_auditor_reads_and_a_unit_has_no_grid(app: Any, scoring: int, people: dict[str, int]) -> None:
    auditor = Client(app, "auditor")
    assert not any(column["towns"] for column in auditor.sheet["columns"])
    assert auditor.save(cell(people["first"], "80")).status_code == 403
    unit = house_client(app)
    sign_in(unit, "unit")
    assert unit.get(GRID).status_code == 403
    assert unit.get(f"{GRID}/sheet", headers=JSON).status_code == 403


def test_a_township_sees_its_own_units(app: Any, scoring: int, people: dict[str, int]) -> None:
    town = Client(app, "town")
    assert {unit["town"] for unit in town.sheet["units"]} == {people["township"]}
    others = [unit["id"] for unit in Client(app, "assessor").sheet["units"] if unit["town"] != people["township"]]
    if others:
        answer = town.save(cell(others[0], "1", "V5.1")).get_json()
        assert [one["status"] for one in answer["cells"]] == ["none"]
        assert town.client.get(f"{GRID}/cell?unit={others[0]}&header=V5.1", headers=JSON).status_code == 404


def test_a_batch_is_answered_cell_by_cell_with_points(app: Any, scoring: int, people: dict[str, int]) -> None:
    client, first = Client(app, "assessor"), people["first"]
    answer = client.save(cell(first, "８０"), cell(first, "无此项", "VB.1")).get_json()
    said = {one["header"]: one for one in answer["cells"]}
    assert (said["V6.1"]["status"], said["V6.1"]["version"], said["V6.1"]["text"]) == ("saved", 1, "80")
    assert said["VB.1"]["status"] == "refused"
    assert "没有" in said["VB.1"]["why"]
    assert answer["points"] == {str(first): {"V6.1": "8"}}
    history = client.client.get(f"{GRID}/cell?unit={first}&header=V6.1", headers=JSON).get_json()
    assert [one["text"] for one in history["values"]] == ["80"]


def test_beside_a_cell_stand_what_others_say_and_its_files(app: Any, scoring: int, people: dict[str, int]) -> None:
    from sqlalchemy import insert

    from starrating.models.assessments import Assessment, AssessmentCell
    from starrating.services.clock import now
    from starrating.services.transaction import transaction

    first = people["first"]
    with app.app_context(), transaction() as session:
        about = {"cycle_id": scoring, "unit_id": first}
        session.execute(insert(Assessment).values(
            **about, indicator="V6.1", state="reviewed", version=3, reason="", submitted_at=now(), by=people["town"],
            at=now(),
        ))  # fmt: skip
        for stage, value in (("self", "90"), ("township", "88")):
            session.execute(insert(AssessmentCell).values(
                **about, stage=stage, header="V6.1", version=1, state="value", value=value
            ))  # fmt: skip
    client = Client(app, "assessor")
    beside = client.client.get(f"{GRID}/cell?unit={first}&header=V6.1", headers=JSON).get_json()
    assert beside["said"] == {"self": "90", "township": "88"}
    assert (beside["values"], beside["files"], beside["fileCount"]) == ([], [], 0)
    assert client.client.get(beside["evidence"]).status_code == 200
    assert client.client.get(f"{GRID}/cell?unit={first}&header=V1.2.党课@Q1", headers=JSON).status_code == 404


def test_beside_an_indicator_of_several_parts_stand_all_of_them(app: Any, scoring: int, people: dict[str, int]) -> None:
    client, first = Client(app, "assessor"), people["first"]
    one, other = "V1.3.后备缺失", "V1.3.未发展未培养"
    client.save(cell(first, "1", one))
    client.save(cell(first, "0", other))
    asked = f"{GRID}/cell?unit={first}&header={one}"
    beside = client.client.get(f"{asked}&header={other}", headers=JSON).get_json()
    assert [(value["header"], value["text"]) for value in beside["values"]] == [(other, "0"), (one, "1")]
    assert beside["said"] == {}
    page = client.client.get(beside["all"]).get_data(as_text=True)
    assert one in page
    assert other in page
    assert client.client.get(f"{asked}&header=V6.1", headers=JSON).status_code == 404
    assert client.client.get(f"{GRID}/cell?unit={first}", headers=JSON).status_code == 404


def test_values_that_stand_out_are_named_with_their_reason(app: Any, scoring: int, people: dict[str, int]) -> None:
    client = Client(app, "assessor")
    units = [unit["id"] for unit in client.sheet["units"]]
    client.save(*[cell(unit, str(80 + place % 3)) for place, unit in enumerate(units)])
    assert client.client.get(f"{GRID}/doubts", headers=JSON).get_json()["doubts"] == []
    client.save(cell(units[0], "3", version=1))
    found = client.client.get(f"{GRID}/doubts", headers=JSON).get_json()["doubts"]
    assert [(one["unit"], one["header"], one["text"]) for one in found] == [(units[0], "V6.1", "3")]
    assert "全区" in found[0]["why"]


def test_what_is_no_batch_is_refused(app: Any, scoring: int, people: dict[str, int]) -> None:
    client, first = Client(app, "assessor"), people["first"]
    good = cell(first, "80")
    for wrong in ({**good, "unit": "1"}, {**good, "version": -1}, {**good, "version": True}, {**good, "text": 5},
                  {**good, "header": ""}, {**good, "text": "9" * 3_000}, {**good, "unit": 2**40}, "80"):  # fmt: skip
        assert client.save(good, wrong).status_code == 400, wrong  # type: ignore[arg-type]
    assert client.save().status_code == 400
    assert client.save(*[good] * 501).status_code == 400
    assert client.post(f"{GRID}/cells", [good]).status_code == 400
    assert client.save(good, account=people["town"]).status_code == 409
    assert client.post(f"{GRID}/cells", {}, **{"X-CSRFToken": "wrong"}).status_code == 400
    assert client.client.get(f"{GRID}/sheet", headers=JSON).get_json()["cells"] == {}


def test_whoever_is_not_signed_in_is_told_so(app: Any, scoring: int) -> None:
    client = house_client(app)
    for address in ("/scoring/grid/token", f"{GRID}/sheet", f"{GRID}/points?header=V6.1"):
        assert client.get(address, headers=JSON).status_code == 401


def test_points_while_typing_are_the_engine_s(app: Any, scoring: int, people: dict[str, int]) -> None:
    client = Client(app, "assessor")

    def ask(query: str) -> Any:
        return client.client.get(f"{GRID}/points?{query}", headers=JSON).get_json()

    assert ask("header=V6.1&text=85.5") == {"fault": "", "points": "8.55", "more": ""}
    assert "不是数" in ask("header=V6.1&text=三")["fault"]
    assert ask("header=V1.3.后备缺失&text=1")["points"] == "", "the other cell is blank"
    both = "header=V1.3.后备缺失&text=1&h=V1.3.未发展未培养&v=0"
    assert ask(both)["points"] == "3"
    assert client.client.get(f"{GRID}/points?header=V1.2.党课@Q1&text=1", headers=JSON).status_code == 404


def test_a_page_takes_few_statements_whatever_its_size(app: Any, scoring: int, people: dict[str, int]) -> None:
    client = Client(app, "assessor")
    with app.app_context():
        district.fill(scoring)
        engine = db.engine
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *facts: seen.append(facts[2]))
    for address in (GRID, f"{GRID}/sheet"):
        seen.clear()
        assert client.client.get(address, headers=JSON if "sheet" in address else {}).status_code == 200
        assert len(seen) <= 20, seen
    seen.clear()
    units = [unit["id"] for unit in client.sheet["units"]]
    assert client.save(*[cell(unit, "70", version=1) for unit in units]).status_code == 200
    assert len([one for one in seen if not one.startswith(("BEGIN", "UPDATE", "INSERT"))]) <= 20, seen
