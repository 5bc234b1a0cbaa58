"""The yearbook of a published district: what is in it, what never is, and when it is made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.documents.test_typesetting import said
from tests.services.public_year import PublicYear

NAME = "北辰区2025年度村社区评星定级年报"
WORDS = ("text", "title", "subject", "source", "alternative", "note")
"""Where the blocks of a report have words."""


@pytest.fixture(scope="module")
def book(year: PublicYear) -> Any:
    """The yearbook of 2025, read and put together once."""
    from starrating.services.yearbook.book import yearbook
    from starrating.services.yearbook.reading import source_of, wanted

    with year.app.app_context():
        asked = wanted(year.people["district"], 2025)
        return asked, yearbook(source_of(asked))


@pytest.fixture(autouse=True)
def own_folder(year: PublicYear, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Papers of other tests are not found here: what is kept goes by its content alone."""
    from starrating.charts.cache import ChartCache

    monkeypatch.setitem(year.app.config, "CHART_FOLDER", str(tmp_path))
    monkeypatch.setitem(year.app.extensions, "starrating.papers", ChartCache(tmp_path / "papers", renders=1))


def texts(report: Any) -> str:
    """All words and cells of a report."""
    found: list[str] = []
    for section in report.sections:
        found.append(section.title)
        for block in section.blocks:
            found += [getattr(block, name, "") for name in WORDS]
            found += [cell for row in getattr(block, "rows", ()) for cell in row]
    return "\n".join(found)


def test_it_says_what_the_lists_say(year: PublicYear, book: Any) -> None:
    from starrating.queries.publications import lists, publications_of_year

    asked, report = book
    whole = texts(report)
    assert asked.name == NAME
    with year.app.app_context():
        found = lists(publications_of_year(2025))
    assert sum(len(one.units) for one in found) == 12
    for one in found:
        assert one.scheme in whole
        for unit in one.units:
            assert unit.name in whole
    titles = [section.title for section in report.sections]
    assert titles[0] == "一、主要情况"
    assert titles[-1] == "附：各村社区的星级"
    assert "北辰区2025年度的评定结果已经发布，共村6个、社区6个" in whole
    assert "2025年度的评定结果没有收到异议。" in whole
    assert "flag." not in whole


def test_a_report_has_its_charts_with_their_findings(book: Any) -> None:
    _, report = book
    figures = list(report.figures())
    assert len(figures) >= 6
    for figure in figures:
        assert figure.title
        assert figure.source.startswith("数据：北辰区2025年度已发布的评定结果，截至2026年")
        assert figure.svg().startswith(b"<svg")


def test_the_paper_is_made_once_for_the_same_content(year: PublicYear, monkeypatch: pytest.MonkeyPatch) -> None:
    from starrating.services.yearbook import files
    from starrating.services.yearbook.reading import wanted

    steps: list[str] = []
    with year.app.app_context():
        asked = wanted(year.people["district"], 2025)
        assert files.kept_file(asked) is None
        made = files.yearbook_file(asked, step=steps.append)
        assert (steps[0], steps[-1]) == ("reading", "pdf")
        told = "".join(said(made).split())
        for part in ("北辰区2025年度", "待审定", "示例数据", "目录", "一、主要情况", "怎样核对", "五星"):
            assert part in told
        again: list[str] = []
        assert files.yearbook_file(asked, step=again.append) == made
        assert again == []
        assert files.kept_file(asked) == made


def test_the_digest_follows_the_content(year: PublicYear) -> None:
    from dataclasses import replace

    from starrating.services.yearbook.reading import wanted

    with year.app.app_context():
        now, before = (wanted(year.people["district"], one) for one in (2025, 2024))
        assert now.digest == wanted(year.people["district"], 2025).digest
    others = (before, replace(now, objections={"lodged": 1}), replace(now, missing=("西区",)),
              replace(now, address="https://other.example"))  # fmt: skip
    assert len({now.digest, *(one.digest for one in others)}) == 5


def test_nothing_is_made_of_a_year_that_was_not_published(year: PublicYear) -> None:
    from starrating.domain.faults import RuleError
    from starrating.services.yearbook.reading import wanted, years_for

    with year.app.app_context():
        assert years_for(year.people["district"]) == (2025, 2024)
        for key, asked, code in ((year.people["district"], 2026, "yearbook.unpublished"),
                                 (year.people["township"], 2025, "yearbook.place")):  # fmt: skip
            with pytest.raises(RuleError) as refused:
                wanted(key, asked)
            assert refused.value.code == code


def test_no_person_and_no_score_of_a_unit_is_in_it(year: PublicYear, book: Any) -> None:
    """Names of people, reasons of events and totals are planted in the tables; none of them comes out."""
    from sqlalchemy import select, update

    from starrating.extensions import db
    from starrating.models.accounts import Account
    from starrating.models.events import EventRecord
    from starrating.models.people import Person
    from starrating.models.ratings import Rating
    from starrating.services.transaction import transaction
    from starrating.services.yearbook.book import yearbook
    from starrating.services.yearbook.reading import source_of, wanted

    asked, _ = book
    with year.app.app_context():
        with transaction() as session:
            session.execute(update(Person).values(name="钱标记"))
            session.execute(update(EventRecord).values(reason="标记事由"))
            session.execute(update(Account).values(display_name="标记账号"))
        whole = texts(yearbook(source_of(wanted(asked.division.id, 2025))))
        totals = set(db.session.scalars(select(Rating.total).where(Rating.total != "")))
    assert "标记" not in whole
    own = texts_of_units(book[1])
    assert totals
    assert not any(total in own for total in totals)


