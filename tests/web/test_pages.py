"""Every page of accounts, units and the trail under the house's rules for pages."""

from typing import Any

import pytest
from sqlalchemy import select

from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.services.transaction import transaction
from tests.pages.client import house_client
from tests.web.city import PASSWORD, key_of, token_in

PAGES = ["/units/", "/units/?q=村", "/units/?q=没有", "/accounts/", "/accounts/new", "/accounts/password", "/audit/"]


@pytest.fixture
def client(city: Any, people: dict[str, int]) -> Any:
    with city.app_context(), transaction() as session:
        for account in session.scalars(select(Account)):
            account.name, account.display_name = f"账号{account.id}", f"同志{account.id}"
    made = house_client(city)
    page = made.get("/accounts/sign-in").get_data(as_text=True)
    typed = {"csrf_token": token_in(page), "name": f"账号{people['city']}", "password": PASSWORD}
    assert made.post("/accounts/sign-in", data=typed).status_code == 303
    return made


@pytest.mark.parametrize("address", PAGES)
def test_lists_and_forms(client: Any, address: str) -> None:
    assert client.get(address).status_code == 200


def test_things(client: Any, city: Any, people: dict[str, int]) -> None:
    with city.app_context():
        keys = [key_of(name) for name in ("试验市", "东区", "东一镇")]
        unit = key_of("西园村")
    for key in keys:
        assert client.get(f"/units/divisions/{key}").status_code == 200
    assert client.get(f"/units/{unit}").status_code == 200
    assert client.get(f"/accounts/{people['east_assessor']}").status_code == 200


def test_a_form_that_comes_back_says_what_is_wrong(client: Any, people: dict[str, int]) -> None:
    token = token_in(client.get("/accounts/new").get_data(as_text=True))
    for name, said in (("", "请填写账号"), ("甲 乙", "中间不能有空格"), (f"账号{people['east']}", "已有人使用")):
        answer = client.post(
            "/accounts/new", data={"csrf_token": token, "name": name, "display_name": "某人", "division": "0"}
        )
        assert answer.status_code in (409, 422)
        assert said in answer.get_data(as_text=True)


def test_a_new_account_signs_in_and_gets_a_role(client: Any, city: Any) -> None:
    token = token_in(client.get("/accounts/new").get_data(as_text=True))
    with city.app_context():
        east, unit = key_of("东区"), key_of("东甲村")
    made = client.post(
        "/accounts/new", data={"csrf_token": token, "name": "新同志", "display_name": "新同志", "division": str(east)}
    )
    assert made.status_code == 201
    assert "no-store" in made.headers["Cache-Control"]
    with city.app_context():
        key = db.session.scalars(select(Account.id).where(Account.name == "新同志")).one()
    given = {"csrf_token": token, "role": "district_assessor", "division": str(east), "department": "民政局"}
    assert client.post(f"/accounts/{key}/grants", data=given).status_code == 303
    given = {"csrf_token": token, "role": "unit", "division": str(east), "unit": str(unit)}
    assert client.post(f"/accounts/{key}/grants", data=given).status_code == 303
    wrong = {"csrf_token": token, "role": "township_officer", "division": str(east)}
    assert client.post(f"/accounts/{key}/grants", data=wrong).status_code == 403
    shown = client.get(f"/accounts/{key}").get_data(as_text=True)
    assert "民政局" in shown
    assert "东甲村" in shown
