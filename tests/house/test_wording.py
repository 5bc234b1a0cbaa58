"""Sentences for people: Chinese as it is printed, every one with its English, the compiled catalogue up to date."""

import ast
import gettext
import re
import string
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from jinja2 import Environment

from starrating.errors import ENTRY_FAULTS
from starrating.vocabulary.cases import CASE_REFUSALS
from starrating.wording import SENTENCES
from tests.house.source import PACKAGE, ROOT, fault_codes_in, modules, strings_in

KEYWORDS: dict[str, Any] = dict.fromkeys(("_", "_l", "gettext", "lazy_gettext", "translate"))
CATALOGUE = PACKAGE / "translations" / "en" / "LC_MESSAGES"
MAPPING = PACKAGE / "translations" / "extract.cfg"
TEMPLATES = ROOT / "templates"
HAN = r"[\u3400-\u9fff]"
CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff01-\uff0e\uff10-\uff5e]")
"""Han and its punctuation; not ／, which is typed into cells in any language, nor the wide space, which indents."""
SAMPLE_OF_YAML = re.compile(r"\[[^\]]*\]|“[^”]*: [^”]*”")
ASCII_BESIDE_HAN = re.compile(rf"{HAN}[,:;()!?]|[,:;()!?]{HAN}")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
AS_WRITTEN = {
    "scoring/indicator.html": {'"（"', '"）"'},
    "assessments/part.html": {'"（"', '"）"', '"。"'},
}
"""By template, what is done to the words of a scheme, which stay as they are."""
NOT_FOR_TRANSLATION: dict[str, set[str]] = {
    "languages.py": {"中文"},  # a language by its own name
    "public/views.py": {  # the table to download is the same for every reader
        "年度", "区", "乡镇街道", "类别", "名称", "代码", "星级", "上年度星级", "变动", "总分", "名次", "未评", "级",
        "示例",  # what the title of a made-up scheme says
    },
    "evidence/archive.py": {"总的", "年度", "佐证.zip"},  # the archive is the same for every reader
    "scoring/doubt_words.py": {"（", "）"},  # what is done to the brackets of a scheme's own words
    "rating/views.py": {"名次", "代码", "名称", "乡镇街道", "总分", "星级", "去年", "变动", "原因", "未评", "；"},
}  # fmt: skip
"""By file of the pages, Chinese that stays Chinese whoever reads, each with its reason."""


def translations() -> dict[str, str]:
    """Every Chinese text of the catalogue with its English; what is doubtful (fuzzy) or still to do does not count."""
    with (CATALOGUE / "starrating.po").open("rb") as file:
        catalogue: Catalog = read_po(file, locale="en")
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }


@cache
def marked() -> frozenset[str]:
    """Every text of the source and the templates that is marked for translation."""
    with MAPPING.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = [
        *extract_from_dir(PACKAGE, _below(methods, "starrating/"), _options(options, "starrating/"), KEYWORDS),
        *extract_from_dir(TEMPLATES, _below(methods, "templates/"), _options(options, "templates/"), KEYWORDS),
    ]
    return frozenset(message if isinstance(message, str) else message[0] for _, _, message, _, _ in found)


def _below(methods: list[tuple[str, str]], folder: str) -> list[tuple[str, str]]:
    return [(pattern.removeprefix(folder), method) for pattern, method in methods if pattern.startswith(folder)]


def _options(options: dict[str, dict[str, Any]], folder: str) -> dict[str, dict[str, Any]]:
    return {pattern.removeprefix(folder): given for pattern, given in options.items() if pattern.startswith(folder)}


def templates() -> list[Path]:
    """Every template but the style guide's, which shows made-up texts in development only."""
    return sorted(path for path in TEMPLATES.rglob("*.html") if "styleguide" not in path.parts)


def unmarked_in(template: str) -> list[str]:
    """Chinese of a template that a reader of another language would see too, as `line: text`."""
    found: list[str] = []
    called: list[bool] = []
    name = ""
    for line, kind, text in Environment().lex(template):
        if kind == "data":
            found += [f"{line}: {part.strip()}" for part in text.splitlines() if CHINESE.search(part)]
        elif kind == "operator" and text in "([{":
            called.append(name in KEYWORDS)
        elif kind == "operator" and text in ")]}" and called:
            called.pop()
        elif kind == "string" and CHINESE.search(text) and not (called and called[-1]):
            found.append(f"{line}: {text}")
        name = text if kind == "name" else name if kind == "whitespace" else ""
    return found


def unmarked_in_code(source: str) -> set[str]:
    """Chinese of a Python module that is no docstring and not marked, whole or within a piece of an f-string."""
    tree = ast.parse(source)
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    named = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id in KEYWORDS)
    inside = {id(part) for call in named for part in ast.walk(call)}
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value)
        if id(node) not in inside | said
    }


def fields(text: str) -> set[str]:
    """The facts that a sentence names, in either way of naming them."""
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None} | set(
        PLACEHOLDER.findall(text)
    )


def test_chinese_has_chinese_punctuation() -> None:
    texts = marked() | set(SENTENCES.values())
    assert [text for text in sorted(texts) if ASCII_BESIDE_HAN.search(SAMPLE_OF_YAML.sub("", text))] == []


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_chinese_of_a_template_is_unmarked(path: Path) -> None:
    allowed = AS_WRITTEN.get(path.relative_to(TEMPLATES).as_posix(), set())
    found = unmarked_in(path.read_text(encoding="utf-8"))
    assert [line for line in found if line.partition(": ")[2] not in allowed] == []


