"""Every page there is asks the database the same few questions of a small district and of one four times its size."""

from __future__ import annotations

import html
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from tests.conftest import TestClock, application, close
from tests.services import district
from tests.web.city import sign_in

SIZES = (5, 20)
"""Units of each kind."""
MOST = 20
APART = ("static", "styleguide.", "preferences")
"""What asks nothing of the database."""
INSTEAD = {
    "whatif.city": {"division_id": "city"},
    "whatif.city_moves": {"division_id": "city"},
    "training.new_worker": {"division_id": "township"},
    "checks.show": {"check_id": "eligibility_id"},
    "people.show_roster": {"import_id": "roster_id"},
    "api.unit": {"code": "unit_code"},
}
"""By endpoint, the arguments that mean another key than elsewhere."""
IN_SCORING = ("scoring.", "evidence.", "exchange.", "progress.")
"""Pages of the year that is being scored; the others are of the one that is published."""
LED_ON = {
    "home",
    "accounts.sign_in",
    "dashboards.index",
    "dashboards.yearbook_paper",
    "dashboards.brief_paper",
    "consequences.index",
    "people.index",
    "checks.index",
    "training.index",
    "verification.index",
    "progress.index",
}
"""Pages that may lead on to another: to where somebody works, or to the one district that somebody sees."""
ASKING = {
    "dashboards.compare": "?one={division_id}&other={city}&year={year}&since={year}",
    "dashboards.yearbook_paper": "?year={year}",
    "dashboards.brief_paper": "?year={year}&quarter=1",
    "scoring.history": "?header=V2.1",
    "publication.correct": "?unit={unit_id}",
    "whatif.trial": "?quota.four=20%25&min.four=85",
    "whatif.moves": "?quota.four=20%25&min.four=85",
    "whatif.city": "?quota.four=20%25&min.four=85",
    "whatif.city_moves": "?quota.four=20%25&min.four=85",
    "scoring.grid_points": "?header=V1.3.后备缺失&text=1",
    "scoring.grid_cell": "?header=V1.3.后备缺失&unit={unit_id}",
}
ENDINGS = {"public.notice_paper_file": "docx", "dashboards.unit_chart": "csv", "dashboards.yearbook_paper": "pdf",
           "dashboards.brief_paper": "pdf"}  # fmt: skip
CHART = re.compile(r'src="([^"]*/stars[^"]*)"')
ASKED_AS = ("wang", "assessor", "city", "auditor", "unit")


def addresses(app: Any, known: dict[str, Any]) -> dict[str, str]:
    """Endpoint → an address of it; every page with a key in its address that nobody named here is a fault."""
    urls = app.url_map.bind("localhost")
    found = {}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.endpoint.startswith(APART):
            values = {**known, "kind": "village", "form": "csv"}
            if rule.endpoint.startswith(IN_SCORING):
                values["cycle_id"] = known["open"]
            if rule.endpoint.startswith("progress."):
                values |= {"name": "township", "ending": "csv", "division_id": known["city"]}
            values |= {key: known[other] for key, other in INSTEAD.get(rule.endpoint, {}).items()}
            missing = set(rule.arguments) - set(values)
            assert not missing, f"{rule.endpoint}: say what stands for {missing}"
            if rule.endpoint == "assessments.part":
                values |= {"code": "V1", "cycle_id": known["open"]}
            values["ending"] = ENDINGS.get(rule.endpoint, values["ending"])
            path = urls.build(rule.endpoint, {key: values[key] for key in rule.arguments})
            found[rule.endpoint] = path + ASKING.get(rule.endpoint, "").format(**known)
    city = {"division_id": known["city"], "year": known["year"]}
    found["dashboards.show of boundaries"] = urls.build("dashboards.show", {**city, "map": "boundaries"})
    found["dashboards.chart of boundaries"] = urls.build(
        "dashboards.chart", {**city, "name": "boundaries", "ending": "csv"}
    )
    corrected = {"cycle_id": known["cycle_id"], "decision_id": known["corrected"]}
    found["publication.decision of a correction"] = urls.build("publication.decision", corrected)
    return found


