"""The notice and the publication on both databases: steps, days, twice, ten at once, frozen, the same bytes."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from starrating.domain.faults import RuleError
from starrating.domain.notice import closing_day, days_of
from tests.documents.test_typesetting import said as said_on
from tests.pages.client import house_client

TEXTS: dict[str, set[tuple[str, ...]]] = {"published": set()}
"""The published texts of the same district on either database."""
FRIDAY = date(2025, 1, 10)


def opened(cycle: int, by: int) -> tuple[int, ...]:
    from starrating.services.publication.publication import open_notice

    return open_notice(cycle, FRIDAY, None, by)


def texts() -> tuple[str, ...]:
    from starrating.extensions import db
    from starrating.models.publications import Publication

    return tuple(db.session.scalars(db.select(Publication.text).order_by(Publication.id)))


def refusal(act: Any, *arguments: Any) -> str:
    with pytest.raises(RuleError) as refused:
        act(*arguments)
    return refused.value.code


def test_working_days_go_by_the_holidays_and_the_weekends_worked() -> None:
    from starrating.services.working_days import is_working_day

    assert closing_day(date(2024, 1, 15), 5, is_working_day) == date(2024, 1, 19)
    assert closing_day(date(2025, 1, 24), 5, is_working_day) == date(2025, 2, 6), "Spring Festival, a Sunday worked"
    assert closing_day(date(2024, 1, 13), 5, None) == date(2024, 1, 17)
    assert is_working_day(date(2025, 1, 26))
    assert len(days_of(date(2025, 1, 24), date(2025, 2, 6), is_working_day)) == 5


def test_the_notice_opens_once_for_the_days_of_the_scheme(app: Any, people: dict[str, int], determined: int) -> None:
    from starrating.queries.cycles import cycle
    from starrating.queries.publications import notice, notices_of
    from starrating.services.publication.publication import open_notice

    with app.app_context():
        assert refusal(open_notice, determined, date(2025, 1, 9), None, people["wang"]) == "notice.past"
        assert refusal(open_notice, determined, date(2025, 1, 11), None, people["wang"]) == "notice.no_working_day"
        assert refusal(open_notice, determined, FRIDAY, 1, people["wang"]) == "cycle.changed"
        assert notices_of(determined) == {}
        made = opened(determined, people["wang"])
        assert opened(determined, people["wang"]) == made
        assert {one.closes_on for one in notices_of(determined).values()} == {date(2025, 1, 16)}
        row = cycle(determined)
        assert row is not None
        assert row.state == "notice"
        shown = notice(made[0])
        assert shown is not None
        assert len(shown[1].units) == 15


def test_a_list_is_published_once_after_its_notice(
    app: Any, clock: Any, people: dict[str, int], determined: int
) -> None:
    from starrating.queries.cycles import cycle
    from starrating.queries.publications import publications_of_year
    from starrating.services.audit import verify_chain
    from starrating.services.publication.publication import publish

    with app.app_context():
        assert refusal(publish, determined, None, people["wang"]) == "cycle.no_step"
        opened(determined, people["wang"])
        clock.at = datetime(2025, 1, 16, 15, 59, 59, tzinfo=UTC)
        assert refusal(publish, determined, None, people["wang"]) == "publication.too_early"
        clock.at = datetime(2025, 1, 16, 16, 0, tzinfo=UTC)
        made = publish(determined, None, people["wang"])
        before = texts()
        assert publish(determined, None, people["liu"]) == made
        assert publish(determined, 1, people["liu"]) == made
        assert texts() == before
        assert [one.kind for one in publications_of_year(2024)] == ["village", "community"]
        assert [sha256(one.encode()).hexdigest() for one in before] == [
            one.digest for one in publications_of_year(2024)
        ]
        row = cycle(determined)
        assert row is not None
        assert row.state == "published"
        assert verify_chain().broken_at is None
        TEXTS["published"].add(before)
    assert len(TEXTS["published"]) == 1, "SQLite and PostgreSQL gave different bytes"


def test_a_list_says_stars_and_nothing_of_leaders(
    app: Any, clock: Any, people: dict[str, int], determined: int
) -> None:
    from starrating.services.publication.publication import publish

    with app.app_context():
        opened(determined, people["wang"])
        clock.advance(days=30)
        publish(determined, None, people["wang"])
        found = [json.loads(one) for one in texts()]
    assert [len(one["units"]) for one in found] == [15, 15]
    for one in found:
        assert sum(one["counts"].values()) == 15
        assert set(one["units"][0]) == {
            "code", "name", "township", "level", "previous", "change", "movement", "total", "rank", "pool", "reasons",
        }  # fmt: skip
        said = json.dumps(one, ensure_ascii=False)
        assert not any(word in said for word in ("leader", '"for"', "约谈", "绩效系数", "王海燕"))


def test_points_are_left_out_where_the_scheme_does_not_show_them(
    app: Any, people: dict[str, int], determined: int
) -> None:
    from dataclasses import replace

    from starrating.queries.cycles import cycle, schemes_of
    from starrating.queries.publications import confirmed_of, listed_units
    from starrating.services.editions.list_text import list_text
    from starrating.services.years.scheme_texts import read_kept

    with app.app_context():
        row, kept = cycle(determined), schemes_of(determined)["village"]
        assert row is not None
        scheme = read_kept(kept.text).scheme
        quiet = replace(scheme, notice=replace(scheme.notice, show_scores=False))
        confirmed = confirmed_of(determined)["village"]
        units = listed_units(confirmed.determination_id)
        said = list_text(row, kept, quiet, confirmed, units, (FRIDAY, FRIDAY))
    assert "total" not in said
    assert "rank" not in said


def test_what_was_shown_is_frozen(app: Any, clock: Any, people: dict[str, int], determined: int) -> None:
    from starrating.extensions import db
    from starrating.services.publication.publication import publish

    with app.app_context():
        opened(determined, people["wang"])
        clock.advance(days=30)
        publish(determined, None, people["wang"])
        for table in ("publication", "notice"):
            for statement in (f"UPDATE {table} SET text = ''", f"DELETE FROM {table}"):
                with pytest.raises(IntegrityError):
                    db.session.execute(text(statement))
                db.session.rollback()


def test_ten_at_once_have_one_effect(app: Any, clock: Any, people: dict[str, int], determined: int) -> None:
    from starrating.services.publication.publication import publish

    def once(_number: int) -> tuple[int, ...]:
        with app.app_context():
            return publish(determined, None, people["wang"])

    with app.app_context():
        opened(determined, people["wang"])
        clock.advance(days=30)
    with ThreadPoolExecutor(10) as pool:
        found = set(pool.map(once, range(10)))
    assert len(found) == 1
    with app.app_context():
        assert len(texts()) == 2


def test_a_fault_in_the_middle_leaves_nothing(
    app: Any, clock: Any, people: dict[str, int], determined: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starrating.queries.cycles import cycle
    from starrating.services.publication import publication

    def broken(*_arguments: Any, **_more: Any) -> None:
        raise RuntimeError("killed")

    with app.app_context():
        opened(determined, people["wang"])
        clock.advance(days=30)
        monkeypatch.setattr(publication, "advance", broken)
        with pytest.raises(RuntimeError):
            publication.publish(determined, None, people["wang"])
        assert texts() == ()
        row = cycle(determined)
        assert row is not None
        assert row.state == "notice"


def test_a_year_taken_back_gets_a_new_notice(app: Any, clock: Any, people: dict[str, int], determined: int) -> None:
    from starrating.queries.content import content_digest
    from starrating.queries.publications import notice, notices, notices_of
    from starrating.services.publication.publication import open_notice
    from starrating.services.rating.determination import confirm_determination, determine
    from tests.services import district

    with app.app_context():
        first = opened(determined, people["wang"])
        district.step(determined, "return_to_verification", people["liu"], "异议成立")
        assert notices() == ()
        assert notice(first[0]) is None
        clock.advance(days=3)
        trials = determine(determined, people["wang"])
        confirm_determination(determined, content_digest(trials), people["liu"])
        second = open_notice(determined, date(2025, 1, 13), None, people["wang"])
        assert {one.id for one in notices_of(determined).values()} == set(second)
        assert not set(first) & set(second)
        assert notice(first[0]) is None


def test_who_issues_a_list_and_its_number_stand_in_the_signed_text_and_wherever_it_goes(
    app: Any, clock: Any, people: dict[str, int], determined: int, tmp_path: Any
) -> None:
    from starrating.services.editions.edition_text import Issued
    from starrating.services.publication.publication import publish

    app.config["CHART_FOLDER"] = str(tmp_path)
    office, number = "中共天津市北辰区委组织部（示范）", "津北辰组发〔2025〕3号"
    with app.app_context():
        opened(determined, people["wang"])
        clock.advance(days=30)
        wrong = Issued((office,), "经办13800138000")
        assert refusal(publish, determined, None, people["wang"], wrong) == "publication.personal"
        assert texts() == ()
        publish(determined, None, people["wang"], Issued((office, " ", "天津市北辰区民政局"), f" {number}\n"))
        said = [json.loads(one)["issued"] for one in texts()]
        assert said == [{"by": [office, "天津市北辰区民政局"], "number": number}] * 2
    client = house_client(app)
    told = json.loads(client.get("/api/v1/years/2024/lists?kind=village").data)["lists"][0]
    assert (told["issued_by"][0], told["number"], told["restated"]) == (office, number, False)
    printed = "".join(said_on(client.get("/public/lists/2024.pdf?district=120113000000&kind=village").data).split())
    assert office in printed
    assert number in printed
    book = load_workbook(io.BytesIO(client.get("/public/lists/2024.xlsx?district=120113000000&kind=village").data))
    assert [book["版次和摘要"].cell(2, column).value for column in (6, 7)] == [f"{office}、天津市北辰区民政局", number]
