"""Every page of the style guide keeps the house's rules, with 0, 1, 24, 1,000 and 5,000 rows."""

import pytest

from starrating.blueprints.styleguide.views import ERRORS
from tests.pages.client import HouseClient

PAGES = (
    "/",
    "/?large=1",
    "/result",
    "/list",
    "/unit",
    "/sign-in",
    "/sign-in?error=1",
    *(f"/error/{status}" for status in ERRORS),
)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_keeps_the_rules(guide_client: HouseClient, page: str) -> None:
    answer = guide_client.get("/styleguide" + page)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("rows", "shown"), [(0, 1), (1, 1), (24, 25), (1000, 1001)])
def test_a_list_of_any_length(guide_client: HouseClient, rows: int, shown: int) -> None:
    text = guide_client.get(f"/styleguide/result?rows={rows}").text
    assert text.split("<tbody", 1)[1].count("<tr ") == shown


@pytest.mark.slow
def test_the_longest_list(guide_client: HouseClient) -> None:
    assert guide_client.get("/styleguide/result?rows=99999").text.count("<tr ") == 5002


def test_large_type_is_a_class_and_the_link_leads_back(guide_client: HouseClient) -> None:
    text = guide_client.get("/styleguide/?large=1").text
    assert '<html lang="zh-Hans" class="large">' in text
    assert "标准版" in text
    assert "大字版" not in text


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_says_what_happened_what_was_kept_and_what_next(guide_client: HouseClient, status: int) -> None:
    text = guide_client.get(f"/styleguide/error/{status}").text
    for words in ("出了什么事", "留住了什么", "接下来", str(status)):
        assert words in text


def test_an_unknown_error_page_is_not_there(guide_client: HouseClient) -> None:
    assert guide_client.get("/styleguide/error/418", check=False).status_code == 404
