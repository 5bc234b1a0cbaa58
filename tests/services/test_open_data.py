"""Open data: every answer held against the OpenAPI document, tags that hold, the signed text to the byte."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import validator_for
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.pages.client import house_client
from tests.services.public_year import PublicYear

ROOT = "/api/v1/"
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def told(client: Any, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (200, "application/json"), address
    found: dict[str, Any] = answer.get_json()
    return found


def addresses(value: Any) -> list[str]:
    """Every address of the interface in an answer."""
    match value:
        case str() if value.startswith(ROOT):
            return [value]
        case dict():
            return [one for part in value.values() for one in addresses(part)]
        case list():
            return [one for part in value for one in addresses(part)]
    return []


def crawled(client: Any) -> dict[str, Any]:
    """Address → answer of everything that one comes to from the root."""
    found: dict[str, Any] = {}
    waiting = [ROOT]
    while waiting:
        address = waiting.pop()
        if address not in found:
            found[address] = client.get(address)
            waiting += addresses(found[address].get_json()) if not address.endswith("openapi.json") else []
    return found


def template_of(address: str, paths: dict[str, Any]) -> str:
    """The path of the document that an address is one of."""
    parts = address.partition("?")[0].split("/")
    fits = [path for path in paths if len(path.split("/")) == len(parts) and all(
        own.startswith("{") or own == given for own, given in zip(path.split("/"), parts, strict=True))]  # fmt: skip
    assert len(fits) == 1, address
    return fits[0]


def test_everything_that_is_linked_is_as_described(year: PublicYear) -> None:
    client = house_client(year.app)
    described = told(client, f"{ROOT}openapi.json")
    found = crawled(client)
    unit = f"{ROOT}years/2024/units/120113100201"
    found[unit] = client.get(unit)
    seen = set()
    for address, answer in found.items():
        assert answer.status_code == 200, address
        if address.endswith("openapi.json"):
            continue
        path = template_of(address, described["paths"])
        content = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        validator_for({**content, "components": described["components"]}).validate(answer.get_json())
        seen.add(path)
    assert seen == set(described["paths"])


def test_a_wrong_answer_would_be_seen(year: PublicYear) -> None:
    client = house_client(year.app)
    described, answer = told(client, f"{ROOT}openapi.json"), told(client, f"{ROOT}years/2024/units/120113100201")
    schema = validator_for({"$ref": "#/components/schemas/UnitOfYear", "components": described["components"]})
    assert schema.is_valid(answer)
    for wrong in ({"leader": "某人"}, {"total": 91.5}, {"movement": "sideways"}, {"code": "1"}):
        assert not schema.is_valid(answer | wrong)


def test_what_it_says_is_what_was_published(year: PublicYear) -> None:
    client = house_client(year.app)
    assert [one["year"] for one in told(client, f"{ROOT}years")["years"]] == [2025, 2024]
    lists = told(client, f"{ROOT}years/2024/lists?kind=village")["lists"]
    assert [one["kind"] for one in lists] == ["village"]
    signed = client.get(lists[0]["signed_text"])
    assert sha256(signed.data).hexdigest() == lists[0]["digest"]
    assert signed.headers["ETag"] == f'"{lists[0]["digest"]}"'
    assert "immutable" in signed.headers["Cache-Control"]
    edition, found = json.loads(signed.data), told(client, lists[0]["list"])
    names = {level["code"]: level["name"] for level in edition["levels"]}
    expected = {unit["code"]: names.get(unit["level"]) for unit in edition["units"]}
    assert {unit["code"]: unit["level"] for unit in found["units"]} == expected
    assert sum(level["units"] for level in found["levels"]) + found["unrated"] == len(expected)


def test_an_answer_is_not_sent_twice(year: PublicYear) -> None:
    client = house_client(year.app)
    for address in crawled(client):
        first = client.get(address)
        assert first.headers["ETag"] == f'"{sha256(first.data).hexdigest()}"'
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert client.get(address, headers={"Accept-Language": "en", "Accept": "text/html"}).data == first.data


@pytest.mark.parametrize(
    ("address", "status"),
    [("years/2023/lists", 404), ("years/2024/lists/120113000000/shop", 404), ("years/2024/lists/1/village", 404),
     ("years/2024/units/1", 404), ("years/2024/lists?kind=shop", 400), ("editions/" + "0" * 64, 404),
     ("editions/x", 404), ("nothing", 404), ("years/99999999999/lists", 404)],
)  # fmt: skip
def test_what_is_not_there_is_told_as_data(year: PublicYear, address: str, status: int) -> None:
    answer = house_client(year.app).get(ROOT + address, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.content_type) == (status, "application/json")
    assert answer.get_json()["status"] == status
    assert answer.get_json()["detail"]
    assert house_client(year.app).post(ROOT + address).status_code in (400, 404, 405)


def test_schemathesis_finds_nothing(year: PublicYear) -> None:
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}openapi.json", year.app)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    statuses = set()
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=3, deadline=None, phases=[Phase.generate], derandomize=True, database=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        def ask(case: Any) -> None:
            statuses.add(case.call_and_validate(checks=CHECKS).status_code)

        ask()
    assert len(operations) == len(told(house_client(year.app), f"{ROOT}openapi.json")["paths"])
    assert {200, 404} <= statuses
