"""The published list as a document and a workbook, read back by other libraries: every unit, every count, no seal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from python_calamine import CalamineWorkbook

from starrating.documents.list_workbook import COLUMNS, Listed, list_workbook
from starrating.documents.plaques import PLAQUES, Plaque, Sheet, plaque_data
from starrating.documents.published_list import (
    TEMPLATE,
    Annex,
    Line,
    Paper,
    Part,
    Town,
    balanced,
    counts_text,
    list_data,
    list_pdf,
    moves_text,
)
from starrating.documents.typesetting import FONT_FOLDERS, typeset
from tests.documents.test_typesetting import said

LEVELS = ("五星", "四星", "三星", "无星")
LONG = "白庙村农工商联合公司（村委会）"
DIGEST = "9757c30722d4bd7e541887cf0e0adcf828672edf8be2b5d05230717a5f272c30"


def line(name: str, place: int | None, previous: int | None, movement: str) -> Line:
    change = previous - place if place is not None and previous is not None else None
    level = "" if place is None else LEVELS[place]
    return Line(name, level, place, "" if previous is None else LEVELS[previous], movement, change)


LINES = (
    line("甲村", 0, 1, "up"), line(LONG, 1, 1, "held"), line("丙村", 1, 0, "down"), line("丁村", 3, 1, "stripped"),
    line("戊村", 3, 3, "lowest"), line("己村", 1, None, "first"), line("庚#*$[村", None, None, ""),
)  # fmt: skip


def paper(*annexes: Annex, **changed: Any) -> Paper:
    made = Paper(
        "北辰区", "全区", 2024, date(2025, 2, 20), ("中共天津市北辰区委组织部", "天津市北辰区民政局"), "", ("某办法",),
        (date(2025, 1, 10), date(2025, 1, 16)), annexes, DIGEST, ("b7:40",), "https://stars.example.gov.cn/public/verify",
        True,
    )  # fmt: skip
    return replace(made, **changed)


def villages(*towns: Sequence[Line], district: str = "北辰区") -> Annex:
    found = [Town(f"第{number}镇", lines) for number, lines in enumerate(towns, 1)]
    return Annex("village", [Part(district, DIGEST, 1, LEVELS, found)])


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]
    finally:
        document.close()


def flat(text: str) -> str:
    return "".join(text.split())


def test_counts_are_written_as_documents_write_them() -> None:
    assert counts_text(LINES, LEVELS, "村") == (
        "参加评定的村6个，其中五星村1个、四星村3个、三星村0个、无星村2个；未评的村1个"
    )
    assert counts_text(LINES[:1], LEVELS, "村") == "参加评定的村1个，其中五星村1个、四星村0个、三星村0个、无星村0个"
    assert moves_text(LINES, "村") == "村晋星1个、保星1个、降星1个、取消星级1个、仍在最低一级1个、首次评定1个"
    assert moves_text((), "社区") == "社区没有变动"
    assert [balanced(name) for name in ("甲村", "一二三四五六七八九十", LONG)] == [
        "甲村", "一二三四五六七八九十", "白庙村农工商联合\n公司（村委会）"
    ]  # fmt: skip


def test_a_long_name_is_broken_where_its_words_end() -> None:
    for name, broken in (
        ("大地十二城枫桦园社区居委会", "大地十二城枫桦园\n社区居委会"),
        ("燕宇艺术家园社区居民委员会", "燕宇艺术家园\n社区居民委员会"),
        ("名居花园（万科）居委会", "名居花园（万科）\n居委会"),
        ("一二三四五（六七八九）十一", "一二三四五\n（六七八九）十一"),
        ("一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七\n八九十一二三四\n五六七八九十一"),
        ("", ""),
    ):
        assert balanced(name) == broken
    data = plaque_data(
        Sheet("星级牌", ("某局",), date(2025, 2, 20), "", sample=False),
        [Plaque("某镇", name, "四星社区", 4, 2024, "2024-1", "") for name in ("奥林匹克花园社区居委会", "长" * 20)],
    )
    assert [one["name"] for one in data["plaques"]] == ["奥林匹克花园社区居委会", f"{'长' * 10}\n{'长' * 10}"]
    assert len(pages(typeset(PLAQUES, data))) == 2


@pytest.mark.parametrize("size", range(28, 50, 3))
def test_no_page_begins_or_ends_with_less_than_three_rows_of_a_township(size: int) -> None:
    """A township whose rows are told apart begins further down the page with every size of the one before it."""
    before = [line(f"前{number}村", 1, 1, "held") for number in range(size)]
    rows = [line(f"丑{number}村", 1, 1, "held") for number in range(60)]
    parts = [Part(name, DIGEST, 1, LEVELS, [Town("甲镇", before), Town("乙镇", rows)]) for name in ("东丽区", "西青区")]
    found = [flat(page) for page in pages(list_pdf(paper(Annex("village", parts))))]
    for page in found:
        assert page.count("丑") == 0 or page.count("丑") >= 5, "three rows of two, the last of them may be half one"
        assert ("丑" not in page) or "东丽区乙镇" in page or "西青区乙镇" in page
    assert sum(page.count("丑") for page in found) == 120


def test_the_document_has_every_part_of_its_layout() -> None:
    found = pages(list_pdf(paper(villages(LINES))))
    whole = flat("".join(found))
    first = flat(found[0])
    assert first.startswith("待用印示例数据，与真实村、社区无关中共天津市北辰区委组织部天津市北辰区民政局〔2025〕号")
    assert "关于公布北辰区2024年度村星级评定结果的公告" in first
    assert "根据《某办法》，经审定，2025年1月10日至1月16日公示" in first
    assert "全区参加评定的村6个，其中五星村1个、四星村3个、三星村0个、无星村2个；未评的村1个。" in first
    assert "中共天津市北辰区委组织部天津市北辰区民政局2025年2月20日" in whole
    assert "附件北辰区2024年度村星级名单" in whole
    for one in LINES:
        assert flat(one.name) in whole
    assert "丙村四星五星降1" in whole
    assert "丁村无星四星消" in whole
    assert DIGEST[:32] in flat(found[-1]) or DIGEST[:32] in flat(found[-2])
    assert flat(found[-1]).startswith("中共天津市北辰区委组织部2025年2月20日印发") or "印发" in found[-1]
    assert len(found) % 2 == 0, "the imprint stands on an even page"
    assert "印章" in whole


def test_heads_and_numbers_are_on_every_page() -> None:
    many = [line(f"{number}号村", number % 4, None, "first") for number in range(150)]
    found = pages(list_pdf(paper(villages(many, many[:1]))))
    numbered = [page for page in found if "—" in page]
    for number, page in enumerate(numbered, 1):
        assert f"— {number} —" in page
        assert flat(page).find(flat(f"摘要{DIGEST}")) >= 0
    listed = [page for page in numbered if "号村" in page]
    assert len(listed) >= 3
    assert all("2024年度上次变动" in flat(page) and "第1镇" in page for page in listed)
    for number in range(150):
        assert sum(flat(page).count(f"{number}号村") for page in listed) >= 1


def test_a_city_names_each_district_with_its_digest() -> None:
    own = [Town("二镇", [Line("辛村", "优", 0, "", "first", None)])]
    other = Part("西青区", "b" * 64, 2, ("优", "良"), own)
    annexes = (
        Annex("village", [Part("东丽区", "a" * 64, 1, LEVELS, [Town("一镇", LINES)]), other]),
        Annex("community", [Part("东丽区", "c" * 64, 1, LEVELS, [Town("一镇", [line("某社区", 2, 2, "held")])])]),
    )
    whole = flat(said(list_pdf(paper(*annexes, place="天津市", whole="全市", notice=None, schemes=["甲"] * 5))))
    assert "根据各区的评定办法，经审定，现将天津市2024年度村、社区星级评定结果公布如下" in whole
    assert "附件1天津市2024年度村星级名单" in whole
    assert "附件2天津市2024年度社区星级名单" in whole
    for letter in "abc":
        assert letter * 64 in whole
    assert "西青区参加评定的村1个，其中优村1个、良村0个" in whole
    assert "共3份名单" in whole


def test_the_same_list_gives_the_same_bytes_and_a_number_where_it_has_one() -> None:
    one = paper(villages(LINES), number="津北辰组发〔2025〕3号", sample=False)
    assert list_pdf(one) == list_pdf(one)
    whole = said(list_pdf(one))
    assert "津北辰组发〔2025〕3号" in whole
    assert "示例" not in whole


def test_all_fonts_are_inside_and_nothing_is_a_picture() -> None:
    content = list_pdf(paper(villages(LINES)))
    document = pypdfium2.PdfDocument(content)
    kinds = {found.type for page in document for found in page.get_objects()}
    document.close()
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds, "no seal, no picture"
    assert content.count(b"/FontFile3") >= content.count(b"/Subtype/Type0") >= 2
    for face in (b"NotoSerifCJKsc-Regular", b"NotoSerifCJKsc-Bold", b"NotoSansCJKsc-Regular"):
        assert face in content


def test_an_office_may_bring_its_own_faces(tmp_path: Path) -> None:
    with TTFont(FONT_FOLDERS[1] / "NotoSansSC-Bold-starrating.otf") as face:
        for record in face["name"].names:
            if record.nameID in (1, 4, 6, 16):
                record.string = "FangSong"
        face["OS/2"].usWeightClass = 400
        face["CFF "].cff.fontNames = ["FangSong"]
        face.save(tmp_path / "simfang.otf")
    data = list_data(paper(villages(LINES)))
    own, usual = typeset(TEMPLATE, data, fonts=tmp_path), typeset(TEMPLATE, data)
    assert b"FangSong" in own
    assert b"FangSong" not in usual
    assert b"NotoSerifCJKsc-Bold" in own, "there is no 小标宋 in the folder"
    assert flat(said(own)).replace("甲村", "") == flat(said(usual)).replace("甲村", "")


def test_a_workbook_holds_texts_and_numbers_and_no_formula() -> None:
    rows = [
        ("2024", "北辰区", "天穆镇", "村", "=1+1", "120113100201", "五星", "", "首次评定", "92.50", "1", ""),
        ("2024", "北辰区", "天穆镇", "村", "@村", "120113100202", "未评", "三星", "", "", "", "已更正，原四星"),
    ]
    listed = Listed("名单", date(2025, 2, 20), rows, [("北辰区", "村", "1", "2025-02-20", DIGEST)], "示例数据")
    content = list_workbook(listed)
    assert list_workbook(listed) == content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    read = book.get_sheet_by_name("名单").to_python()
    assert read[0] == [name for name, _width in COLUMNS]
    assert read[1] == [*rows[0][:9], 92.5, 1.0, ""]
    assert read[2][4:7] == ["@村", "120113100202", "未评"]
    assert book.get_sheet_by_name("版次和摘要").to_python()[1][4] == DIGEST
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []


@pytest.mark.parametrize("lines", [(), LINES[:1]], ids=["none", "one"])
def test_a_district_with_next_to_nothing(lines: Sequence[Line]) -> None:
    whole = flat(said(list_pdf(paper(villages(lines)))))
    assert f"参加评定的村{len(lines)}个" in whole