@pytest.mark.parametrize(
    "template",
    [
        "<h1>评定结果</h1>",
        "<p>{{ count }}个</p>",
        '{{ tag("已停用", "locked") }}',
        '{{ field("name", _("姓名"), hint="写全名") }}',
        '{{ _("共%(unit)s", unit=dict(word=["个"])) }}',
        '{% set title = "留痕" %}',
        '<a aria-label="关">{# 注 #}</a>',
        '{{ names | join("、") }}',
    ],
)
def test_unmarked_chinese_of_a_template_is_seen(template: str) -> None:
    assert unmarked_in(template)


@pytest.mark.parametrize(
    "template",
    ["{# 说明 #}<p></p>", '{{ _("评定结果") }}', '{% set x = [(_("全部"), 1)] %}', '{{ _ ("姓名") }}', "<p>…</p>"],
)
def test_marked_chinese_of_a_template_passes(template: str) -> None:
    assert unmarked_in(template) == []


@pytest.mark.parametrize("path", modules("blueprints"), ids=lambda path: str(path.relative_to(PACKAGE / "blueprints")))
def test_no_chinese_of_the_pages_is_unmarked(path: Path) -> None:
    named = path.relative_to(PACKAGE / "blueprints").as_posix()
    if named.startswith("styleguide/"):
        pytest.skip("made-up texts, in development only")
    assert unmarked_in_code(path.read_text(encoding="utf-8")) - NOT_FOR_TRANSLATION.get(named, set()) == set()


def test_no_script_and_no_style_holds_words_of_its_own() -> None:
    held = sorted(path for kind in ("js", "css") for path in (PACKAGE / "static" / kind).rglob(f"*.{kind}"))
    comments = re.compile(r"/\*.*?\*/|^[^\S\n]*//[^\n]*$", re.DOTALL | re.MULTILINE)
    assert [path.name for path in held if CHINESE.search(comments.sub("", path.read_text(encoding="utf-8")))] == []


def test_unmarked_chinese_of_code_is_seen() -> None:
    assert unmarked_in_code('"""说明。"""\nsaid = _("名")\ntold = f"{said}：{name}"\n') == {"："}


def test_nobody_is_called_by_the_polite_word() -> None:
    """People are 你 to each other here, in the source, in templates and in the documents."""
    files = [
        *(ROOT / "templates").rglob("*.html"),
        *PACKAGE.rglob("*.py"),
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
    ]
    assert [str(path.relative_to(ROOT)) for path in sorted(files) if "您" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("text", ["缺少列:{column}", "没有这个等级(见第3行)", "应为整数,不能为空"])
def test_ascii_beside_a_han_character_is_seen(text: str) -> None:
    assert ASCII_BESIDE_HAN.search(text)


def test_sentences_are_chinese() -> None:
    assert {code: text for code, text in SENTENCES.items() if not re.search(HAN, text)} == {}


@pytest.mark.parametrize("path", modules("domain", "schemes", "interchange", "offline"), ids=lambda path: path.name)
def test_every_fault_has_its_sentence(path: Path) -> None:
    said = SENTENCES.keys() | ENTRY_FAULTS.keys() | CASE_REFUSALS.keys()
    assert fault_codes_in(path.read_text(encoding="utf-8")) - said == set()


def test_the_code_of_a_fault_is_seen() -> None:
    assert fault_codes_in('faults.append(FileFault("file.missing", name))') == {"file.missing"}


def test_every_sentence_has_its_fault() -> None:
    elsewhere = set(modules()) - set(modules("wording"))
    texts = {text for path in elsewhere for _, text in strings_in(path.read_text(encoding="utf-8"))}
    assert SENTENCES.keys() - texts == set()


def test_every_marked_text_has_its_english() -> None:
    known = translations()
    assert [text for text in sorted(marked()) if not known.get(text)] == []


def test_every_sentence_is_marked() -> None:
    assert set(SENTENCES.values()) - marked() == set()


def test_the_english_names_the_same_facts() -> None:
    pairs = translations().items()
    assert [text for text, english in pairs if fields(text) != fields(english)] == []


def test_the_facts_of_both_ways_of_writing_are_seen() -> None:
    assert fields("{who}改了%(count)s格") == {"who", "count"}


def test_the_english_has_english_punctuation() -> None:
    pairs = translations().items()
    full_width = re.compile(r"[，。；：！？（）]")
    assert [text for text, english in pairs if full_width.search(english)] == []


def test_every_text_is_collected_as_the_makefile_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--mapping $(CATALOGUES)/extract.cfg" in makefile
    assert set(re.findall(r"-k (\w+)", makefile)) == KEYWORDS.keys()


def test_the_catalogue_has_nothing_that_is_gone() -> None:
    assert translations().keys() - marked() == set()


def test_the_compiled_catalogue_is_up_to_date() -> None:
    with (CATALOGUE / "starrating.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    said = {text: compiled.gettext(text) for text in translations()}
    assert said == translations()
    assert len(compiled._catalog) == len(translations()) + 1, "run `make translations`"  # type: ignore[attr-defined]


def test_the_catalogue_is_in_the_package() -> None:
    assert CATALOGUE.is_relative_to(ROOT / "starrating")