def a_year(app: Any, clock: TestClock, each: int) -> dict[str, Any]:
    """A district with a published year and one that is being scored."""
    from starrating.extensions import db
    from starrating.models.divisions import Division, Unit
    from starrating.models.publications import Notice, Publication
    from starrating.queries.content import content_digest
    from starrating.services.publication.publication import open_notice, publish
    from starrating.services.rating.determination import confirm_determination, determine

    with app.app_context():
        people = district.build(each)
        first, second = people["wang"], people["liu"]
        clock.at = datetime(2025, 1, 10, 1, tzinfo=UTC)
        done = district.opened(people)
        district.step(done, "open_scoring", first)
        district.fill(done, 2024, each)
        district.step(done, "close_scoring", first)
        confirm_determination(done, content_digest(determine(done, first)), second)
        open_notice(done, date(2025, 1, 10), None, first)
        objection_id = objected(people, done)
        clock.advance(days=40)
        publish(done, None, first)
        scored = district.opened(people, 2025)
        district.step(scored, "open_scoring", first)
        district.fill(scored, 2025, each)
        known = {
            **work_in(people, scored, clock),
            "cycle_id": done, "open": scored, "unit_id": people["first"], "division_id": people["district"],
            "township": people["township"],
            "objection_id": objection_id,
            "decision_id": proposed(done, people, clock), "edition": 1, "corrected": correction(done, people, clock),
            **leader_of(people["first"]), "case_id": case_of(people["first"]),
            "sheet_id": sheet_of(people), "fund_id": fund_of(people),
            "roster_id": roster_of(people),
            "eligibility_id": checked_of(people), **election_of(people),
            **trained_of(people),
            "account_id": people["assessor"], "code": "V2.1", "year": 2024, "name": "stars", "ending": "svg",
            "notice_id": db.session.query(Notice.id).order_by(Notice.id).limit(1).scalar(),
            "city": db.session.query(Division.parent_id).filter_by(id=people["district"]).scalar(),
            "digest": db.session.query(Publication.digest).order_by(Publication.id).limit(1).scalar(),
            "unit_code": db.session.query(Unit.code).filter_by(id=people["first"]).scalar(),
            "district": db.session.query(Division.code).filter_by(name=district.DISTRICT).scalar(),
        }  # fmt: skip
        db.session.remove()
        bounded(known["district"])
    return known


def bounded(code: str) -> None:
    """A file of boundaries with one district."""
    from starrating.services.divisions.boundaries import bring_in
    from tests.charts.made_up import APPROVAL, content_of, feature, ring

    one = feature(0, [ring(0, 0, 1)])
    one["properties"]["code"] = code
    bring_in(content_of({"type": "FeatureCollection", "features": [one]}), APPROVAL, "code")


def leader_of(unit_id: int) -> dict[str, int]:
    """A post of a unit and whoever holds it."""
    from starrating.queries.people import posts_of_unit

    post = posts_of_unit(unit_id)[0]
    return {"post_id": post.id, "person_id": post.person_id}


def checked_of(people: dict[str, int]) -> int:
    """An eligibility check of everybody in post that waits for answers; the key of one."""
    from sqlalchemy import select

    from starrating.extensions import db
    from starrating.models.eligibility import EligibilityCheck
    from starrating.services.people import eligibility as service
    from tests.services.test_scores import who

    service.add_items(people["district"], service.usual_items(), who(people, "wang"))
    service.open_in_post(people["district"], who(people, "wang"))
    return int(db.session.scalar(select(EligibilityCheck.id).limit(1)) or 0)


def election_of(people: dict[str, int]) -> dict[str, int]:
    """An election in which somebody stands who never held a post, and is checked; the keys."""
    from starrating.domain.posts import PostKind
    from starrating.services.people import candidates as service
    from starrating.services.people.elections import enter_election
    from starrating.services.people.people import NewPerson
    from tests.services.test_scores import who

    by = who(people, "wang")
    election = enter_election(people["district"], None, "换届", date(2024, 3, 1), by)
    made = service.put_forward(election, people["first"], list(PostKind), NewPerson("人选"), by)
    service.check_candidates(election, people["district"], by)
    return {"election_id": election, "candidate_id": made[0]}


def trained_of(people: dict[str, int]) -> dict[str, int]:
    """A round and a course of it, with everybody's attendance; the keys."""
    from starrating.queries.training import course_row
    from starrating.services.people import attendance, training
    from starrating.services.working_days import today
    from tests.services.test_scores import who

    boss, home, day = who(people, "wang"), people["district"], today()
    round_id = training.open_round(home, training.TypedRound("轮训", "leaders", "", "", day, day), boss)
    typed = training.TypedCourse("第一期", "leaders", "", "8", "党校", day, day, round_id)
    course_id = training.hold_course(home, typed, boss)
    found = course_row(course_id)
    assert found is not None
    there = [
        attendance.TypedPresence(one.person_id, "attended", "", None, 0)
        for one in attendance.seated_at(found, found.place)[::2]
    ]
    assert attendance.record_presence(course_id, home, there, boss)
    return {"round_id": round_id, "course_id": course_id, **listed_of(people)}


