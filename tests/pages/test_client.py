"""The house client sees each fault that it is there for."""

import pytest

from tests.pages.client import faults

PAGE = '<!doctype html><html lang="zh-Hans"><head><title>名单，站</title></head><body><h1>名单</h1>{}</body></html>'
GOOD = (
    '<p>找<span translate="no">beichen</span></p>',
    '<form action="/x" method="post"><input type="hidden" name="csrf_token" value="t"></form>',
    '<label for="a">姓名</label><input id="a">',
    '<form action="/x" method="get"><input aria-label="找村" name="q"></form>',
    "<p>摘要<code>sha256: 3f9a</code>，共123个（村），V2.1得6分，12:30存</p>",
    '<a href="#h">看</a><h2 id="h">二</h2><a href="/x" lang="en">English</a>',
    "<p>下载PDF或XLSX，材料三资平台收入表.pdf</p>",
)
BAD = (
    ("<div>", "expected-one-end-tag"),
    ("<p>一<div>二</div></p>", "unexpected-end-tag"),
    ("<h1>又一个</h1>", "2 h1"),
    ('<p id="a"></p><p id="a"></p>', "stands 2 times"),
    ('<p style="color:red"></p>', "inline style"),
    ("<style>p{}</style>", "inline style"),
    ("<script>1</script>", "inline script"),
    ('<a href="/x" onclick="f()">看</a>', "onclick"),
    ('<a href="javascript:f()">看</a>', "javascript"),
    ('<form method="post"><input type="hidden" name="csrf_token" value="t"></form>', "without action"),
    ('<form action="/x"></form>', "method"),
    ('<form action="/x" method="post"></form>', "0 tokens"),
    ('<form action="/x" method="post"><input type="hidden" name="csrf_token" value=""></form>', "1 tokens"),
    ('<form action="/x" method="get"><input type="hidden" name="csrf_token" value="t"></form>', "token in the address"),
    ('<input name="a">', "without a label"),
    ('<label for="a"></label><input id="a" name="a">', "without a label"),
    ('<label for="b">姓名</label>', "points nowhere"),
    ('<a href="#nowhere">看</a>', "points nowhere"),
    ("<p>Save</p>", "English"),
    ('<img alt="Logo" src="/x">', "English"),
    ("<p>名单(示例)</p>", "half-width"),
    ("<p>名单,示例</p>", "half-width"),
    ("<p>共3个:村</p>", "half-width"),
)


@pytest.mark.parametrize("body", GOOD)
def test_a_good_page_passes(body: str) -> None:
    assert faults(PAGE.format(body)) == []


@pytest.mark.parametrize(("body", "words"), BAD)
def test_a_fault_is_seen(body: str, words: str) -> None:
    assert any(words in fault for fault in faults(PAGE.format(body)))


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (PAGE.format("").replace(' lang="zh-Hans"', ""), "no lang"),
        (PAGE.format("").replace("<title>名单", "<title>站"), "does not begin"),
        (PAGE.format("").replace("<!doctype html>", ""), "doctype"),
    ],
)
def test_a_fault_of_the_head_is_seen(page: str, words: str) -> None:
    assert any(words in fault for fault in faults(page))


def test_an_english_page_may_speak_english() -> None:
    page = (
        PAGE.format("<p>Saved: 3 (of 5)</p>")
        .replace("zh-Hans", "en")
        .replace("名单，站", "List, site")
        .replace("名单", "List")
    )
    assert faults(page) == []
