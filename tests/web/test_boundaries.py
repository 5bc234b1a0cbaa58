"""The office's file of boundaries: whole or nothing, hostile ones refused, seen on the city's page, taken out again."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from starrating.commands.boundaries import import_boundaries, remove_boundaries
from starrating.domain.faults import RuleError
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.boundaries import BoundaryFile
from starrating.queries.boundaries import supplied
from starrating.services.audit import verify_chain
from starrating.services.divisions import boundaries as service
from starrating.services.divisions.boundaries import approval_of, bring_in, outlines_of, pack, take_out, unpack
from starrating.services.divisions.boundary_file import LARGEST, MOST_POINTS, read_districts
from tests.charts.made_up import APPROVAL, content_of, feature, made_up, ring
from tests.web.city import key_of, sign_in

PICTURE = re.compile(r'src="(/dashboards/[^"]+/boundaries\.svg[^"]*)"')
SQUARE = [[110.0, 30.0], [111.0, 30.0], [111.0, 31.0], [110.0, 30.0]]


def one(coordinates: Any, kind: str = "Polygon", code: Any = "990101", **more: Any) -> dict[str, Any]:
    """A file of one district."""
    found = feature(0, coordinates, kind)
    found["properties"]["code"] = code
    return {"type": "FeatureCollection", "features": [found], **more}


def spoilt(place: int, value: Any) -> dict[str, Any]:
    """A square with another value in its second point."""
    point = [111.0, 30.0]
    point[place] = value
    return one([[SQUARE[0], point, *SQUARE[2:]]])


def text(known: Any) -> bytes:
    return content_of(known)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "boundaries.json"),
    "half": (lambda: text(made_up(2))[:-9], "boundaries.json"),
    "other letters": (lambda: "名".encode("gb18030") + b"{}", "boundaries.json"),
    "deep": (lambda: b"[" * 200_000 + b"]" * 200_000, "boundaries.json"),
    "a name twice": (lambda: b'{"type":"FeatureCollection","type":"x","features":[]}', "boundaries.json"),
    "no number": (lambda: text(spoilt(0, float("nan"))), "boundaries.json"),
    "infinite": (lambda: text(spoilt(1, 1)).replace(b"111.0, 1]", b"111.0, 1e999]"), "boundaries.position"),
    "endless digits": (lambda: text(spoilt(1, 10**400)), "boundaries.position"),
    "too large": (lambda: b" " * (LARGEST + 1), "boundaries.large"),
    "no collection": (lambda: text(feature(0, [SQUARE])), "boundaries.collection"),
    "a list": (lambda: b"[]", "boundaries.collection"),
    "no district": (lambda: text({"type": "FeatureCollection", "features": []}), "boundaries.features"),
    "too many": (lambda: text({"type": "FeatureCollection", "features": [{}] * 2001}), "boundaries.features"),
    "no feature": (lambda: text({"type": "FeatureCollection", "features": [None]}), "boundaries.code"),
    "no code": (lambda: text(one([SQUARE], code=None)), "boundaries.code"),
    "a code of five": (lambda: text(one([SQUARE], code="99010")), "boundaries.code"),
    "a code in other digits": (lambda: text(one([SQUARE], code="９９０１０１")), "boundaries.code"),
    "true": (lambda: text(one([SQUARE], code=True)), "boundaries.code"),
    "a code twice": (
        lambda: text({**made_up(2), "features": [feature(0, [SQUARE]), feature(0, [SQUARE])]}), "boundaries.twice",
    ),
    "a stranger": (lambda: text(one([SQUARE], code="110101")), "boundaries.unknown"),
    "a township": (lambda: text(one([SQUARE], code="990101001000")), "boundaries.unknown"),
    "a point": (lambda: text(one([110, 30], "Point")), "boundaries.geometry"),
    "no geometry": (lambda: text(one(None)), "boundaries.geometry"),
    "no part": (lambda: text(one([], "MultiPolygon")), "boundaries.geometry"),
    "open": (lambda: text(one([[*SQUARE[:3], [110.0, 30.5]]])), "boundaries.ring"),
    "three points": (lambda: text(one([[SQUARE[0], SQUARE[1], SQUARE[0]]])), "boundaries.ring"),
    "a line": (lambda: text(one([[[110, 30], [111, 31], [112, 32], [110, 30]]])), "boundaries.ring"),
    "a text": (lambda: text(spoilt(0, "111")), "boundaries.position"),
    "metres": (lambda: text(one([[[4e7, 3e6], [4.1e7, 3e6], [4.1e7, 3.1e6], [4e7, 3e6]]])), "boundaries.position"),
    "latitude first": (lambda: text(one([[[y, x] for x, y in SQUARE]])), "boundaries.position"),
    "abroad": (lambda: text(spoilt(0, -111.0)), "boundaries.position"),
    "a fourth number": (lambda: text(one([[[*point, 0, 0] for point in SQUARE]])), "boundaries.position"),
}  # fmt: skip


def brought(content: bytes | None = None, approval: str = APPROVAL) -> service.BroughtIn:
    return bring_in(text(made_up(2)) if content is None else content, approval, "code")


def stored() -> tuple[Any, ...] | None:
    row = db.session.execute(
        select(BoundaryFile.digest, BoundaryFile.approval, BoundaryFile.imported_at, BoundaryFile.outlines)
    ).one_or_none()
    db.session.remove()
    return tuple(row) if row else None


def acts() -> list[str]:
    found = db.session.scalars(
        select(AuditEvent.act).where(AuditEvent.act.startswith("boundaries_")).order_by(AuditEvent.sequence)
    ).all()
    db.session.remove()
    return list(found)


def test_a_bad_file_is_refused_whole_and_the_one_before_stays(city: Any) -> None:
    with city.app_context():
        brought()
        before, wrong = stored(), []
        for what, (make, code) in HOSTILE.items():
            try:
                brought(make())
            except RuleError as refusal:
                if refusal.code != code:
                    wrong.append((what, refusal.code))
            else:
                wrong.append((what, "taken"))
        assert wrong == []
        assert stored() == before
        assert acts() == ["boundaries_imported"]


def test_more_points_than_can_be_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_POINTS == 500_000
    monkeypatch.setattr("starrating.services.divisions.boundary_file.MOST_POINTS", 50)
    read_districts(text(one([ring(0, 0, 1, 12)])), "code")
    for known in (one([ring(0, 0, 1, 13)]), made_up(2)):
        with pytest.raises(RuleError, match=r"boundaries\.points"):
            read_districts(text(known), "code")


def test_a_million_points_are_refused_by_size() -> None:
    point = b"[110.12345,30.12345],"
    content = b'{"type":"FeatureCollection","features":[' + point * 1_000_000
    with pytest.raises(RuleError, match=r"boundaries\.large"):
        read_districts(content, "code")


@pytest.mark.parametrize(
    "number", ["津S(2026)012号", "审图号：GS（2026）0012号", "审图号:GS京(2026)0012号", " 沪S〔2026〕001号 "]
)
def test_a_number_is_kept_as_it_is_printed(number: str) -> None:
    assert approval_of(number) == number.strip().removeprefix("审图号").lstrip("：:")


@pytest.mark.parametrize(
    "number", ["", "审图号：", "2026", "无", "津S", "<b>GS2026</b>", "GS(2026)" + "0" * 60, "GS\u202e(2026)001"]
)
def test_a_map_without_a_number_is_refused(number: str) -> None:
    with pytest.raises(RuleError, match=r"boundaries\.approval|text\.marks"):
        approval_of(number)


def test_what_is_packed_comes_back(city: Any) -> None:
    found = read_districts(text(made_up(16)), "code")
    again = unpack(pack(found))
    assert list(again) == list(found)
    for code, parts in found.items():
        assert [[ring.tolist() for ring in part] for part in parts] == [
            [ring.tolist() for ring in part] for part in again[code]
        ]
    with city.app_context():
        brought()
        known = supplied()
        assert known is not None
        outlines = outlines_of(known)
        assert outlines is not None
        assert outlines_of(known) is outlines
        assert set(outlines.districts) == {"990101000000", "990102000000"}
        brought(approval="示S(2026)002号")
        assert supplied() != known


def test_the_commands_bring_in_and_take_out_with_one_event_each(city: Any, tmp_path: Path) -> None:
    file, runner = tmp_path / "made-up.geojson", city.test_cli_runner()
    file.write_bytes(text(one([SQUARE], "Polygon", 990101)))
    asked = [str(file), "--approval", f"审图号：{APPROVAL}"]
    first, again = runner.invoke(import_boundaries, asked), runner.invoke(import_boundaries, asked)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert f"已导入：1个区，审图号{APPROVAL}" in first.output
    assert "没有界线的区：西区" in first.output
    assert "没有变化" in again.output
    for wrong in (["--approval", "无"], []):
        assert runner.invoke(import_boundaries, [str(file), *wrong]).exit_code != 0
    file.write_bytes(b"{}")
    refused = runner.invoke(import_boundaries, asked)
    assert refused.exit_code == 1
    assert "没有导入，原来的照旧" in refused.output
    with city.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "boundaries_imported")).one()
        assert event.subject_label == APPROVAL
        assert json.loads(event.facts)["districts"] == 1
        db.session.remove()
    assert APPROVAL in runner.invoke(remove_boundaries).output
    assert "没有变化" in runner.invoke(remove_boundaries).output
    with city.app_context():
        assert acts() == ["boundaries_imported", "boundaries_removed"]
        assert db.session.scalar(select(func.count()).select_from(BoundaryFile)) == 0
        assert verify_chain().broken_at is None


def test_without_its_event_nothing_is_stored(city: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any, **_facts: Any) -> None:
        raise RuntimeError("no event")

    with city.app_context():
        with monkeypatch.context() as patched:
            patched.setattr(service, "record", broken)
            with pytest.raises(RuntimeError):
                brought()
        assert stored() is None
        brought()
        monkeypatch.setattr(service, "record", broken)
        with pytest.raises(RuntimeError):
            take_out()
        assert stored() is not None


def test_the_city_s_page_has_both_maps_and_one_at_a_time(standing: Any) -> None:
    with standing.app_context():
        key, east = key_of("试验市"), key_of("东区")
    client = standing.test_client()
    sign_in(client, "city")
    here = f"/dashboards/divisions/{key}"
    alone = client.get(f"{here}?map=boundaries").text
    assert "区界图" not in alone
    assert "/share.svg" in alone
    assert client.get(f"{here}/charts/boundaries.csv").status_code == 404
    with standing.app_context():
        brought()
    tiles, bounds = client.get(here).text, client.get(f"{here}?map=boundaries").text
    assert "/share.svg" in tiles
    assert not PICTURE.search(tiles)
    assert "/share.svg" not in bounds
    for page in (tiles, bounds):
        assert page.count('aria-label="哪一种地图"') == 1
    assert '<input type="hidden" name="map" value="boundaries">' in bounds
    assert f"审图号：{APPROVAL}" in bounds
    picture = client.get(unescape(PICTURE.findall(bounds)[0]))
    assert picture.status_code == 200
    assert APPROVAL in picture.text
    assert client.get(f"{here}/charts/boundaries.csv").text == client.get(f"{here}/charts/share.csv").text
    assert client.get(f"{here}/charts/boundaries.png").data.startswith(b"\x89PNG")
    assert client.get(f"/dashboards/divisions/{east}/charts/boundaries.png").status_code == 404
    assert "区界图" not in client.get(f"/dashboards/divisions/{east}?map=boundaries").text
    targets = re.findall(
        r'<a href="([^"]+)"><title>(东区[^<]+)</title>', bounds[bounds.index('id="boundaries-title"') :]
    )
    number = targets[0][1].partition("（")[2].partition("/")[0]
    assert f"共{number}个" in client.get(unescape(targets[0][0])).text


def test_another_file_is_another_picture_and_without_one_the_page_has_tiles(standing: Any) -> None:
    with standing.app_context():
        here = f"/dashboards/divisions/{key_of('试验市')}?map=boundaries"
        brought()
    client = standing.test_client()
    sign_in(client, "city")
    first = PICTURE.findall(client.get(here).text)
    assert first == PICTURE.findall(client.get(here).text)
    with standing.app_context():
        brought(text(made_up(1)))
    page = client.get(here).text
    assert PICTURE.findall(page) not in ([], first)
    assert "文件里没有界线的区：西区" in page
    with standing.app_context():
        take_out()
    page = client.get(here).text
    assert not PICTURE.search(page)
    assert "/share.svg" in page