def listed_of(people: dict[str, int]) -> dict[str, int]:
    """Somebody on the reserve list, and a Party affairs worker; the keys."""
    from starrating.queries.places import place_of_unit
    from starrating.services.people import growth, reserve, workers
    from starrating.services.people.people import NewPerson
    from starrating.services.working_days import today
    from tests.services.test_scores import who

    boss, home = who(people, "wang"), place_of_unit(people["first"])
    assert home is not None
    reserve.set_rule(people["district"], 0, 1, 45, boss)
    entry_id = reserve.nominate(people["first"], "director", NewPerson("后备甲"), "村党支部", today(), boss)
    typed = workers.TypedWorker(None, today(), "exam", "graduate", "")
    growth.set_path(people["district"], 0, growth.usual_path(), boss)
    step = growth.TypedStep("committee", today(), "区委组织部", "")
    growth.take_step(int(leader_of(people["first"])["person_id"]), step, boss)
    return {"entry_id": entry_id, "worker_id": workers.enter_worker(home.township or 0, NewPerson("专职"), typed, boss)}


def sheet_of(people: dict[str, int]) -> int:
    """A pay sheet of the township that waits for a second person."""
    from sqlalchemy import select

    from starrating.domain.cases import CaseMove
    from starrating.extensions import db
    from starrating.models.cases import ConsequenceCase
    from starrating.models.cycles import Cycle
    from starrating.queries.places import place_of_division
    from starrating.services.consequences.cases import Given, move_case
    from starrating.services.consequences.pay import TypedRates, pay_sheet, store_rates
    from starrating.services.consequences.pay_sheets import draft_sheet, next_sheet

    by, town = people["wang"], people["township"]
    store_rates(people["district"], 2024, 0, TypedRates("36000", "24000", "1000", "800", "700"), by)
    found = (
        select(ConsequenceCase.id).join(Cycle, Cycle.id == ConsequenceCase.cycle_id)
        .where(Cycle.year == 2024, ConsequenceCase.outcome == "pay_coefficient",
               ConsequenceCase.unit_id == people["first"])
    )  # fmt: skip
    move_case(db.session.scalars(found).one(), CaseMove.APPROVE, 1, Given(), by)
    place = place_of_division(town)
    assert place is not None
    due = next_sheet(pay_sheet(place, 2024), town, 2024, ())
    assert due is not None
    return draft_sheet(town, 2024, due.digest, "", by)


def fund_of(people: dict[str, int]) -> int:
    """A split of reward money over every unit with a case, that waits for a second person."""
    from fractions import Fraction

    from starrating.domain.access import EVERYWHERE
    from starrating.extensions import db
    from starrating.models.pay import FundSheet
    from starrating.queries.cases import CaseFilter, cases_of
    from starrating.services.clock import now
    from starrating.services.consequences.fund_sheets import Named, Share, ShareState, fund, next_sheet

    home = people["district"]
    shares = {row.unit_id: Share((row.unit_id, row.rule), Named(row.unit, row.township, row.rule, row.id), Fraction(1),
                                 ShareState.SETTLED)
              for row in cases_of([EVERYWHERE], CaseFilter(2024, outcome="pay_coefficient"))}  # fmt: skip
    due = next_sheet(fund(shares.values(), 100_000_000, ()), home, 2024, ())
    row = FundSheet(district_id=home, year=2024, number=1, state="drafted", version=1, text=due.text,
                    digest=due.digest, total=due.total, drafted_by=people["wang"], drafted_at=now())  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row.id


def case_of(unit_id: int) -> int:
    """A case that followed for a unit."""
    from sqlalchemy import func, select

    from starrating.extensions import db
    from starrating.models.cases import ConsequenceCase

    found = select(func.min(ConsequenceCase.id)).where(ConsequenceCase.unit_id == unit_id)
    return int(db.session.scalars(found).one() or 0)


def roster_of(people: dict[str, int]) -> int:
    """A roster that waits: the first unit has another director."""
    from sqlalchemy import select

    from starrating.extensions import db
    from starrating.interchange import roster_sheet as sheet
    from starrating.models.divisions import Unit
    from starrating.services.people.rosters import keep
    from tests.services.test_scores import who
    from tests.web.test_roster import book

    code = db.session.scalar(select(Unit.code).where(Unit.id == people["first"])) or ""
    filled = {sheet.CODE: code, sheet.POST: "主任", sheet.NAME: "接任", sheet.BEGINS: date(2024, 6, 1).isoformat()}
    return keep(people["district"], "名册.xlsx", book([filled]), who(people, "wang"))


def objected(people: dict[str, int], noticed: int) -> int:
    """An objection that was decided, in the year that is on notice; its key."""
    from starrating.services.objections.objection_decisions import decide
    from tests.services.objected import REJECTED, lodged, who

    row = lodged(noticed, people, indicators=("V1.3",))
    decide(row.id, row.version, REJECTED, "", who(people, "zhao"))
    return row.id


