"""Editions on both databases: all it takes to work out every star, signed, chained, nothing about a person in them."""

from __future__ import annotations

import importlib
import json
import random
import re
import stat
import sys
import time
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from starrating.domain.faults import RuleError
from tests.house.source import ROOT
from tests.services import district
from tests.services.test_publication import opened, refusal

SCHEMA = ROOT / "docs" / "edition.schema.json"
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati")
KINDS = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}


def rows() -> list[Any]:
    """Every edition, in the order of publication."""
    from starrating.extensions import db
    from starrating.models.publications import Publication

    return list(db.session.scalars(db.select(Publication).order_by(Publication.id)))


def published(cycle: int, people: dict[str, int], clock: Any) -> list[dict[str, Any]]:
    """The editions of a cycle after its notice."""
    from starrating.services.publication.publication import publish

    opened(cycle, people["wang"])
    clock.advance(days=30)
    publish(cycle, None, people["wang"])
    return [json.loads(row.text) for row in rows()]


def holds(row: Any) -> bool:
    """True where an edition's signature holds with the key it names."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(row.public_key)).verify(
            bytes.fromhex(row.signature), row.text.encode()
        )
    except InvalidSignature:
        return False
    return True


def laid_out(folder: Path) -> list[str]:
    """The editions as a person has them on disk, with their signatures; the names."""
    names = []
    for row in rows():
        path = folder / f"{row.id}.json"
        path.write_bytes(row.text.encode())
        proof = {"digest": row.digest, "public_key": row.public_key, "signature": row.signature}
        path.with_suffix(".sig.json").write_text(json.dumps(proof), encoding="utf-8")
        names.append(str(path))
    return names


@pytest.fixture
def editions_on_disk(
    app: Any, clock: Any, people: dict[str, int], determined: int, tmp_path: Path
) -> tuple[list[str], str]:
    """The names of a year's editions on disk, and the key that signed them."""
    with app.app_context():
        published(determined, people, clock)
        return laid_out(tmp_path), rows()[0].public_key


