"""The page on which many cases are approved: what is chosen is shown, approved by its form; nobody else finds it."""

from __future__ import annotations

import re

import pytest

from tests.services.browser import Browser
from tests.services.public_year import PublicYear
from tests.web.city import token_of


def shown(page: str) -> dict[str, str]:
    """What the form of the page sends: the cases with their versions, and the digest of them."""
    return dict(re.findall(r'<input type="hidden" name="(seen|digest)" value="([^"]+)">', page))


def test_all_that_the_filter_shows_is_approved_by_its_form(year: PublicYear) -> None:
    wang, at = Browser(year.app, "wang"), f"/consequences/divisions/{year.people['district']}"
    listed = wang.get(f"{at}?year=2025")
    assert 'form="approval"' in listed
    address = f"{at}/approval?year=2025&all=1"
    page = wang.get(address)
    assert "措施要逐件批准" in page
    count = len(shown(page)["seen"].split())
    assert f"看能成批批准的全部{count}件" in listed
    assert f"要批准{count}件，" in page
    assert "你还没有选事项" in wang.get(f"{at}/approval?year=2025")
    form = shown(page) | {"csrf_token": token_of(wang.client)}
    first = form["seen"].split()[0].partition("-")[0]
    one = wang.get(f"{at}/approval?year=2025&case={first}")
    assert "批准这1件" in one
    moved = {"csrf_token": form["csrf_token"], "move": "waive", "version": "1", "reason": "已调离"}
    assert wang.client.post(f"/consequences/cases/{first}/move", data=moved).status_code == 303
    refused = wang.client.post(f"{at}/approval?year=2025", data=form)
    assert refused.status_code == 409
    assert f"变了的：2025-{int(first):05d}" in refused.text
    form |= shown(refused.text)
    count = len(form["seen"].split())
    assert wang.client.post(f"{at}/approval?year=2025", data=form).status_code == 303
    assert f"批准了{count}件" in wang.get(f"{at}?year=2025")
    assert wang.client.post(f"{at}/approval?year=2025", data={**form, "seen": "x"}).status_code == 400


@pytest.mark.parametrize("name", ["assessor", "town", "unit", "auditor"])
def test_nobody_else_finds_it(year: PublicYear, name: str) -> None:
    client, at = Browser(year.app, name).client, f"/consequences/divisions/{year.people['district']}/approval"
    assert client.get(f"{at}?all=1&year=2025").status_code == 404
    assert client.post(at, data={"csrf_token": token_of(client), "seen": "1-1"}).status_code == 404
