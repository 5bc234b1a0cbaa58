"""A small scheme to change one thing of, and how to read texts as files."""

from pathlib import Path

from starrating.domain.faults import FileFault, FilesRefused
from starrating.schemes.reader import ReadScheme, read_scheme
from starrating.wording import say

BASE = """\
format: starrating/1
code: base
title: 基本方案
year: 2024
applies_to: [village]
levels:
  - {code: none, name: 无星, stars: 0}
  - {code: three, name: 三星, stars: 3}
  - {code: five, name: 五星, stars: 5}
full_score: 100
indicators:
  - {code: A, name: 甲, method: direct, max: 60}
  - code: G
    name: 组
    children:
      - {code: B, name: 乙, method: choice, options: {优: 20, 良: 10}}
      - {code: C, name: 丙, method: cases, start: 20, each: {letter: -1, group: -2}}
overrides:
  - {code: weak, name: 软弱涣散, when: {flag.weak: 1}, effect: {cap: three}}
movement: {max_rise: 1, look_back: 2}
allocation:
  pool: [district]
  rank_by: [total, points.A]
  levels:
    five: {quota: 10%, min: 90}
    three: {quota: 40%}
  bottom: {quota: 10%}
consequences:
  - {code: talk, name: 约谈, for: unit, when: {level: none}, effect: {measure: talk, within_days: 30}}
notice: {days: 5}
"""


def changed(old: str, new: str, text: str = BASE) -> str:
    """The text with its one `old` replaced."""
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    return text.replace(old, new)


def written(folder: Path, text: str | bytes, name: str = "scheme.yaml") -> Path:
    """A file with that text."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return path


def read(folder: Path, text: str | bytes) -> ReadScheme:
    """The scheme of a text."""
    return read_scheme(written(folder, text))


def faults_at(path: Path) -> tuple[FileFault, ...]:
    """The faults of a file, none where it can be read; each has a sentence that can be said."""
    try:
        read_scheme(path)
    except FilesRefused as refused:
        for fault in refused.faults:
            sentence = say(fault.code, fault.facts)
            assert "\n" not in sentence
            assert "{" not in sentence.replace(str(fault.facts), "") or "{" in str(fault.facts)
        return refused.faults
    return ()


def faults_of(folder: Path, text: str | bytes) -> tuple[FileFault, ...]:
    """The faults of a text."""
    return faults_at(written(folder, text))