def proposed(cycle_id: int, people: dict[str, int], clock: TestClock) -> int:
    """A removal that waits in the published year."""
    from starrating.queries.publications import confirmed_of, listed_units
    from starrating.services.decisions.decisions import Removal, propose_removal

    units = listed_units(confirmed_of(cycle_id)["village"].determination_id)
    starred = tuple(one.unit_id for one in units if one.level not in ("", "none"))
    return propose_removal(
        cycle_id, Removal("village", starred, "none", "因事", "文号", clock.at.date()), people["wang"]
    )


def correction(cycle_id: int, people: dict[str, int], clock: TestClock) -> int:
    """A correction that waits in the published year, of the other list."""
    from starrating.queries.publications import confirmed_of, listed_units
    from starrating.services.decisions.checks import Said
    from starrating.services.decisions.corrected_values import Correction, Right
    from starrating.services.decisions.corrections import propose_correction

    unit = listed_units(confirmed_of(cycle_id)["community"].determination_id)[0]
    rights = (Right(unit.unit_id, "flag.accident", "0", "1"),)
    said = Said("因事", "文号", clock.at.date())
    return propose_correction(cycle_id, Correction("community", rights, said), people["wang"])


def work_in(people: dict[str, int], scored: int, clock: TestClock) -> dict[str, Any]:
    """A file, a finding of a spot check and a foreign table that waits, in the year that is being scored."""
    from starrating.domain.evidence import Purpose
    from starrating.domain.spot_checks import Effect
    from starrating.interchange.foreign_tables import read_foreign
    from starrating.queries.cycles import cycle
    from starrating.services.assessment.spot_checks import Finding, record_spot_check
    from starrating.services.evidence.evidence import add_evidence
    from starrating.services.evidence.rights import Slot
    from starrating.services.scoring.import_content import Content
    from starrating.services.scoring.imports import keep_table, put_cells, waiting
    from starrating.services.scoring.sheet_cells import Proposed
    from starrating.services.scoring.typed_scores import Typed
    from tests.services import files
    from tests.services.test_scores import who

    mine, unit, row = who(people, "assessor"), people["first"], cycle(scored)
    assert row is not None
    slot = Slot(scored, unit, "V1.3", Purpose.SCORE)
    seen = Finding("村口", clock.at, "区暗访组", "路灯不亮", Effect.NOTED, answer_due=clock.at + timedelta(days=3))
    proposed = (Proposed(Typed(unit, "V1.3.后备缺失", 0, "1"), ""),)
    data = "单位,后备缺失\n甲,1\n".encode()
    table = read_foreign(data)
    waits = waiting(row, keep_table(row, "分.csv", data, table, mine), mine)
    put_cells(row, waits, Content(proposed, table, (("甲", "乙", 3),), 30), mine)
    return {
        "file_id": add_evidence(slot, "照片.jpg", io.BytesIO(files.picture("JPEG")), mine),
        "check_id": record_spot_check(scored, unit, seen, who(people, "wang")),
        "import_id": waits.id,
        "form": "csv",
    }


def counted(app: Any, known: dict[str, Any]) -> dict[tuple[str, str], tuple[int, int]]:
    """(who, endpoint) → status and statements of a page that was opened before."""
    from starrating.extensions import db

    statements: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    found = {}
    for who in ASKED_AS:
        client = app.test_client()
        sign_in(client, who)
        for endpoint, path in addresses(app, known).items():
            address = path
            if endpoint == "dashboards.chart":
                page = client.get(f"/dashboards/divisions/{known['division_id']}").get_data(as_text=True)
                sealed = CHART.search(page)
                address = html.unescape(sealed[1]) if sealed else path
            if who == ASKED_AS[0]:
                client.get(address)
            statements.clear()
            found[who, endpoint] = client.get(address).status_code, len(statements)
    return found


@pytest.mark.slow
def test_no_page_asks_more_of_a_larger_district(server: Any) -> None:
    found = []
    for each in SIZES:
        address, clock = server.fresh(), TestClock()
        app = application(address, clock)
        found.append(counted(app, a_year(app, clock, each)))
        close(app)
        server.drop(address)
    small, large = found
    opened = {endpoint for (_, endpoint), (status, _) in large.items() if status == 200}
    led_on = {endpoint for (_, endpoint), (status, _) in large.items() if status == 302}
    assert {endpoint for _, endpoint in large} - opened - (led_on & LED_ON) == set(), "nobody could open these"
    assert {page: told for page, told in large.items() if told != small[page]} == {}
    assert {page: told for page, told in large.items() if told[1] > MOST} == {}
