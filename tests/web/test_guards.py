"""The table of guards over all routes × roles × scopes: what is not granted is refused, out of scope nothing exists."""

import re
from typing import Any

import pytest

from starrating.blueprints.guards import GUARDS
from starrating.domain.access import Act
from tests.web.city import ACCOUNTS, key_of, post, sign_in

IN_DEVELOPMENT_ONLY = "styleguide."
PLACES = {"own": "东一镇", "sibling": "东二街道", "other": "西一镇", "parent": "东区"}
UNITS = {"own": "东甲村", "sibling": "东丙社区", "other": "西甲村"}
SEES: dict[str, dict[str, int]] = {
    # role's account: answer for the page of the division at {own, sibling, other district, parent}
    "city": {"own": 200, "sibling": 200, "other": 200, "parent": 200},
    "city_auditor": {"own": 200, "sibling": 200, "other": 200, "parent": 200},
    "east": {"own": 200, "sibling": 200, "other": 404, "parent": 200},
    "east_auditor": {"own": 200, "sibling": 200, "other": 404, "parent": 200},
    "east_assessor": {"own": 200, "sibling": 200, "other": 404, "parent": 200},
    "east_town": {"own": 200, "sibling": 404, "other": 404, "parent": 404},
    "east_unit": {"own": 404, "sibling": 404, "other": 404, "parent": 404},
    "west": {"own": 404, "sibling": 404, "other": 200, "parent": 404},
    "nobody": {"own": 404, "sibling": 404, "other": 404, "parent": 404},
}
LISTS: dict[str, dict[str, int]] = {
    name: {
        "/units/": 403 if name == "nobody" else 200,
        "/accounts/": 200 if name in ("city", "city_auditor", "east", "east_auditor", "west") else 403,
        "/accounts/new": 200 if name in ("city", "east", "west") else 403,
        "/audit/": 200 if name in ("city", "city_auditor", "east", "east_auditor", "west") else 403,
    }
    for name in ACCOUNTS
}
VIEWERS = {"city": 200, "city_auditor": 200, "east": 200, "east_auditor": 200, "east_assessor": 403, "east_town": 403}
"""What the page of an account of the eastern district answers; everybody else gets 404."""
ACTS = ["grants", "disable", "enable", "password"]


def test_every_endpoint_and_method_has_its_row(app: Any) -> None:
    rules = {
        (rule.endpoint, method) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - {"HEAD"}
    }
    assert rules - GUARDS.keys() == set()
    gone = {row for row in GUARDS.keys() - rules if not row[0].startswith(IN_DEVELOPMENT_ONLY)}
    assert gone == set()


def test_an_endpoint_without_a_row_answers_nothing(city: Any, people: dict[str, int]) -> None:
    city.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    client = city.test_client()
    sign_in(client, "city")
    assert client.get("/forgotten").status_code == 404


def test_what_writes_is_never_a_get(app: Any) -> None:
    writing = {Act.MANAGE_ACCOUNTS, Act.PREPARE_CYCLE, Act.ENTER_SCORES, Act.CONFIRM, Act.PUBLISH, Act.DETERMINE}
    forms = {"accounts.create", "schemes.create", "publication.show"}
    assert {
        row for row, guard in GUARDS.items() if guard.act in writing and row[1] == "GET" and row[0] not in forms
    } == set()


def test_the_public_sees_the_sign_in_page_only(city: Any, people: dict[str, int]) -> None:
    client = city.test_client()
    for rule in city.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD"}:
            if GUARDS[rule.endpoint, method].public:
                continue
            with city.test_request_context():
                some = {name: min(getattr(rule._converters[name], "items", {1})) for name in rule.arguments}
                address = rule.build(some)[1]
            answer = client.open(address, method=method)
            assert (answer.status_code, method) in {(302, "GET"), (400, "POST")}, address
            assert "东区" not in answer.text


@pytest.mark.parametrize("name", ACCOUNTS)
def test_the_matrix_of_pages(city: Any, people: dict[str, int], name: str) -> None:
    client = city.test_client()
    with city.app_context():
        divisions = {scope: key_of(place) for scope, place in PLACES.items()}
        units = {scope: key_of(place) for scope, place in UNITS.items()}
    sign_in(client, name)
    assert {scope: client.get(f"/units/divisions/{key}").status_code for scope, key in divisions.items()} == SEES[name]
    expected = {scope: SEES[name][scope] for scope in UNITS} | ({"own": 200} if name == "east_unit" else {})
    assert {scope: client.get(f"/units/{key}").status_code for scope, key in units.items()} == expected
    assert {address: client.get(address).status_code for address in LISTS[name]} == LISTS[name]
    assert client.get(f"/accounts/{people['east_town']}").status_code == VIEWERS.get(name, 404)
    assert client.get(f"/accounts/{people['city']}").status_code == {"city": 200, "city_auditor": 200}.get(name, 404)


@pytest.mark.parametrize("name", [name for name in ACCOUNTS if name not in ("city", "east")])
def test_the_matrix_of_acts(city: Any, people: dict[str, int], name: str) -> None:
    client = city.test_client()
    sign_in(client, name)
    refused = 403 if name in VIEWERS else 404
    for act in ACTS:
        assert post(client, f"/accounts/{people['east_town']}/{act}").status_code == refused
    assert post(client, f"/accounts/{people['east_town']}/grants/1/revoke").status_code == refused


@pytest.mark.usefixtures("people")
def test_out_of_scope_looks_like_a_key_that_was_never_given(city: Any) -> None:
    client = city.test_client()
    sign_in(client, "east")
    with city.app_context():
        western = key_of("西甲村")
    there, never = client.get(f"/units/{western}"), client.get("/units/999999")
    bare = re.compile(rf'value="[^"]{{40,}}"|units(?:/|%2F)(?:{western}|999999)\b')
    assert (there.status_code, never.status_code) == (404, 404)
    assert bare.sub("", there.text) == bare.sub("", never.text)
    for key in (2**31, 2**63, 2**64):
        assert client.get(f"/units/{key}").status_code == 404


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("name", ["east", "east_town", "east_unit", "east_auditor"])
def test_no_page_shows_another_scope(city: Any, name: str) -> None:
    """The western district's names are planted as markers: no page of the east has one."""
    client = city.test_client()
    sign_in(client, name)
    for address in ("/units/", "/units/?q=西", "/units/?kind=village", "/accounts/", "/accounts/?q=west", "/audit/"):
        shown = client.get(address)
        assert not {mark for mark in ("西区", "西一", "西甲", "西丙", "west本人") if mark in shown.text}, address


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "address",
    [
        "/units/?q=%00",
        "/units/?page=-1",
        "/units/?page=99999999999",
        "/units/?district=x",
        "/units/?q=%ff%fe",
        "/units/?kind=x&kind=village",
        "/accounts/?q=%27%22%3C",
        "/audit/?since=2024-13-45&until=0001-01-01",
        "/audit/?person=%25&page=9",
    ],
)
def test_odd_addresses_break_nothing(city: Any, address: str) -> None:
    client = city.test_client()
    sign_in(client, "city")
    assert client.get(address).status_code == 200
