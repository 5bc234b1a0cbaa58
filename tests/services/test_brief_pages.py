"""The brief of a quarter from its button: made in the background as of that moment, told, downloaded, made again."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from starrating.domain.faults import RuleError
from starrating.domain.windows import Stage
from tests.house.source import ROOT
from tests.pages.client import house_client
from tests.services.public_year import PublicYear
from tests.services.test_brief import running
from tests.services.test_yearbook_pages import own_folder, signed_in
from tests.web.city import token_of

__all__ = ["own_folder", "running"]
FOUND = """
import os, sys, config
from starrating.app import create_app
app = create_app(config.Testing({"SECRET_KEY": os.urandom(16).hex(), "DATABASE_URL": sys.argv[1],
                                 "CHART_FOLDER": sys.argv[2]}))
with app.app_context():
    from starrating.queries.divisions import path_of
    from starrating.services.brief.files import begin, progress_of
    path = path_of(int(sys.argv[3]))
    print(progress_of(path[-1], 2026, 1).state, begin(path, 2026, 1))
"""
"""Another process that keeps its papers in the same folder: what it finds under way, whether it begins."""


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Briefs wait at their first step, until this says so."""
    from starrating.services.brief import files, reading

    go_on, real = threading.Event(), reading.brief_source

    def slow(*given: Any) -> Any:
        assert go_on.wait(60)
        return real(*given)

    monkeypatch.setattr(files, "brief_source", slow)
    yield go_on
    go_on.set()


def at(year: PublicYear, ending: str) -> str:
    return f"/dashboards/divisions/{year.people['district']}/{ending}"


def begin(client: Any, year: PublicYear, quarter: int = 1, of: int = 2026) -> Any:
    return client.post(at(year, "briefs"), data={"year": of, "quarter": quarter, "csrf_token": token_of(client)})


def finish(year: PublicYear, quarter: int = 1) -> None:
    from starrating.queries.divisions import path_of
    from starrating.services import jobs
    from starrating.services.brief.files import job_of

    with year.app.app_context():
        jobs.wait(job_of(path_of(year.people["district"])[-1], 2026, quarter))