def texts_of_units(report: Any) -> str:
    """The cells of the tables in which units are named."""
    blocks = [block for section in report.sections for block in section.blocks]
    return "\n".join(cell for block in blocks if getattr(block, "header", ())[-1:] == ("名单",)
                     for row in block.rows for cell in row)  # fmt: skip


def test_too_few_units_say_nothing_of_indicators(year: PublicYear) -> None:
    from dataclasses import replace

    from starrating.services.rating.cards import cards_in
    from starrating.services.yearbook.indicators import JOINED, groups_of, heat_of, indicator_rows
    from starrating.services.yearbook.reading import wanted

    with year.app.app_context():
        asked = wanted(year.people["district"], 2025)
        cards = cards_in([asked.place], 2025)
    assert indicator_rows(cards, cards, "village")
    (group,) = groups_of(cards, "village")
    units = group.cards[0].lost.units
    assert len(units) == 6
    each = {unit: (str(at), f"第{at}镇") for at, unit in enumerate(units)}
    (joined,) = heat_of(group, each)
    assert (joined.place, joined.units) == (JOINED, 6)
    two = {unit: ("1", "甲镇") if at < 5 else ("2", "乙镇") for at, unit in enumerate(units)}
    assert [row.units for row in heat_of(group, two)] == [6]
    assert heat_of(group, dict.fromkeys(units[:4], ("1", "甲镇"))) == ()
    lost = cards[0].lost
    few = replace(cards[0], lost=replace(lost, units=lost.units[:4], leaves=tuple(
        replace(leaf, points=leaf.points.take(np.arange(4))) for leaf in lost.leaves)))  # fmt: skip
    assert indicator_rows([few], [], cards[0].run.kind) == ()


def test_the_command_writes_the_file(year: PublicYear, tmp_path: Path) -> None:
    runner = year.app.test_cli_runner()
    done = runner.invoke(args=["yearbook", "北辰区", "2025", "--folder", str(tmp_path / "新"), "--format", "pdf"])
    assert done.exit_code == 0, done.output
    path = tmp_path / "新" / f"{NAME}.pdf"
    assert path.read_bytes().startswith(b"%PDF-")
    assert f"已写入：{path}" in done.output
    assert "内容摘要：" in done.output
    for arguments, told in ((["没有区", "2025"], "没有叫“没有区”的市或区"), (["北辰区", "2019"], "还没有发布名单")):
        refused = runner.invoke(args=["yearbook", *arguments, "--folder", str(tmp_path)])
        assert refused.exit_code == 1
        assert told in refused.output


def test_a_list_that_is_not_published_is_named_and_its_objections_are_not_counted(
    year: PublicYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A district may publish its villages before its communities."""
    from starrating.queries.yearbook import heads_until as known
    from starrating.queries.yearbook import objections_of
    from starrating.services.yearbook import reading

    def villages_alone(until: int, districts: Any) -> dict[int, Any]:
        return {one: tuple(head for head in heads if head.kind == "village" or one < until)
                for one, heads in known(until, districts).items()}  # fmt: skip

    with year.app.app_context():
        whole = reading.wanted(year.people["district"], 2025)
        monkeypatch.setattr(reading, "heads_until", villages_alone)
        part = reading.wanted(year.people["district"], 2025)
        assert (whole.partly, [kind for _, kind in part.partly]) == ((), ["community"])
        assert whole.digest != part.digest
        code = whole.codes[year.people["district"]]
        counted = (objections_of(2025, {(code, kind)}) for kind in ("village", "community"))
        both = objections_of(2025, {(code, "village"), (code, "community")})
        assert sum(sum(one.values()) for one in counted) == sum(both.values())


def test_a_city_s_map_is_that_of_the_office_s_file_and_bears_its_number(year: PublicYear) -> None:
    from starrating.charts.tile_map import tianjin_tiles
    from starrating.extensions import db
    from starrating.models.divisions import Division
    from starrating.services.divisions.boundaries import bring_in, take_out
    from starrating.services.yearbook.book import yearbook
    from starrating.services.yearbook.reading import source_of, wanted
    from tests.charts.made_up import APPROVAL, content_of, feature, ring

    def maps() -> tuple[str, list[Any]]:
        asked = wanted(city, 2025)
        figures = yearbook(source_of(asked)).figures()
        return asked.digest, [one for one in figures if "四星以上占比" in one.title]

    with year.app.app_context():
        district = db.session.get_one(Division, year.people["district"])
        city, code = district.parent_id or 0, district.code
        assert district.name in tianjin_tiles()
        before, (squares,) = maps()
        assert "方格图" in squares.alternative
        assert APPROVAL not in squares.alternative
        known = feature(0, [ring(0, 0, 1)])
        known["properties"]["code"] = code
        bring_in(content_of({"type": "FeatureCollection", "features": [known]}), APPROVAL, "code")
        try:
            with_file, (mapped,) = maps()
            assert wanted(year.people["district"], 2025).boundaries is None
        finally:
            take_out()
        assert f"审图号{APPROVAL}" in mapped.alternative.replace("：", "")
        assert mapped.title == squares.title
        assert maps()[0] == before != with_file
