"""Planted markers: an assessor, another township's officer and the public find no name and no text of a case."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from starrating.domain.access import Role
from starrating.domain.cases import CaseMove
from starrating.extensions import db
from starrating.models.cases import ConsequenceCase
from starrating.services.consequences.cases import Given, move_case
from starrating.services.publication.publication import publish
from starrating.services.transaction import transaction
from tests.services.test_cases_worked import build
from tests.web.city import add_account, key_of, sign_in, token_of

MARKERS = ("负责人v8", "负***8", "标记甲", "标记乙")


def planted(app: Any, clock: Any) -> tuple[list[int], set[str]]:
    """Two cases with markers in what was decided, and every page that their keys lead to."""
    key, who = build(clock, {})
    publish(key, None, who["wang"])
    place, own, other, unit = (key_of(name) for name in ("津南区", "一镇", "二镇", "v8"))
    with transaction() as session:
        add_account(session, "assessor", "评", place, Role.DISTRICT_ASSESSOR, division_id=place, department="民政局")
        add_account(session, "town", "镇", place, Role.TOWNSHIP_OFFICER, division_id=other)
    found = select(ConsequenceCase.id).where(ConsequenceCase.unit_id == unit, ConsequenceCase.outcome == "measure")
    cases = list(db.session.scalars(found.order_by(ConsequenceCase.id)))
    move_case(cases[0], CaseMove.WAIVE, 1, Given("已调任标记甲"), who["wang"])
    move_case(cases[1], CaseMove.APPROVE, 1, Given("同意标记乙"), who["wang"])
    db.session.remove()
    values = {"division_id": place, "case_id": cases[0], "cycle_id": key, "unit_id": unit, "year": 2024,
              "kind": "village", "edition": 1, "form": "csv", "ending": "csv"}  # fmt: skip
    urls = app.url_map.bind("localhost")
    rules = [
        rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.arguments <= set(values)
    ]
    paths = {urls.build(rule.endpoint, {name: values[name] for name in rule.arguments}) for rule in rules}
    pages = ("due", "eligible", "pay")
    return cases, paths | {f"/consequences/divisions/{one}/{page}" for one in (own, other) for page in pages}


def test_planted_markers_reach_nobody_else(app: Any, clock: Any) -> None:
    with app.app_context():
        cases, paths = planted(app, clock)
    assert len(paths) > 60
    for name in ("assessor", "town", ""):
        client = app.test_client()
        if name:
            assert sign_in(client, name).status_code == 303
        told = {path: client.get(path).get_data().decode(errors="replace") for path in sorted(paths)}
        assert {path for path, text in told.items() if any(one in text for one in MARKERS)} == set(), name
        sent = {"csrf_token": token_of(client)} if name else {}
        out = [client.post(path.replace("/eligible", f"/{file}.xlsx"), data=sent) for path in sorted(paths)
               if path.endswith("/eligible") for file in ("cases", "eligible", "pay")]  # fmt: skip
        assert out
        assert {answer.status_code for answer in out} <= {404, 302, 400}, name
    office = app.test_client()
    assert sign_in(office, "wang").status_code == 303
    case = office.get(f"/consequences/cases/{cases[0]}").text
    assert "已调任标记甲" in case, "the marker is there for whoever may see it"
    assert "负***8" in case
