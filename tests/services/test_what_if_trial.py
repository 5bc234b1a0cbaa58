"""A year's scheme changed on trial: who moves, why, what is refused in words, and that nothing is touched."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import pytest

from starrating.domain.scheme import Quota, Quotas
from tests.services.browser import Browser

PAGE = "/what-if/cycles/{}/village/"


@pytest.fixture
def tried(app: Any, people: dict[str, int], verified: int) -> int:
    """A cycle with a trial."""
    from starrating.services.rating.determination import determine

    with app.app_context():
        determine(verified, people["wang"])
    return verified


def real_of(cycle_id: int) -> tuple[str, Any]:
    """The villages' canonical scheme and their rating as it is."""
    from starrating.queries.cycles import schemes_of
    from starrating.queries.ratings import latest_trials
    from starrating.services.rating.explaining import rating_of

    (run,) = [one for one in latest_trials(cycle_id) if one.kind == "village"]
    return schemes_of(cycle_id)["village"].text, rating_of(run)


def everything() -> str:
    """The SHA-256 of every row of every table."""
    from starrating.extensions import db

    digest = sha256()
    for table in db.metadata.sorted_tables:
        digest.update(table.name.encode())
        digest.update("\n".join(sorted(map(repr, db.session.execute(table.select())))).encode())
    db.session.remove()
    return digest.hexdigest()


def page_of(cycle_id: int, **changes: Any) -> str:
    return PAGE.format(cycle_id) + "?" + urlencode(changes, doseq=True)


def rows_of(browser: Browser, cycle_id: int, **changes: Any) -> list[dict[str, str]]:
    address = PAGE.format(cycle_id) + "moves.csv?" + urlencode(changes, doseq=True)
    return list(csv.DictReader(io.StringIO(browser.get(address).removeprefix("\ufeff"))))


def test_who_may_see_trials_may_try_and_nobody_else(app: Any, tried: int) -> None:
    for name in ("wang", "auditor", "city"):
        Browser(app, name).get(PAGE.format(tried))
    for name, status in (("assessor", 403), ("town", 404), ("unit", 404)):
        for page in (PAGE, PAGE + "moves.csv"):
            Browser(app, name).get(page.format(tried), status)
    wang = Browser(app, "wang")
    wang.get(PAGE.format(tried + 1), 404)
    wang.get(PAGE.format(tried) + "moves.csv", 422)


def test_the_form_holds_the_real_values_and_they_move_nobody(app: Any, tried: int) -> None:
    from starrating.services.rating.supposing import values_up_to_change

    with app.app_context():
        text, real = real_of(tried)
        stands = values_up_to_change(text, real.scheme)
    assert (stands["quota.five"], stands["min.five"], stands["bottom"]) == ("10%", "90", "10%")
    assert (stands["quota.three"], stands["weight.V1"]) == ("", "25")
    wang = Browser(app, "wang")
    page = wang.get(PAGE.format(tried))
    for name, value in stands.items():
        assert f'name="{name}" type="text" value="{value}"' in page
    assert 'id="moves"' not in page
    assert "没有一个单位会变" in wang.get(page_of(tried, **stands))


def test_what_moves_is_what_the_engine_says_of_the_changed_scheme(app: Any, tried: int) -> None:
    from starrating.domain.rating import rate

    with app.app_context():
        _text, real = real_of(tried)
    rules = real.scheme.allocation
    assert isinstance(rules, Quotas)
    four = real.scheme.level_index("four")
    own = replace(rules.levels[four], quota=Quota(share=Fraction(20, 100)), least=Fraction(85))
    after = rate(replace(real.scheme, allocation=replace(rules, levels={**rules.levels, four: own})), real.inputs)
    expected = {
        unit: (real.scheme.levels[before].name, real.scheme.levels[now].name)
        for unit, before, now in zip(real.inputs.units, real.level.tolist(), after.level.tolist(), strict=True)
        if before != now
    }
    wang, changes = Browser(app, "wang"), {"quota.four": "20%", "min.four": "85"}
    rows = rows_of(wang, tried, **changes)
    assert expected
    assert {row["单位编码"]: (row["现在"], row["这样改"]) for row in rows} == expected
    assert all(row["这样改的理由"] for row in rows)
    page = wang.get(page_of(tried, **changes))
    assert f"改了2处，{len(expected)}个单位会变" in page
    assert all(row["单位"] in page for row in rows)


