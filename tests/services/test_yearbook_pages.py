"""The yearbook from its button: begun once, told how far it is, downloaded; by whoever may see the dashboard."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.pages.client import house_client
from tests.services.public_year import PublicYear
from tests.web.city import sign_in, token_of


@pytest.fixture(autouse=True)
def own_folder(year: PublicYear, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Papers of other tests are not found here: what is kept goes by its content alone."""
    from starrating.charts.cache import ChartCache

    monkeypatch.setitem(year.app.config, "CHART_FOLDER", str(tmp_path))
    monkeypatch.setitem(year.app.extensions, "starrating.papers", ChartCache(tmp_path / "papers", renders=1))


def signed_in(year: PublicYear, name: str) -> Any:
    client = house_client(year.app)
    sign_in(client, name)
    return client


def at(year: PublicYear, ending: str = "papers", of: int = 2025, key: str = "district") -> str:
    return f"/dashboards/divisions/{year.people[key]}/{ending}?year={of}"


def begin(client: Any, year: PublicYear, of: int = 2025, key: str = "district") -> Any:
    return client.post(at(year, key=key).partition("?")[0], data={"year": of, "csrf_token": token_of(client)})


def finish(year: PublicYear, of: int = 2025) -> None:
    from starrating.services import jobs
    from starrating.services.yearbook.files import key_of
    from starrating.services.yearbook.reading import wanted

    with year.app.app_context():
        jobs.wait(key_of(wanted(year.people["district"], of)))


def test_the_button_makes_both_files(year: PublicYear) -> None:
    client = signed_in(year, "wang")
    assert "做2025年度年报" in client.get(f"/dashboards/divisions/{year.people['district']}").get_data(as_text=True)
    before = client.get(at(year)).get_data(as_text=True)
    assert "做年报" in before
    assert "yearbook.pdf" not in before
    assert client.get(at(year, "yearbook.pdf")).status_code == 302
    answer = begin(client, year)
    assert answer.status_code == 303
    finish(year)
    shown = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "yearbook.pdf" in shown
    assert "yearbook.docx" in shown
    assert "data-working" not in shown
    for ending, begins in (("pdf", b"%PDF-"), ("docx", b"PK")):
        file = client.get(at(year, f"yearbook.{ending}"))
        assert file.status_code == 200
        assert file.data.startswith(begins)
        assert "filename*=UTF-8''%E5%8C%97%E8%BE%B0%E5%8C%BA2025" in file.headers["Content-Disposition"]


def test_a_report_that_is_being_made_says_how_far_it_is(year: PublicYear, monkeypatch: pytest.MonkeyPatch) -> None:
    from starrating.services.yearbook import files
    from starrating.services.yearbook.reading import source_of

    reached, go_on = threading.Event(), threading.Event()
    real = source_of

    def slow(asked: Any) -> Any:
        reached.set()
        go_on.wait(60)
        return real(asked)

    monkeypatch.setattr(files, "source_of", slow)
    client = signed_in(year, "wang")
    begin(client, year, 2024)
    assert reached.wait(60)
    try:
        shown = client.get(at(year, of=2024)).get_data(as_text=True)
        assert "正在做：读取名单和得分" in shown
        assert "data-working" in shown
        again = client.get(begin(client, year, 2024).headers["Location"]).get_data(as_text=True)
        assert "正在做" in again
    finally:
        go_on.set()
    finish(year, 2024)
    assert "yearbook.pdf" in client.get(at(year, of=2024)).get_data(as_text=True)


def test_what_failed_and_what_was_broken_off_are_told_and_begun_again(
    year: PublicYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starrating.services import jobs
    from starrating.services.yearbook import files
    from starrating.services.yearbook.reading import wanted

    monkeypatch.setattr(files, "source_of", lambda _: 1 / 0)
    client = signed_in(year, "wang")
    begin(client, year)
    finish(year)
    assert "上次没有做成" in client.get(at(year)).get_data(as_text=True)
    with year.app.app_context():
        key = files.key_of(wanted(year.people["district"], 2025))
        jobs._tell(key, "working", "chart stars")
        assert jobs.progress(key).state == "broken"
    shown = client.get(at(year)).get_data(as_text=True)
    assert "上次做到一半停了" in shown
    assert "做年报" in shown


def test_only_so_many_at_once(year: PublicYear) -> None:
    from starrating.domain.faults import RuleError
    from starrating.services import jobs

    go_on = threading.Event()

    def waiting(_step: Any) -> None:
        go_on.wait(60)

    with year.app.app_context():
        for number in range(jobs.MOST):
            assert jobs.begin(f"第{number}件", waiting)
        with pytest.raises(RuleError, match=r"job\.busy"):
            jobs.begin("再一件", lambda _: None)
        go_on.set()
        for number in range(jobs.MOST):
            jobs.wait(f"第{number}件")
            assert jobs.progress(f"第{number}件").state == "done"
        assert jobs.begin("再一件", lambda _: None)
        jobs.wait("再一件")


@pytest.mark.parametrize(
    ("name", "key", "status"),
    [("wang", "district", 200), ("auditor", "district", 200), ("city", "district", 200), ("assessor", "district", 200),
     ("town", "district", 404), ("unit", "district", 404), ("wang", "township", 404), ("town", "township", 404)],
)  # fmt: skip
def test_who_sees_the_dashboard_of_a_district_has_its_reports(
    year: PublicYear, name: str, key: str, status: int
) -> None:
    client = signed_in(year, name)
    assert client.get(at(year, key=key)).status_code == status
    if status == 404:
        assert begin(client, year, key=key).status_code == 404
        assert client.get(at(year, "yearbook.pdf", key=key)).status_code == 404


def test_nobody_signed_out_and_no_other_year(year: PublicYear) -> None:
    assert house_client(year.app).get(at(year)).status_code in (302, 303)
    client = signed_in(year, "wang")
    assert client.get(at(year, "yearbook.pdf", 2019)).status_code == 404
    assert client.get(at(year, "yearbook.xlsx")).status_code == 404
    refused = begin(client, year, 2019)
    assert refused.status_code == 409
    assert "还没有发布名单" in refused.get_data(as_text=True)


def test_a_job_that_could_not_start_is_not_under_way(year: PublicYear, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk at its beginning: the lock is given back, and the next click begins it."""
    from starrating.services import jobs

    done: list[str] = []

    def full(*_given: object, **_more: object) -> None:
        raise OSError("no space left")

    with year.app.app_context():
        with monkeypatch.context() as patched:
            patched.setattr(jobs, "_tell", full)
            with pytest.raises(OSError, match="no space"):
                jobs.begin("a job", lambda _tell: done.append("1"))
        assert jobs.begin("a job", lambda _tell: done.append("2"))
        jobs.wait("a job")
    assert done == ["2"]
