"""A report as PDF and as a Word file: the same words and numbers in both, whatever they hold."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest
from docx import Document

from starrating.charts.chart import Heading
from starrating.charts.levels import StarCounts
from starrating.charts.stars_by_township import draw_stars_by_township
from starrating.documents.report import TEMPLATE, Block, Figure, Grid, Report, Section, Words, report_data
from starrating.documents.report_word import report_docx
from starrating.documents.typesetting import typeset
from tests.documents.test_typesetting import NASTY, said

LONG = "天津市滨海新区天津经济技术开发区先进制造产业区生活配套服务中心联合社区居民委员会筹备组"


def figure() -> Figure:
    rows = [StarCounts(LONG, (1, 2, 3, 4)), StarCounts("近镇", (1, 2, 3, 3))]
    chart = draw_stars_by_township(rows, levels=("无星", "三星", "四星", "五星"),
                                   heading=Heading("某区2025年度村", "村", "数据：某区"))  # fmt: skip
    heading = chart.heading
    return Figure(chart.title, heading.subject, heading.source, chart.alternative, chart.width, chart.height, chart.svg,
                  chart.png)  # fmt: skip


def report(*, cover: bool = True, rows: int = 3) -> Report:
    blocks: list[Block] = [
        Words("第一句。"), Words("一项。", "item"), Words("小题", "head"), Words("小字。", "note"),
        Grid("一张表", ("地方", "个数"), [(f"{LONG}{at}", f"{at:,}") for at in range(rows)], (3, 1), ("合计", "3"),
             note="表下的话。"),
        Grid("空表", ("地方", "个数"), [], (3, 1)), figure(),
    ]  # fmt: skip
    sections = [Section("一、头一节", blocks), Section("二、各种字", [Words(one) for one in NASTY])]
    subtitle = "" if cover else "副题"
    return Report("某区2025年度\n年报", subtitle, ("某办公室",), "2026年2月1日", "待审定", "示例数据", "页脚", cover,
                  sections)  # fmt: skip


def pdf(one: Report) -> bytes:
    return typeset(TEMPLATE, report_data(one), pictures=[each.svg().decode() for each in one.figures()])


def words_of(file: bytes) -> str:
    """All that a Word file says, in paragraphs and tables."""
    paper = Document(io.BytesIO(file))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "".join("\n".join([*(line.text for line in paper.paragraphs), *cells]).split())


@pytest.mark.parametrize("cover", [True, False])
def test_both_files_say_the_same(cover: bool) -> None:
    one = report(cover=cover)
    paper, word = "".join(said(pdf(one)).split()), words_of(report_docx(one))
    for text in ("某区2025年度", "待审定", "示例数据", "一、头一节", "二、各种字", "第一句。", "一项。", "小题",
                 "小字。", "一张表", "表下的话。", "合计", "空表", f"{LONG}2"):  # fmt: skip
        assert text in word
        assert text in paper
    assert ("目录" in paper) is ("目录" in word) is cover
    assert f"五星最多在{LONG}" in paper
    for one_text in NASTY:
        assert "".join(one_text.split()) in word


def test_a_word_file_has_heads_that_repeat_pictures_that_speak_and_the_same_bytes() -> None:
    file = report_docx(report())
    assert file == report_docx(report())
    paper = Document(io.BytesIO(file))
    assert [line.text for line in paper.paragraphs if line.style and line.style.name == "Heading 1"] == [
        "一、头一节", "二、各种字",
    ]  # fmt: skip
    first = paper.tables[0]._tbl
    assert len(first.xpath(".//w:tblHeader")) == 1
    assert len(first.xpath(".//w:cantSplit")) == len(paper.tables[0].rows) == 5
    (shape,) = paper.inline_shapes
    assert shape._inline.docPr.get("descr").startswith("横条图")
    assert shape.width.mm <= 166.5
    with ZipFile(io.BytesIO(file)) as parts:
        assert "仿宋_GB2312" in parts.read("word/document.xml").decode()
    assert paper.core_properties.author == "某办公室"


def test_a_long_table_goes_on_with_its_head_on_every_page() -> None:
    told = said(pdf(report(rows=120)))
    assert told.count("一张表") >= 4
    assert told.count("合计") == 1
