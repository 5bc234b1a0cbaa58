"""The notice as PDF and as a Word file: what the stored text says, by township, in the fonts of offices."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn

from starrating.documents.notice_paper import NoticePaper, notice_content
from starrating.documents.notice_word import notice_docx
from starrating.queries.publications import notice
from starrating.services.people import vault
from starrating.services.publication.notice_papers import notice_paper
from tests.documents.test_typesetting import said
from tests.pages.client import house_client
from tests.services.objected import ADDRESS, CONTACT, app, clock, kept, noticed, people

__all__ = ["app", "clock", "kept", "noticed", "people"]
PLAIN = "https://xing.example.cn/public/objections"


@pytest.fixture
def paper(noticed: int) -> NoticePaper:
    """The paper of the villages' notice."""
    found = notice(noticed)
    assert found is not None
    made = notice_paper(*found, "", PLAIN)
    assert made is not None
    return made


def words(file: bytes) -> list[str]:
    """All texts of a Word file, paragraphs and then cells."""
    document = Document(io.BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*(one.text for one in document.paragraphs), *cells]


def test_the_paper_says_what_the_notice_says(app: Any) -> None:
    client = house_client(app)
    page = client.get("/public/notices/1").get_data(as_text=True)
    assert 'href="/public/notices/1.pdf"' in page
    answer = client.get("/public/notices/1.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    name = quote("北辰区2024年度村星级评定结果公示.pdf")
    assert answer.headers["Content-Disposition"].endswith(f"filename*=UTF-8''{name}")
    whole = "".join(said(answer.data).split())
    for part in (
        "关于北辰区2024年度村星级评定结果的公示", "全区参加评定的村15个", "共5个工作日（1月10日、1月13日", CONTACT,
        f"{ADDRESS}/public/objections", "示例数据", "天穆镇", "北仓镇", "闫街村委会", "84.04",
    ):  # fmt: skip
        assert part in whole, part
    again = client.get("/public/notices/1.pdf", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_paper_leads_individuals_on_line_only_where_their_names_can_be_sealed(app: Any, tmp_path: Path) -> None:
    client = house_client(app)
    signed = "个人署名的也可以在网上的公示页提，不用登录"
    app.config["PERSONAL_KEY_FILE"] = str(tmp_path / "keys.json")
    assert signed not in "\n".join(words(client.get("/public/notices/1.docx").data))
    with app.app_context():
        vault.add_key()
    assert signed in "\n".join(words(client.get("/public/notices/1.docx").data))


def test_one_township_has_a_paper_of_its_own(app: Any) -> None:
    client = house_client(app)
    answer = client.get("/public/notices/1.docx?township=120113101000")
    text = "\n".join(words(answer.data))
    assert "北仓镇参加评定的村3个" in text
    assert "闫街村委会" not in text
    for address in ("1.pdf?township=999", "9.pdf", "9.docx"):
        assert client.get(f"/public/notices/{address}").status_code == 404
    assert client.get("/public/notices/1.txt").status_code == 404


def test_the_word_file_is_in_the_fonts_of_offices_and_always_the_same(paper: NoticePaper) -> None:
    content = notice_content(paper)
    file = notice_docx(content)
    assert notice_docx(content) == file
    document = Document(io.BytesIO(file))
    runs = [run for one in document.paragraphs for run in one.runs]
    cells = {cell._tc: cell for table in document.tables for row in table.rows for cell in row.cells}.values()
    runs += [run for cell in cells for one in cell.paragraphs for run in one.runs]
    fonts = {str(run._element.xpath("w:rPr/w:rFonts/@w:eastAsia")[0]) for run in runs if run.text}
    assert fonts == {"方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"}
    for table in document.tables:
        heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert heads == [True, True] + [False] * (len(table.rows) - 2)
    assert round((document.sections[0].page_width or 0) / 36_000) == 210
    text = words(file)
    for one in content["body"]:
        assert one["text"] in text
    names = {row["name"] for town in content["towns"] for row in town["rows"]}
    assert len(names) == 15
    assert names <= set(text)
    with ZipFile(io.BytesIO(file)) as parts:
        assert parts.testzip() is None
        assert "instrText" in parts.read(next(name for name in parts.namelist() if "footer" in name)).decode()


def test_points_stand_in_it_only_where_the_scheme_shows_them(paper: NoticePaper) -> None:
    quiet = notice_content(replace(paper, show_scores=False))
    assert quiet["columns"] == ["村", "星级", "上次", "变动"]
    assert {len(row["cells"]) for town in quiet["towns"] for row in town["rows"]} == {3}
    assert "84.04" not in "\n".join(words(notice_docx(quiet)))
    assert "84.04" in "\n".join(words(notice_docx(notice_content(paper))))


def test_days_that_are_not_working_days_are_counted_as_days(paper: NoticePaper) -> None:
    days = [date(2025, 1, day) for day in range(10, 17)]
    told = notice_content(replace(paper, working=False, days=days))["body"][2]["text"]
    assert told == "2025年1月10日至2025年1月16日24时，共7天。"


def test_a_hostile_name_is_a_name(paper: NoticePaper) -> None:
    town = paper.towns[0]
    nasty = replace(town.lines[0], line=replace(town.lines[0].line, name="#panic()\u202e村<b>"))
    content = notice_content(replace(paper, towns=[replace(town, lines=[nasty])]))
    assert "#panic()村<b>" in words(notice_docx(content))
