"""A district all of whose data are Latin, read in English: any Chinese left on a page is a sentence not translated.

Files to download are the same bytes in either language, pictures of charts are not.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from tests.conftest import SQLITE_ONLY
from tests.pages.client import house_client
from tests.services import district, files
from tests.services.test_publication import opened
from tests.services.test_scores import who
from tests.web.city import sign_in, token_in
from tests.worlds import Stood, World, copied

CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff01-\uff0e\uff10-\uff5e]+")
OWN_NAME = "中文"
"""What the other language calls itself, at the switch."""
OFFERED = re.compile(r'<option(?: selected)? value="[\w.-]+\.yaml">[^<]*</option>')
"""The demonstration schemes to begin with, which are data."""
SAYS_A_WORD = re.compile(r"乡镇街道|区民政局|津辰纪〔2024〕5号")
"""Words of the office within an English sentence, as they have to be typed."""
STARTS = (
    "/units/", "/accounts/", "/accounts/new", "/accounts/password", "/audit/", "/cycles/", "/scoring/", "/ratings/",
    "/dashboards/", "/consequences/", "/public/", "/public/notices", "/no-such-page",
)  # fmt: skip
FILES = re.compile(r"\.(?:csv|json|svg|png)(?:\?|$)")


def latin(text: str) -> str:
    """Each run of Chinese as a word of its own."""
    return CHINESE.sub(lambda run: "x" + sha256(run[0].encode()).hexdigest()[:7], text)


@contextmanager
def latin_district() -> Iterator[None]:
    """The small district under Latin names, its schemes too."""
    from starrating.demo.units import rows_of, units_of
    from starrating.services.years.scheme_texts import read_demo, read_kept

    invented = district.invented
    changed: dict[str, Any] = {
        "DISTRICT": latin(district.DISTRICT),
        "NAMES": {key: latin(name) for key, name in district.NAMES.items()},
        "read_demo": lambda name, year: read_kept(latin(read_demo(name, year).text)),
        "rows_of": lambda file: [latin_row(row) for row in rows_of(file)],
        "units_of": lambda kind: [replace(unit, district=latin(unit.district)) for unit in units_of(kind)],
        "invented": lambda *asked: {
            header: [latin(value) for value in values] if header == "appraisal" else values
            for header, values in invented(*asked).items()
        },
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in changed.items():
            patch.setattr(district, name, value)
        yield


def latin_row(row: dict[str, str]) -> dict[str, str]:
    """A row of the file of divisions; the words for the kinds of units are the file's own."""
    own = row["kind"] if row["level"] == "unit" else latin(row["kind"])
    return {**row, "name": latin(row["name"]), "kind": own}


def _latin(known: dict[str, Any], clock: Any) -> dict[str, Any]:
    """A determined year, whose departments are Latin from the beginning."""
    from starrating.extensions import db
    from starrating.models.accounts import Grant
    from starrating.services.transaction import transaction

    with latin_district():
        for one in district.WORLDS:
            known = one.build(known, clock)
            if one is district.PEOPLE_ONLY:
                with transaction() as session:
                    for grant in session.query(Grant):
                        grant.department = latin(grant.department)
                db.session.remove()
        _publish(known["cycle"], known["people"], clock)
    return known


def _publish(determined: int, people: dict[str, int], clock: Any) -> None:
    """Publish the year, and score a second one."""
    from sqlalchemy import update

    from starrating.domain.windows import Stage, Window
    from starrating.models.people import Person
    from starrating.services.publication.publication import publish
    from starrating.services.transaction import transaction
    from starrating.services.years.windows import set_windows

    opened(determined, people["wang"])
    clock.advance(days=30)
    publish(determined, None, people["wang"])
    second = district.opened(people, 2025)
    days = [datetime(year, 1, 1, tzinfo=UTC) for year in (2025, 2026, 2027)]
    dated = {Stage.SCORING: Window(*days[:2]), Stage.VERIFICATION: Window(None, days[2])}
    set_windows(second, dated, 1, people["wang"])
    district.step(second, "open_scoring", people["wang"])
    with transaction() as session:
        session.execute(update(Person).values(name="Wanda"))
    work_in(people, second)


LATIN = World("latin", _latin)


@pytest.fixture
def stood(server: Any, clock: Any) -> Iterator[Stood]:
    """A published year of the Latin district, and a second one that is being scored."""
    yield from copied(server, (LATIN,), [LATIN.name], clock)


@pytest.fixture
def published(app: Any, stood: Stood) -> int:
    """The key of the published year."""
    return int(stood.known["cycle"])


def work_in(people: dict[str, int], scored: int) -> None:
    """A file, a finding of a spot check and a workbook that waits, so that their own pages are walked too."""
    from starrating.domain.evidence import Purpose
    from starrating.domain.spot_checks import Effect
    from starrating.queries.cycles import cycle
    from starrating.services.assessment.spot_checks import Finding, record_spot_check
    from starrating.services.clock import now
    from starrating.services.evidence.evidence import add_evidence
    from starrating.services.evidence.rights import Slot
    from starrating.services.scoring.imports import keep
    from starrating.services.scoring.scores import Source
    from starrating.services.scoring.sheet_cells import Proposed
    from starrating.services.scoring.typed_scores import Typed

    mine, unit, row = who(people, "wang"), people["first"], cycle(scored)
    assert row is not None
    seen = Finding("gate", now(), "group two", "a lamp is out", Effect.NOTED, answer_due=now() + timedelta(days=3))
    record_spot_check(scored, unit, seen, mine)
    mine = who(people, "assessor")
    add_evidence(Slot(scored, unit, "V1.3", Purpose.SCORE), "photo.jpg", io.BytesIO(files.picture("JPEG")), mine)
    keep(row, Source.WORKBOOK, "scores.xlsx", b"1", [Proposed(Typed(unit, latin("V1.3.后备缺失"), 1, "1"), "0")], mine)


