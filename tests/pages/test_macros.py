"""Macros at the edges: nothing, zero, one, very many, the longest name, markup in a name."""

from typing import Any

import pytest
from flask import Flask, render_template_string

TABLE = (
    '{% from "macros/tables.html" import table %}'
    '{% call(row, key) table(columns, rows, "表", empty=said) %}{{ row[key] }}{% endcall %}'
)
NASTY = "<script>alert(1)</script>“村”"


def render(app: Flask, source: str, **values: Any) -> str:
    with app.test_request_context("/"):
        return render_template_string(source, **values)


def of(app: Flask, file: str, call: str, **values: Any) -> str:
    name = call.partition("(")[0]
    return render(app, f'{{% from "macros/{file}.html" import {name} %}}{{{{ {call} }}}}', **values)


@pytest.mark.parametrize(
    ("call", "shade", "hollow"),
    [
        ("star('五星', 0, 4)", "star--place-0", False),
        ("star('三星', 2, 4)", "star--place-2", False),
        ("star('无星', 3, 4)", "star--lowest", True),
        ("star('一星', 4, 5)", "star--lowest", True),
        ("star('二星', 6, 9)", "star--place-3", False),
        ("star('不达标', 1, 2)", "star--lowest", True),
        ("star('', none, 4)", "star--unrated", False),
    ],
)
def test_levels_take_the_ramp_from_the_top(guide: Flask, call: str, shade: str, hollow: bool) -> None:
    text = of(guide, "stars", call)
    assert shade in text
    assert ("M8 1.9l" in text) is hollow


def test_unrated_has_a_word_and_no_star(guide: Flask) -> None:
    text = of(guide, "stars", "star('', none, 4)")
    assert "未评" in text
    assert "<svg" not in text


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("movement('up', 2)", "晋星 +2"),
        ("movement('down', 1)", "降星 -1"),
        ("movement('held')", "保星"),
        ("movement('stripped', 3)", "取消星级"),
        ("movement('first')", "首次评定"),
        ("movement('lowest')", "仍在最低一级"),
    ],
)
def test_a_movement_is_said_in_words(guide: Flask, call: str, words: str) -> None:
    assert words in of(guide, "stars", call)


def test_no_movement_says_nothing(guide: Flask) -> None:
    assert of(guide, "stars", "movement('')") == ""


@pytest.mark.parametrize(
    ("page", "per_page", "total", "words"),
    [
        (1, 24, 1, "第1至1个，共1个"),
        (2, 24, 123, "第25至48个，共123个"),
        (6, 24, 123, "第121至123个，共123个"),
        (42, 24, 1000, "第985至1,000个，共1,000个"),
    ],
)
def test_the_pager_says_where_one_is(guide: Flask, page: int, per_page: int, total: int, words: str) -> None:
    text = of(guide, "tables", "pager(page, per_page, total, '/x?q=1')", page=page, per_page=per_page, total=total)
    assert words in text
    assert ("下一页" in text) is (page * per_page < total)
    assert ("上一页" in text) is (page > 1)


def test_the_pager_is_silent_on_nothing_and_joins_its_address(guide: Flask) -> None:
    assert of(guide, "tables", "pager(1, 24, 0, '/x')") == ""
    assert 'href="/x?page=2"' in of(guide, "tables", "pager(1, 24, 30, '/x')")
    assert 'href="/x?q=1&page=2"' in of(guide, "tables", "pager(1, 24, 30, '/x?q=1')").replace("&amp;", "&")


def test_the_pager_of_very_many_stays_short(guide: Flask) -> None:
    assert of(guide, "tables", "pager(100, 24, 700000, '/x')").count("<a ") == 8


def test_markup_in_a_name_stays_text(guide: Flask) -> None:
    for file, call in [
        ("stars", "star(name, 0, 4)"),
        ("stars", "reason(name, 'veto')"),
        ("page", "tag(name, 'err')"),
        ("page", "crumbs([(name, none)])"),
        ("notices", "flash('err', name)"),
        ("notices", "error_summary([('a', name)])"),
        ("forms", "field('a', name, name, hint=name, error=name, unit=name)"),
        ("forms", "chips(name, [(name, name, name)], name)"),
        ("figures", "timeline([{'title': name}])"),
        ("figures", "progress(name, 1, 2)"),
        ("tables", "score_cell(name, 'refused')"),
    ]:
        text = of(guide, file, call, name=NASTY)
        assert "<script" not in text, call
        assert "&lt;script&gt;" in text, call


def test_a_field_names_its_hint_and_its_error(guide: Flask) -> None:
    text = of(guide, "forms", "field('a', '开始日', '2027-01-16', hint='工作日', error='是周六')")
    assert 'aria-invalid="true" aria-describedby="a-error a-hint"' in text
    assert 'id="a-error"' in text
    assert 'id="a-hint"' in text
    plain = of(guide, "forms", "field('a', '开始日')")
    assert "aria-" not in plain.replace("aria-hidden", "")


def test_zero_is_zero_and_blank_is_blank(guide: Flask) -> None:
    assert ">0</td>" in of(guide, "tables", "score_cell(0)")
    assert "没填" in of(guide, "tables", "score_cell('', 'none')")
    assert "不适用" in of(guide, "tables", "score_cell('', 'inapplicable')")
    text = render(
        guide,
        TABLE,
        columns=[{"key": "n", "label": "村"}, {"key": "c", "label": "数"}],
        rows=[{"kind": "total", "title": "共", "c": 0}],
    )
    assert ">0</td>" in text


def test_an_empty_table_says_so_and_keeps_its_head(guide: Flask) -> None:
    columns = [{"key": "n", "label": "村"}]
    text = render(guide, TABLE, columns=columns, rows=[], said="没有符合条件的村。")
    assert "没有符合条件的村。" in text
    assert "<th " in text
    assert render(guide, TABLE, columns=columns, rows=[{"n": "一村"}], said="").count("<td") == 1


def test_a_disabled_button_says_why(guide: Flask) -> None:
    text = of(guide, "page", "button('转入复核', 'primary', disabled_because='还差3项')")
    assert " disabled" in text
    assert "还差3项" in text


def test_no_progress_of_nothing_and_never_over_the_edge(guide: Flask) -> None:
    assert "0.0%" in of(guide, "figures", "progress('村', 0, 0)")
    assert 'width="100.00%"' in of(guide, "figures", "progress('村', 7, 5)")


def test_a_digest_stands_in_groups_of_four(guide: Flask) -> None:
    assert "9757 c307 22" in of(guide, "figures", "digest_value('9757c30722')")


def test_no_errors_no_summary(guide: Flask) -> None:
    assert of(guide, "notices", "error_summary([])") == ""


def test_an_error_page_stands_without_a_shell(guide: Flask) -> None:
    assert "没有这一页，或者不归你看" in render(guide, '{% include "errors/404.html" %}')
