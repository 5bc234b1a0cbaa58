"""Papers: text is data and nothing else, the same bytes every time, the package's own fonts inside."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from starrating.documents.typesetting import FONT_FOLDERS, legible, missing, page_pictures, typeset

TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set text(font: ("Noto Serif CJK SC",), lang: "zh", region: "cn")
#heading(data.title)
#for name in data.names [ #name #linebreak() ]
"""
NASTY = (
    "#panic()村", "*粗*_斜_", "$x^2$", "[甲]{乙}", r"\ 反斜杠\n", "`码` ```raw```", "<标> @引 ~空", "--- ... 'q' \"q\"",
    "// 注 /* 注 */", "= 题", "+ 一 - 二 / 三: 四", "#sys.inputs.data", '#read("/etc/passwd")', "https://例.中国/?a=b&c#d",
    "白庙村农工商联合公司（村委会）",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "paper.typ").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def said(paper: bytes) -> str:
    """All that another library reads in a PDF."""
    document = pypdfium2.PdfDocument(paper)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def paper_of(folder: Path, *names: str, title: str = "名单") -> bytes:
    return typeset("paper.typ", {"title": title, "names": list(names)}, folder=folder)


@pytest.mark.parametrize("name", NASTY)
def test_a_name_is_printed_letter_by_letter(folder: Path, name: str) -> None:
    read = "".join(said(paper_of(folder, name)).split())
    assert read == "名单" + "".join(name.split())


def test_what_nobody_sees_does_not_turn_a_star_round(folder: Path) -> None:
    read = said(paper_of(folder, "\u202e五星\u202c", "四\x00\x1b星", "三\ud800星"))
    assert "五星" in read
    assert legible({"a": ["\ufeff村\n\t", 1, None]}) == {"a": ["村\n ", 1, None]}
    assert legible("四\x00\x1b星") == "四  星"
    assert "三〓星" in read


def test_a_letter_that_no_font_has_is_said_to_be_missing(folder: Path) -> None:
    (folder / "paper.typ").write_text(TEMPLATE + '#data.missing.join("、")', encoding="utf-8")
    read = said(paper_of(folder, "𠮷祥村", "三\ud800星", "闫街村〓"))
    assert read.split() == ["名单", "〓祥村", "三〓星", "闫街村〓", "U+D800、U+20BB7"]


def test_every_name_of_the_city_can_be_printed() -> None:
    from starrating.demo.units import rows_of

    assert missing([row["name"] for row in rows_of("tianjin_divisions_2023.csv")]) == []


def test_the_same_data_give_the_same_bytes_in_another_place_and_time(folder: Path) -> None:
    paper = paper_of(folder, *NASTY)
    code = (
        "import sys, hashlib; from pathlib import Path; from tests.documents.test_typesetting import NASTY, paper_of;"
        "print(hashlib.sha256(paper_of(Path(sys.argv[1]), *NASTY)).hexdigest())"
    )
    found = {hashlib.sha256(paper).hexdigest()}
    for zone, language in (("Pacific/Kiritimati", "C"), ("Asia/Shanghai", "zh_CN.UTF-8")):
        environ = {**os.environ, "TZ": zone, "LC_ALL": language, "PYTHONUTF8": "1"}
        run = subprocess.run([sys.executable, "-c", code, str(folder)], env=environ, capture_output=True, text=True,
                             check=True)  # fmt: skip
        found.add(run.stdout.strip())
    assert len(found) == 1
    assert b"CreationDate" not in paper
    assert b"ModDate" not in paper


def test_several_are_set_at_once(folder: Path) -> None:
    alone = {name: paper_of(folder, name) for name in NASTY[:4]}
    found: dict[str, bytes] = {}
    threads = [
        threading.Thread(target=lambda name=name: found.update({name: paper_of(folder, name)})) for name in alone
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == alone


def test_fonts_are_the_packages_own_and_inside(folder: Path) -> None:
    assert all(list(path.glob("*.otf")) for path in FONT_FOLDERS)
    paper = paper_of(folder, "闫街村")
    assert b"NotoSerifCJKsc" in paper
    assert b"/FontFile" in paper
    assert said(paper).split() == ["名单", "闫街村"]


def test_a_template_reads_nothing_outside_its_folder(folder: Path) -> None:
    from typst import TypstError

    (folder / "paper.typ").write_text('#read("../../../../../../etc/hostname")', encoding="utf-8")
    with pytest.raises(TypstError):
        paper_of(folder, "村")


def test_a_server_sets_papers_in_a_process_of_their_own() -> None:
    from starrating.documents.apart import NotSet, typeset_apart
    from starrating.documents.plaques import WITHDRAWN, Sheet, withdrawn_data

    data = withdrawn_data(Sheet("清单", (), date(2025, 2, 20), "", True), (), "注")
    assert typeset_apart(WITHDRAWN, data) == typeset(WITHDRAWN, data)
    with pytest.raises(NotSet, match="title"):
        typeset_apart(WITHDRAWN, {"sample": ""})


def test_pages_can_be_looked_at(folder: Path) -> None:
    data: dict[str, Any] = {"title": "名单", "names": ["村"] * 200}
    pages = page_pictures("paper.typ", data, folder=folder, ppi=20)
    assert len(pages) > 1
    assert all(page.startswith(b"\x89PNG") for page in pages)
    assert len(page_pictures("paper.typ", data | {"names": []}, folder=folder, ppi=20)) == 1