def test_weights_are_points_that_still_make_the_full_score(app: Any, tried: int) -> None:
    wang = Browser(app, "wang")
    refused = wang.get(page_of(tried, **{"weight.V1": "35"}), 422)
    assert "一级指标的满分合计是 110" in refused
    assert 'name="weight.V1" type="text" value="35"' in refused
    wang.get(page_of(tried, **{"weight.V1": "35", "weight.V2": "10"}))
    with app.app_context():
        from starrating.domain.robustness import weights_of
        from starrating.services.rating.supposing import suppose, values_up_to_change

        text, real = real_of(tried)
        typed = {**values_up_to_change(text, real.scheme), "weight.V1": "35", "weight.V2": "10"}
        found = suppose(text, real, typed, ()).rating
    assert found is not None
    assert weights_of(found.scheme) == {**weights_of(real.scheme), "V1": 35, "V2": 10}
    assert any(found.total.value(row) != real.total.value(row) for row in range(len(real.inputs)))


def test_an_override_called_off_no_longer_bears_on_anybody(app: Any, tried: int, people: dict[str, int]) -> None:
    from starrating.models.divisions import Unit
    from starrating.models.events import EventRecord
    from starrating.services.clock import now
    from starrating.services.rating.determination import determine
    from starrating.services.transaction import transaction

    with app.app_context():
        _text, real = real_of(tried)
        code = real.inputs.units[real.rank.tolist().index(1)]
        with transaction() as session:
            unit = session.query(Unit).filter_by(code=code).one()
            session.add(EventRecord(cycle_id=tried, unit_id=unit.id, flag="accident", count=1, reason="通报",
                                    by=people["wang"], at=now(), withdrawn_reason=""))  # fmt: skip
        determine(tried, people["wang"])
    wang = Browser(app, "wang")
    rows = {row["单位编码"]: row for row in rows_of(wang, tried, off="accident")}
    assert rows[code]["现在"] == "无星"
    assert rows[code]["这样改"] != "无星"
    assert "重大安全责任事故（一票否决）" in rows[code]["现在的理由"]
    assert not any("重大安全责任事故" in row["这样改的理由"] for row in rows.values())
    assert 'value="accident" checked' in wang.get(page_of(tried, off="accident"))


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("quota.five", "一成", "“五星名额”应写百分比"),
        ("quota.five", "110%", "110%"),
        ("quota.four", "10% of seven", "seven"),
        ("min.four", "八十", "八十"),
        ("weight.V1", "很多", "很多"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_is_kept(
    app: Any, tried: int, name: str, typed: str, told: str
) -> None:
    changes = {name: typed, "min.five": "91"}
    page = Browser(app, "wang").get(page_of(tried, **changes), 422)
    assert "有1处不对，没有算" in page
    assert f'<a href="#{name}">' in page
    fault = page.partition(f'id="{name}-error"')[2].partition("</p>")[0]
    assert told in fault
    assert f'name="{name}" type="text" value="{typed}"' in page
    assert 'name="min.five" type="text" value="91"' in page


def test_full_width_digits_and_a_blank_line_are_understood(app: Any, tried: int) -> None:
    from starrating.services.rating.supposing import suppose, values_up_to_change

    with app.app_context():
        text, real = real_of(tried)
        typed = {**values_up_to_change(text, real.scheme), "quota.four": "２０％", "min.three": "", "bottom": ""}
        found = suppose(text, real, typed, ()).rating
    assert found is not None
    rules = found.scheme.allocation
    four, three = found.scheme.level_index("four"), found.scheme.level_index("three")
    assert isinstance(rules, Quotas)
    assert rules.levels[four].quota == Quota(share=Fraction(20, 100))
    assert (rules.levels[three].least, rules.bottom) == (None, None)


def test_nothing_of_a_trial_touches_anything(app: Any, tried: int) -> None:
    wang = Browser(app, "wang")
    changes = {"quota.four": "20%", "min.four": "85", "off": "nothing_of_that_name"}
    wang.get(PAGE.format(tried))
    with app.app_context():
        before, (text, real) = everything(), real_of(tried)
        levels = real.level.tolist()
    assert rows_of(wang, tried, **changes)
    wang.get(page_of(tried, **changes))
    wang.get(page_of(tried, **{"quota.five": "x"}), 422)
    with app.app_context():
        kept, again = real_of(tried)
        assert (everything(), kept, again.level.tolist()) == (before, text, levels)


def test_scores_changed_since_the_trial_are_said(app: Any, tried: int) -> None:
    from starrating.models.scores import ScoreCell
    from starrating.services.transaction import transaction

    with app.app_context(), transaction() as session:
        cell = session.query(ScoreCell).filter_by(cycle_id=tried, header="V1.3.后备缺失").first()
        assert cell is not None
        cell.value = "0" if cell.value != "0" else "1"
    assert "这里算不出来了" in Browser(app, "wang").get(page_of(tried, **{"quota.five": "50%"}))
