"""The pages of what would be otherwise: the edge of every level and how steady a star is; who sees them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.services import district
from tests.services.browser import Browser

EDGE = "/what-if/cycles/{}/village/edge"
STEADY = "/what-if/cycles/{}/village/steadiness"


@pytest.fixture
def tried(app: Any, people: dict[str, int], verified: int) -> int:
    """A cycle with a trial."""
    from starrating.services.rating.determination import determine

    with app.app_context():
        determine(verified, people["wang"])
    return verified


@pytest.mark.parametrize("page", [EDGE, STEADY])
def test_who_may_see_trials_may_see_it_and_nobody_else(app: Any, tried: int, page: str) -> None:
    for name in ("wang", "auditor", "city"):
        Browser(app, name).get(page.format(tried))
    for name, status in (("assessor", 403), ("town", 404), ("unit", 404)):
        Browser(app, name).get(page.format(tried), status)
    Browser(app, "wang").get(page.format(tried + 1), 404)


def test_the_edge_names_the_units_of_the_line_and_links_them(app: Any, tried: int) -> None:
    from starrating.domain.access import EVERYWHERE
    from starrating.queries.ratings import RatingFilter, all_ratings, latest_trials

    page = Browser(app, "wang").get(EDGE.format(tried))
    with app.app_context():
        (run,) = [one for one in latest_trials(tried) if one.kind == "village"]
        rows = all_ratings((run.id,), [EVERYWHERE], RatingFilter())
    last = max((one for one in rows if one.level == "three" and one.rank), key=lambda one: one.rank or 0)
    assert f'<a href="/ratings/units/{last.unit_id}?cycle={tried}">{last.name}</a> {last.total}分' in page
    assert f"第{last.rank}名" in page


def test_steadiness_is_counted_when_asked_for_and_kept(app: Any, tried: int, people: dict[str, int]) -> None:
    from starrating.domain.robustness import DRAWS

    wang, unit = Browser(app, "wang"), f"/ratings/units/{people['first']}?cycle={tried}"
    assert "还没有算过" in wang.get(STEADY.format(tried))
    assert "的次数里还是这一级" not in wang.get(unit)
    counted = wang.get(STEADY.format(tried) + "?count=1")
    assert f"同样的分数重排{DRAWS:,}次" in counted
    assert re.search(r"另有\d+个每次都一样", counted)
    assert wang.get(STEADY.format(tried)).count("<tr") == counted.count("<tr")
    assert re.search(r"权重上下浮动10%，\d+\.\d%的次数里还是这一级", wang.get(unit))
    assert "的次数里还是这一级" not in Browser(app, "unit").get(f"/ratings/units/{people['first']}")


def test_scores_changed_since_the_trial_are_said(app: Any, tried: int) -> None:
    from starrating.extensions import db
    from starrating.models.scores import ScoreCell
    from starrating.services.transaction import transaction

    with app.app_context(), transaction() as session:
        cell = session.query(ScoreCell).filter_by(cycle_id=tried, header="V1.3.后备缺失").first()
        assert cell is not None
        cell.value = "0" if cell.value != "0" else "1"
    with app.app_context():
        db.session.remove()
    wang = Browser(app, "wang")
    assert "线上线下对不上了" in wang.get(EDGE.format(tried))
    assert "这里算不出来了" in wang.get(STEADY.format(tried) + "?count=1")


def test_a_confirmed_year_has_its_edges_too(app: Any, tried: int, people: dict[str, int]) -> None:
    from starrating.queries.content import content_digest
    from starrating.queries.ratings import latest_trials
    from starrating.services.rating.determination import confirm_determination

    with app.app_context():
        confirm_determination(tried, content_digest(one.id for one in latest_trials(tried)), people["liu"])
    page = Browser(app, "wang").get(EDGE.format(tried))
    assert "末位进线" in page
    assert "试算，待第二人复核" not in page
    assert district.DISTRICT in page
