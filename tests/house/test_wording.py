"""Sentences for people: Chinese as it is printed, every one with its English, the compiled catalogue up to date."""

import gettext
import re
import string
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from starrating.errors import ENTRY_FAULTS
from starrating.wording import SENTENCES
from tests.house.source import PACKAGE, ROOT, fault_codes_in, modules, strings_in

KEYWORDS: dict[str, Any] = dict.fromkeys(("_", "_l", "gettext", "lazy_gettext", "translate"))
CATALOGUE = PACKAGE / "translations" / "en" / "LC_MESSAGES"
HAN = r"[\u3400-\u9fff]"
SAMPLE_OF_YAML = re.compile(r"\[[^\]]*\]|“[^”]*: [^”]*”")
ASCII_BESIDE_HAN = re.compile(rf"{HAN}[,:;()!?]|[,:;()!?]{HAN}")


def translations() -> dict[str, str]:
    """Every Chinese text of the catalogue with its English; what is doubtful (fuzzy) or still to do does not count."""
    with (CATALOGUE / "starrating.po").open("rb") as file:
        catalogue: Catalog = read_po(file, locale="en")
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }


def marked() -> set[str]:
    """Every text of the source that is marked for translation."""
    found = extract_from_dir(PACKAGE, method_map=[("**.py", "python")], keywords=KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def test_chinese_has_chinese_punctuation() -> None:
    texts = marked() | set(SENTENCES.values())
    assert [text for text in sorted(texts) if ASCII_BESIDE_HAN.search(SAMPLE_OF_YAML.sub("", text))] == []


@pytest.mark.parametrize("text", ["缺少列:{column}", "没有这个等级(见第3行)", "应为整数,不能为空"])
def test_ascii_beside_a_han_character_is_seen(text: str) -> None:
    assert ASCII_BESIDE_HAN.search(text)


def test_sentences_are_chinese() -> None:
    assert {code: text for code, text in SENTENCES.items() if not re.search(HAN, text)} == {}


@pytest.mark.parametrize("path", modules("domain", "schemes", "interchange", "offline"), ids=lambda path: path.name)
def test_every_fault_has_its_sentence(path: Path) -> None:
    assert fault_codes_in(path.read_text(encoding="utf-8")) - SENTENCES.keys() - ENTRY_FAULTS.keys() == set()


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


def test_the_english_is_english_and_names_the_same_facts() -> None:
    pairs = translations().items()
    assert [text for text, english in pairs if fields(text) != fields(english)] == []


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