def seen_on(page: str) -> list[str]:
    """The Chinese of a page that is no word of the office and not the switch of language."""
    said = SAYS_A_WORD.sub("", OFFERED.sub("", page)).replace(OWN_NAME, "")
    return [said[max(0, run.start() - 60) : run.end() + 20] for run in CHINESE.finditer(said)]


def links_of(page: str) -> set[str]:
    """The pages a page leads to, each kind of narrowing once."""
    found = {html.unescape(link).partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', page)}
    return {link for link in found if not FILES.search(link) and not link.startswith(("/static/", "/preferences"))}


def shape(address: str) -> str:
    """What is the same in the addresses of pages of one kind: numbers and chosen values aside."""
    path, _, asked = address.partition("?")
    names = sorted(part.partition("=")[0] for part in asked.split("&") if part)
    return re.sub(r"\d+", "0", path) + "?" + "&".join(names)


@SQLITE_ONLY
@pytest.mark.parametrize("name", ["wang", "city", "town", "unit", "assessor", ""])
def test_no_page_in_english_says_anything_in_chinese(
    app: Any, people: dict[str, int], published: int, name: str
) -> None:
    client = app.test_client()
    client.get("/preferences?language=en")
    if name:
        assert "/accounts/sign-in" not in sign_in(client, name).headers["Location"]
    ahead, known, wrong = list(STARTS), {shape(start) for start in STARTS}, {}
    pages = 0
    while ahead:
        address = ahead.pop(0)
        answer = client.get(address, follow_redirects=True)
        if answer.mimetype != "text/html":
            continue
        pages += 1
        page = answer.get_data(as_text=True)
        assert '<html lang="en"' in page
        if found := seen_on(page):
            wrong[address] = found
        for link in sorted(links_of(page)):
            if shape(link) not in known:
                known.add(shape(link))
                ahead.append(link)
    assert wrong == {}
    assert pages >= len(STARTS)


@SQLITE_ONLY
def test_whoever_chose_nothing_reads_chinese(app: Any, published: int) -> None:
    client = house_client(app)
    page = client.get("/public/", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert '<html lang="zh-Hans"' in page
    assert "已发布的名单" in page


def test_the_choice_outlives_signing_in_and_out(app: Any, people: dict[str, int]) -> None:
    client = app.test_client()
    client.get("/preferences?language=en")
    client.get("/preferences?large=1")
    sign_in(client, "wang")
    page = client.get("/units/").get_data(as_text=True)
    assert '<html lang="en" class="large"' in page
    client.post("/accounts/sign-out", data={"csrf_token": token_in(page)})
    assert '<html lang="en" class="large"' in client.get("/accounts/sign-in").get_data(as_text=True)
    client.get("/preferences?language=xx")
    assert '<html lang="en"' in client.get("/accounts/sign-in").get_data(as_text=True)


@SQLITE_ONLY
def test_readers_at_once_keep_their_languages(app: Any, published: int) -> None:
    """The sentences of rules follow the request, not the process."""
    english, chinese = app.test_client(), app.test_client()
    english.get("/preferences?language=en")
    for client in (english, chinese):
        sign_in(client, "wang")
    address = f"/cycles/{published}/schemes/village"
    for _turn in range(2):
        assert seen_on(english.get(address).get_data(as_text=True)) == []
        assert "不许空" in chinese.get(address).get_data(as_text=True)


def test_files_are_the_same_bytes_for_every_reader(app: Any, people: dict[str, int], published: int) -> None:
    english, chinese = app.test_client(), app.test_client()
    english.get("/preferences?language=en")
    for client in (english, chinese):
        sign_in(client, "wang")
    charts = f"/dashboards/divisions/{people['district']}/charts"
    files = (
        "/public/lists/2024.csv", "/public/lists/2024/120113000000/village.json",
        f"/ratings/cycles/{published}/village.csv", f"/cycles/{published}/schemes/village.json",
        f"{charts}/stars.csv?year=2024", f"{charts}/movement.csv?year=2024", f"{charts}/totals-village.csv?year=2024",
    )  # fmt: skip
    for address in files:
        one, other = english.get(address), chinese.get(address)
        assert (one.status_code, other.status_code) == (200, 200), address
        assert one.data == other.data, address
        assert one.headers["Content-Disposition"] == other.headers["Content-Disposition"], address
    assert "名次,代码,名称" in english.get(files[2]).get_data(as_text=True)


@SQLITE_ONLY
def test_the_picture_of_a_chart_has_an_address_for_each_language(
    app: Any, people: dict[str, int], published: int
) -> None:
    found = []
    for language in ("en", "zh"):
        client = app.test_client()
        client.get(f"/preferences?language={language}")
        sign_in(client, "wang")
        page = client.get(f"/dashboards/divisions/{people['district']}").get_data(as_text=True)
        address = html.unescape(re.findall(r'<img src="([^"]+)"', page)[0])
        picture = client.get(address).get_data(as_text=True)
        assert bool(CHINESE.search(picture)) == (language == "zh")
        found.append((address, picture))
    assert found[0][0] != found[1][0]
    client = app.test_client()
    sign_in(client, "wang")
    assert client.get(found[0][0]).get_data(as_text=True) == found[0][1], "an address always shows the same picture"