def tool(name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """One of the scripts that anybody may run."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return importlib.import_module(name)


def run(script: Any, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit status of a script; one that cannot read on fails too."""
    monkeypatch.setattr(sys, "argv", ["script", *arguments])
    try:
        return int(script.main())
    except (LookupError, OSError, ValueError, TypeError):
        return 2


def wrong_by(schema: dict[str, Any], said: Any, where: str = "") -> list[str]:
    """What of a value a JSON schema refuses; the few words of the language that ours uses."""
    types = schema.get("type", [])
    found = [KINDS[one] for one in ([types] if isinstance(types, str) else types)]
    if found and type(said) not in found:
        return [f"{where}: {type(said).__name__}"]
    wrong = [where] if "const" in schema and said != schema["const"] else []
    wrong += [where] if "enum" in schema and said not in schema["enum"] else []
    wrong += [where] if "pattern" in schema and not re.search(schema["pattern"], said) else []
    if isinstance(said, dict):
        own, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        wrong += [f"{where}/{key} is missing" for key in schema.get("required", []) if key not in said]
        for key, value in said.items():
            rule = own.get(key, others)
            wrong += [f"{where}/{key} is too much"] if rule is False else wrong_by(rule, value, f"{where}/{key}")
    if isinstance(said, list):
        wrong += [fault for one in said for fault in wrong_by(schema.get("items", {}), one, f"{where}[]")]
    return wrong


def test_an_edition_is_as_its_schema_says(app: Any, clock: Any, people: dict[str, int], determined: int) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    with app.app_context():
        editions = published(determined, people, clock)
        for row, edition in zip(rows(), editions, strict=True):
            assert wrong_by(schema, edition) == []
            again = json.dumps(edition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            assert again == row.text, "sorted keys, no spaces"
            assert json.loads(row.text, parse_float=lambda text: pytest.fail(f"a float: {text}")) == edition
            assert edition["left_out"] == ["consequences"]
            assert len(edition["inputs"]["values"]) > 40
            assert all(len(column) == 15 for kind in edition["inputs"].values() for column in kind.values())
    assert wrong_by(schema, {**editions[0], "leader": "x"}) == ["/leader is too much"]


def test_every_star_is_worked_out_again_by_the_scripts(
    app: Any, editions_on_disk: tuple[list[str], str], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    names, key = editions_on_disk
    stars, points = tool("verify_list", monkeypatch), tool("verify_points", monkeypatch)
    assert run(stars, monkeypatch, key, *names) == 0
    assert capsys.readouterr().out.count("签名对得上，上一份接得上，星级15/15个对得上") == 2
    assert run(points, monkeypatch, *names) == 0
    assert capsys.readouterr().out.count("15个单位，0处对不上") == 2
    assert run(stars, monkeypatch, "0" * 63 + "1", *names) == 1, "another key"
    edition = json.loads(Path(names[0]).read_text(encoding="utf-8"))
    unit = next(one for one in edition["units"] if one["level"] == "three")
    unit["level"] = "four"
    assert [fault.split()[0] for fault in stars.faults(edition)] == [unit["code"]]
    unit["level"], header = "three", "V2.1"
    edition["inputs"]["values"][header][0] = "9999" if edition["inputs"]["values"][header][0] != "9999" else "0"
    assert all(edition["units"][0]["code"] in fault for fault in points.faults(edition))


def test_five_hundred_of_five_hundred_changes_of_a_bit_are_found(
    app: Any, clock: Any, people: dict[str, int], determined: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        published(determined, people, clock)
        name, whole = laid_out(tmp_path)[0], rows()[0].text.encode()
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(rows()[0].public_key))
        signature = bytes.fromhex(rows()[0].signature)
    stars, chance = tool("verify_list", monkeypatch), random.Random(5)
    assert run(stars, monkeypatch, name) == 0
    found = 0
    for number in range(500):
        place, changed = chance.randrange(len(whole) * 8), bytearray(whole)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(InvalidSignature):
            key.verify(signature, bytes(changed))
        Path(name).write_bytes(changed)
        found += (
            run(stars, monkeypatch, name) != 0 if number < 100 else sha256(changed).digest() != sha256(whole).digest()
        )
    assert found == 500


def test_the_small_signature_check_agrees_with_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    verify = tool("ed25519", monkeypatch).verify
    private = Ed25519PrivateKey.generate()
    public, message = private.public_key().public_bytes_raw(), "名单".encode()
    signature = private.sign(message)
    assert verify(public, message, signature)
    for at in (0, 31, 32, 63):
        bad = bytearray(signature)
        bad[at] ^= 1
        assert not verify(public, message, bytes(bad))
    order = 2**252 + 27742317777372353535851937790883648493
    larger = (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    assert not verify(public, message, signature[:32] + larger), "a signature has one form"
    for wrong in (signature[:63], signature + b"\0", b"", bytes(64), b"\xff" * 64):
        assert not verify(public, message, wrong)
    assert not verify(b"\xff" * 32, message, signature)
    assert not verify(public, message + b" ", signature)


def test_a_zone_and_a_locale_change_no_byte(
    app: Any, people: dict[str, int], determined: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starrating.queries.cycles import cycle, schemes_of
    from starrating.queries.publications import confirmed_of, listed_units
    from starrating.services.editions.edition_text import edition_text
    from starrating.services.years.scheme_texts import read_kept

    found = set()
    with app.app_context():
        row, kept = cycle(determined), schemes_of(determined)["village"]
        assert row is not None
        confirmed = confirmed_of(determined)["village"]
        for zone in ZONES:
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            units = listed_units(confirmed.determination_id)
            found.add(edition_text(row, kept, read_kept(kept.text).scheme, confirmed, units, (date(2025, 1, 10),) * 2,
                                   previous=""))  # fmt: skip
    monkeypatch.undo()
    time.tzset()
    assert len(found) == 1


def test_without_a_good_key_nothing_is_published(
    app: Any, clock: Any, people: dict[str, int], determined: int, tmp_path: Path
) -> None:
    from starrating.queries.cycles import cycle
    from starrating.services.editions.signing import create_key
    from starrating.services.publication.publication import publish

    path = tmp_path / "keys" / "key.pem"
    app.config["SIGNING_KEY_FILE"] = str(path)
    with app.app_context():
        opened(determined, people["wang"])
        clock.advance(days=30)
        assert refusal(publish, determined, None, people["wang"]) == "signing.none"
        public_key = create_key()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        kept = path.read_bytes()
        assert refusal(create_key) == "signing.exists"
        assert path.read_bytes() == kept
        path.chmod(0o640)
        assert refusal(publish, determined, None, people["wang"]) == "signing.open"
        path.chmod(0o600)
        path.write_bytes(b"not a key")
        assert refusal(publish, determined, None, people["wang"]) == "signing.unreadable"
        row = cycle(determined)
        assert row is not None
        assert (row.state, rows()) == ("notice", [])
        path.write_bytes(kept)
        publish(determined, None, people["wang"])
        assert {row.public_key for row in rows()} == {public_key}


def test_old_editions_hold_with_the_old_key(
    app: Any, clock: Any, people: dict[str, int], determined: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starrating.extensions import db
    from starrating.models.publications import SigningKey
    from starrating.queries.content import content_digest
    from starrating.services.editions.signing import create_key
    from starrating.services.publication.publication import open_notice, publish
    from starrating.services.rating.determination import confirm_determination, determine

    with app.app_context():
        published(determined, people, clock)
        later = district.opened(people, 2025)
        district.step(later, "open_scoring", people["wang"])
        district.fill(later, 2025)
        district.step(later, "close_scoring", people["wang"])
        confirm_determination(later, content_digest(determine(later, people["wang"])), people["liu"])
        open_notice(later, date(2025, 2, 10), None, people["wang"])
        app.config["SIGNING_KEY_FILE"] = str(tmp_path / "next.pem")
        new = create_key()
        clock.advance(days=30)
        publish(later, None, people["wang"])
        first, _, second, _ = rows()
        assert first.public_key != second.public_key == new
        assert [holds(row) for row in rows()] == [True] * 4
        assert second.previous_digest == first.digest == json.loads(second.text)["previous_list"]
        assert list(db.session.scalars(db.select(SigningKey.public_key).order_by(SigningKey.id))) == [
            first.public_key, new,
        ]  # fmt: skip
        names = laid_out(tmp_path)
        before, edition = json.loads(first.text), json.loads(second.text)
    levels = {unit["code"]: unit["level"] for unit in before["units"]}
    assert [unit["previous"] for unit in edition["units"]] == [levels[unit["code"]] for unit in edition["units"]]
    stars = tool("verify_list", monkeypatch)
    assert run(stars, monkeypatch, *names) == 0
    assert run(stars, monkeypatch, *reversed(names)) == 0, "the order they are named in does not matter"
    Path(names[2]).write_bytes(Path(names[2]).read_bytes().replace(first.digest.encode(), b"0" * 64))
    assert run(stars, monkeypatch, *names) == 1


def test_inputs_that_changed_after_the_determination_are_not_published(
    app: Any, clock: Any, people: dict[str, int], determined: int
) -> None:
    from starrating.models.scores import ScoreCell
    from starrating.services.publication.publication import publish
    from starrating.services.transaction import transaction

    with app.app_context():
        opened(determined, people["wang"])
        clock.advance(days=30)
        with transaction() as session:
            session.query(ScoreCell).filter_by(cycle_id=determined, header="V2.1").update({"value": "1"})
        assert refusal(publish, determined, None, people["wang"]) == "publication.inputs_changed"
        assert rows() == []


def test_where_scores_are_not_shown_only_levels_are_said(app: Any, people: dict[str, int], determined: int) -> None:
    from dataclasses import replace

    from starrating.queries.cycles import cycle, schemes_of
    from starrating.queries.publications import confirmed_of, listed_units
    from starrating.services.editions.edition_text import edition_text
    from starrating.services.years.scheme_texts import read_kept

    with app.app_context():
        row, kept = cycle(determined), schemes_of(determined)["village"]
        assert row is not None
        scheme = read_kept(kept.text).scheme
        quiet = replace(scheme, notice=replace(scheme.notice, show_scores=False))
        confirmed = confirmed_of(determined)["village"]
        said = edition_text(row, kept, quiet, confirmed, listed_units(confirmed.determination_id),
                            (date(2025, 1, 10),) * 2, previous="")  # fmt: skip
    edition = json.loads(said)
    assert edition["left_out"] == ["consequences", "events", "ranks", "reasons", "totals", "values"]
    assert "inputs" not in edition
    assert "points" not in edition
    assert set(edition["units"][0]) == {"code", "name", "township", "level", "previous", "change", "movement"}
    assert wrong_by(json.loads(SCHEMA.read_text(encoding="utf-8")), edition) == []


def test_a_district_that_compares_appraisals_keeps_them_to_itself(
    app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starrating.demo.history import load_demonstration

    with app.app_context():
        load_demonstration("和平区")
        names = laid_out(tmp_path)
        editions = [json.loads(row.text) for row in rows()]
    assert len(editions) == 2
    for edition in editions:
        assert edition["left_out"] == ["appraisal", "consequences"]
        assert "appraisal" not in json.dumps([edition["inputs"], edition["units"]])
        assert "C1.6" not in edition["points"]
    stars, points = tool("verify_list", monkeypatch), tool("verify_points", monkeypatch)
    assert run(stars, monkeypatch, *names) == 0
    assert run(points, monkeypatch, *names) == 0


def test_the_key_lies_outside_of_what_the_web_serves() -> None:
    from config import SettingRefused, signing_key_file

    assert signing_key_file(None).endswith("instance/signing-key.pem")
    with pytest.raises(SettingRefused):
        signing_key_file(str(ROOT / "starrating" / "static" / "key.pem"))


def test_a_refusal_of_the_command_says_what_to_do(app: Any, tmp_path: Path) -> None:
    from starrating.errors import sentence

    app.config["SIGNING_KEY_FILE"] = str(tmp_path / "key.pem")
    made = app.test_cli_runner().invoke(args=["create-signing-key"])
    assert made.exit_code == 0, made.output
    assert re.search(r"公钥：[0-9a-f]{64}", made.output)
    again = app.test_cli_runner().invoke(args=["create-signing-key"])
    assert again.exit_code == 1
    with app.test_request_context():
        assert "没有改动" in sentence(RuleError("signing.exists", file="x"))


def test_a_path_as_long_as_a_key_is_no_key(
    editions_on_disk: tuple[list[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    copy = Path("a" * 59 + ".json")
    for ending in (".json", ".sig.json"):
        copy.with_suffix(ending).write_bytes(Path(editions_on_disk[0][0]).with_suffix(ending).read_bytes())
    assert len(str(copy)) == 64
    assert run(tool("verify_list", monkeypatch), monkeypatch, str(copy)) == 0
