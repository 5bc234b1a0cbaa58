"""What the documents show exists: targets of make, files that are linked, commands of the program."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import PACKAGE, ROOT

OUTPUT = re.compile(
    r"<!-- output: python (-m starrating [^\n]+?) -->\n```\n\$ python ([^\n]+)\n(.*?)```\n<!-- end of output -->",
    re.DOTALL,
)
READMES = ("README.md", "README.zh-CN.md")
PINNED = re.compile(r"([A-Za-z0-9._-]+)==([0-9][0-9A-Za-z.]*)(?: ; [^#]+?)?((?: +--hash=sha256:[0-9a-f]{64})+)\s*")
BUILT = {".venv", "build", ".git", ".pytest_cache", ".hypothesis"}
LINK = re.compile(r"\]\(([^)\s]+)\)")
MAKE = re.compile(r"(?:^|`)make ([a-z][a-z-]*)", re.MULTILINE)
COMMAND = re.compile(r"python -m starrating ([a-z][a-z-]*)")
TARGET = re.compile(r"^([a-z][a-z-]*):.*?(?:## (.+))?$", re.MULTILINE)


def documents() -> list[Path]:
    return sorted(
        path
        for path in ROOT.rglob("*.md")
        if not BUILT & set(path.relative_to(ROOT).parts) and "node_modules" not in path.parts
    )


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def targets() -> dict[str, str]:
    return dict(TARGET.findall(text_of("Makefile")))


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md"])
def test_every_target_that_is_shown_exists(name: str) -> None:
    shown = set(MAKE.findall(text_of(name)))
    assert shown
    assert shown - targets().keys() == set()


def test_every_target_says_what_it_does() -> None:
    assert [target for target, words in targets().items() if not words] == []


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    links = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if not re.match(r"[a-z]+:|#", link)]
    missing = [link for link in links if not (path.parent / link.partition("#")[0]).exists()]
    assert missing == []


@pytest.mark.parametrize("name", READMES)
def test_every_page_is_named(name: str) -> None:
    pages = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    assert pages
    assert pages - set(LINK.findall(text_of(name))) == set()


@pytest.mark.parametrize("name", READMES)
def test_every_command_that_is_shown_exists(name: str) -> None:
    shown = set(COMMAND.findall(text_of(name))) - {"demo"}
    assert "rate" in shown
    help_text = subprocess.run(
        [sys.executable, "-m", "starrating", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert {command for command in shown if not re.search(rf"\b{command}\b", help_text)} == set()


def test_both_readmes_show_the_same_commands() -> None:
    english, chinese = (
        (sorted(set(COMMAND.findall(text_of(name)))), sorted(set(MAKE.findall(text_of(name))))) for name in READMES
    )
    assert english == chinese


@pytest.mark.parametrize("name", READMES)
def test_what_is_shown_was_copied_from_a_run(name: str) -> None:
    shown = OUTPUT.findall(text_of(name))
    assert shown
    for command, repeated, output in shown:
        assert repeated == command
        run = subprocess.run([sys.executable, *command.split()], cwd=ROOT, capture_output=True, text=True, check=False)
        assert run.stdout + run.stderr == output


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert re.search(r"^(?:exec )?make test\b", text_of(".ci/run"), re.MULTILINE)
    assert all("make test" in text_of(name) for name in READMES)


def test_decisions_are_numbered_and_named_alike() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [path.name[:4] for path in decisions]
    assert numbers == [f"{number:04d}" for number in range(1, len(decisions) + 1)]
    assert [path.name for path in decisions if not path.read_text(encoding="utf-8").startswith("# ")] == []


def test_every_package_has_its_row_in_the_layout() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    for name in READMES:
        assert {package for package in packages if f"`{package}/`" not in text_of(name)} == set()


def test_every_run_time_package_is_pinned_alike() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = text_of(name).replace("\\\n", "").splitlines()
        wanted = [line for line in lines if line.partition("#")[0].strip()]
        assert len(wanted) > 50
        assert [line for line in wanted if not PINNED.fullmatch(line)] == [], "one release, with its digests"
        assert not re.search(r"https?://|file://|--(extra-)?index|--find-links|--trusted-host", text_of(name))


def test_what_is_wanted_is_pinned_in_one_release() -> None:
    run, every = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert run.items() <= every.items(), "tests run with what is installed for the office"
    assert wanted_in("requirements.in") - run.keys() == set()
    assert wanted_in("requirements-dev.in") - every.keys() == set()


def pinned(name: str) -> dict[str, str]:
    """Package → its release."""
    found = [PINNED.fullmatch(line) for line in text_of(name).replace("\\\n", "").splitlines()]
    return {package_name(one[1]): one[2] for one in found if one}


def wanted_in(name: str) -> set[str]:
    """The packages that are asked for by name."""
    lines = (line.partition("#")[0].strip() for line in text_of(name).splitlines())
    return {package_name(line.partition("[")[0]) for line in lines if line and not line.startswith("-")}


def package_name(written: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", written).lower()