def test_the_button_makes_both_files_once(running: PublicYear, held: threading.Event, tmp_path: Path) -> None:
    running.clock.at = datetime(2026, 3, 1, 1, tzinfo=UTC)
    client = signed_in(running, "wang")
    before = client.get(at(running, "papers")).text
    assert "还没有做" in before
    assert "brief.pdf" not in before
    assert client.get(at(running, "brief.pdf?year=2026&quarter=1")).status_code == 302
    assert begin(client, running).status_code == 303
    shown = client.get(at(running, "papers")).text
    assert "正在做2026年第1季度简报：读取进度、得分和事项" in shown
    assert shown.count("data-working=") == 2
    assert begin(client, running).status_code == 303, "a second click has no effect"
    address = running.app.config["SQLALCHEMY_DATABASE_URI"]
    other = subprocess.run(
        [sys.executable, "-c", FOUND, address, str(tmp_path), str(running.people["district"])],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert other.stdout.split() == ["working", "False"]
    held.set()
    finish(running)
    shown = client.get(at(running, "papers")).text
    assert "2026-03-01 09:00的情况" in shown
    assert "data-working" not in shown
    for ending, begins in (("pdf", b"%PDF-"), ("docx", b"PK")):
        answer = client.get(at(running, f"brief.{ending}?year=2026&quarter=1"))
        assert answer.status_code == 200
        assert answer.data.startswith(begins)
        assert answer.headers["Cache-Control"] == "no-store"


def test_made_again_it_says_what_holds_now_and_what_was_made_stays_meanwhile(
    running: PublicYear, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starrating.services.brief import files
    from starrating.services.yearbook.files import files as real

    held.set()
    running.clock.at = datetime(2026, 3, 1, 1, tzinfo=UTC)
    client = signed_in(running, "wang")
    begin(client, running)
    finish(running)
    first = client.get(at(running, "brief.docx?year=2026&quarter=1")).data
    drawn: list[str] = []
    monkeypatch.setattr(files, "files", _noted(real, drawn))
    begin(client, running)
    finish(running)
    assert client.get(at(running, "brief.docx?year=2026&quarter=1")).data == first, "nothing changed: the same file"
    held.clear()
    running.clock.at = datetime(2026, 3, 2, 1, tzinfo=UTC)
    client = signed_in(running, "wang")
    begin(client, running)
    assert client.get(at(running, "brief.docx?year=2026&quarter=1")).data == first
    held.set()
    finish(running)
    assert client.get(at(running, "brief.docx?year=2026&quarter=1")).data != first, "it says the day"
    assert len(drawn) == 2
    assert len(set(drawn)) == 2
    assert "2026-03-02 09:00的情况" in client.get(at(running, "papers")).text


def _noted(real: Any, keys: list[str]) -> Any:
    def files(key: str, *given: Any) -> Any:
        keys.append(key)
        return real(key, *given)

    return files


def test_one_that_failed_says_so_and_the_last_one_stays(running: PublicYear, monkeypatch: pytest.MonkeyPatch) -> None:
    from starrating.services.brief import files

    client = signed_in(running, "wang")
    begin(client, running, 2)
    finish(running, 2)
    monkeypatch.setattr(files, "brief_source", lambda *_: 1 / 0)
    begin(client, running, 2)
    finish(running, 2)
    shown = client.get(at(running, "papers")).text
    assert "上次没有做成" in shown
    assert "brief.pdf?year=2026&amp;quarter=2" in shown
    assert client.get(at(running, "brief.pdf?year=2026&quarter=2")).data.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (RuleError("paper.busy"), "好几份文件正在做，这一份还没有轮到，没有下载。请过一会儿再点一次。"),
        (RuleError("yearbook.unpublished", place="示例区", year=2026), "示例区2026年度还没有发布名单，没有做年报。"),
        (RuleError("window.over", stage=Stage.SELF_ASSESSMENT, closes=datetime(2026, 3, 1, 1, tzinfo=UTC)),
         "自评到2026-03-01 09:00（北京时间）为止，已经过了"),
    ],
)  # fmt: skip
def test_one_that_was_refused_tells_the_sentence_of_its_own_refusal(
    running: PublicYear, monkeypatch: pytest.MonkeyPatch, refusal: RuleError, words: str
) -> None:
    from starrating.services.brief import files

    def refused(*_: Any) -> None:
        raise refusal

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(files, "brief_source", refused)
        client = signed_in(running, "wang")
        begin(client, running, 3)
        finish(running, 3)
        shown = client.get(at(running, "papers")).text
        assert f"上次没有做成，已有的数据没有动。{words}" in shown
        assert "同时在做" not in shown
    begin(client, running, 3)
    finish(running, 3)
    assert words not in client.get(at(running, "papers")).text
    monkeypatch.setattr(files, "brief_source", refused)
    begin(client, running, 3)
    finish(running, 3)
    assert f"上次没有做成，以前做好的还在。{words}" in client.get(at(running, "papers")).text


def test_it_is_for_whoever_sees_the_trials_of_the_district(running: PublicYear) -> None:
    client = signed_in(running, "wang")
    assert "2026年第4季度" in client.get(at(running, "papers")).text
    for wrong in ("year=2026&quarter=5", "year=2026", "year=2019&quarter=1"):
        assert client.get(at(running, f"brief.pdf?{wrong}")).status_code == 404
    assert client.get(at(running, "brief.xlsx?year=2026&quarter=1")).status_code == 404
    assert begin(client, running, 5).status_code == 404
    assert begin(client, running, 1, 2019).status_code == 404
    town = signed_in(running, "town")
    assert town.get(at(running, "brief.pdf?year=2026&quarter=1")).status_code == 404
    assert begin(town, running).status_code == 404
    scorer = signed_in(running, "assessor")
    assert "季度简报" not in scorer.get(at(running, "papers")).text
    assert scorer.get(at(running, "brief.pdf?year=2026&quarter=1")).status_code == 403, "it counts objections"
    assert begin(scorer, running).status_code == 403
    assert house_client(running.app).get(at(running, "brief.pdf?year=2026&quarter=1")).status_code in (302, 303)


def test_another_database_with_the_same_folder_finds_nothing(running: PublicYear) -> None:
    from starrating.queries.divisions import path_of
    from starrating.services.brief.files import job_of

    with running.app.app_context():
        here = path_of(running.people["district"])[-1]
        name = job_of(here, 2026, 1)
        assert running.app.config["SQLALCHEMY_DATABASE_URI"].rpartition("/")[2] in name
