"""The roster: every bad cell told before anything is written, all or nothing, the same file twice changes nothing."""

import io
import json
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import func, select

from starrating.domain.faults import RuleError
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.interchange import roster_sheet as sheet
from starrating.interchange.spreadsheets import read_spreadsheet
from starrating.models.audit import AuditEvent
from starrating.models.people import Person, Post
from starrating.models.rosters import RosterImport
from starrating.queries import people as question
from starrating.services.people.people_merge import merge_people
from tests.conftest import SQLITE_ONLY
from tests.web.city import CITY, identity, key_of, token_of
from tests.web.test_dashboards import client_of
from tests.web.test_people import stored

A, B, C, D = "990101001201", "990101001202", "990101002001", "990101002002"
NEW = [
    {sheet.CODE: D, sheet.POST: "书记", sheet.NAME: "陈大文", sheet.BEGINS: "2024-01-10", sheet.HOW: "上级任命",
     sheet.FILED: "东区委组织部", sheet.FILED_ON: "2024年1月12日", sheet.BIRTH: "1980", sheet.EDUCATION: "本科"},
    {sheet.CODE: D, sheet.POST: "主任", sheet.NAME: "陈大文", sheet.BEGINS: "2024-01-10"},
    {sheet.CODE: A, sheet.POST: "主任", sheet.NAME: "周小红", sheet.BEGINS: "2024/2/1", sheet.HOW: "补选"},
    {sheet.CODE: C, sheet.POST: "书记", sheet.NAME: "王军", sheet.BEGINS: "2020-01-01", sheet.BIRTH: "1970"},
]  # fmt: skip


def book(rows: list[dict[str, str]], heads: tuple[str, ...] = sheet.HEADS) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        page = made.add_worksheet(sheet.SHEET)
        page.write_row(0, 0, heads)
        for number, row in enumerate(rows, 1):
            for name, text in row.items():
                page.write_string(number, heads.index(name), text)
    return file.getvalue()


def send(client: Any, division: int, content: bytes) -> Any:
    data = {"csrf_token": token_of(client), "file": (io.BytesIO(content), "名册.xlsx")}
    return client.post(f"/people/divisions/{division}/roster", data=data)


def stands() -> tuple[int, int, int]:
    counts = [db.session.scalar(select(func.count()).select_from(table)) for table in (Person, Post, AuditEvent)]
    return counts[0] or 0, counts[1] or 0, counts[2] or 0


def confirmed(client: Any, shown: Any) -> Any:
    page = client.get(shown.location).text
    digest = page.partition('name="digest" value="')[2].partition('"')[0]
    return client.post(shown.location, data={"csrf_token": token_of(client), "digest": digest})


@pytest.fixture
def client(posted: Any) -> Any:
    found = client_of(posted, "east")
    found.token = ""
    return found


@pytest.fixture
def east(posted: Any) -> int:
    with posted.app_context():
        return key_of("东区")


def test_a_holder_whose_row_is_completed_may_have_a_successor_in_the_same_file(
    posted: Any, client: Any, east: int
) -> None:
    with posted.app_context():
        holder = stored("东甲村", PostKind.SECRETARY)
        name = db.session.get_one(Person, holder.person_id).name
        row = {sheet.CODE: A, sheet.POST: "书记"}
        completed = row | {sheet.NAME: name, sheet.BEGINS: holder.begins_on.isoformat(), sheet.HOW: "上级任命"}
    shown = send(client, east, book([completed, row | {sheet.NAME: "周小红", sheet.BEGINS: "20240201"}]))
    assert "新任1个，补改0个，结束1个" in client.get(shown.location).text
    assert confirmed(client, shown).status_code == 303
    with posted.app_context():
        before, after = db.session.get_one(Post, holder.id), stored("东甲村", PostKind.SECRETARY)
        assert (before.how, before.ends_on, after.begins_on) == ("appointed", date(2024, 1, 31), date(2024, 2, 1))
        told = json.loads(db.session.scalars(select(AuditEvent).where(AuditEvent.act == "roster_stored")).one().facts)
        assert [(one["sort"], one["post"], one["fields"]) for one in told["posts"]] == [
            ("ended", holder.id, ["ending", "ends_on", "how"]),
            ("new", after.id, ["begins_on"]),
        ]  # fmt: skip


@pytest.mark.parametrize("text", ["2024111", "2024-1", "202411", "2024/13/01", "20240230"])
def test_a_day_that_could_be_two_is_refused(posted: Any, client: Any, east: int, text: str) -> None:
    page = send(client, east, book([{sheet.CODE: A, sheet.POST: "主任", sheet.NAME: "周小红", sheet.BEGINS: text}]))
    assert page.status_code == 422
    assert f"“{text}”不是" in page.text


def test_in_and_in_again(posted: Any, client: Any, east: int) -> None:
    with posted.app_context():
        before = stands()
    shown = send(client, east, book(NEW))
    assert shown.status_code == 303, shown.text
    page = client.get(shown.location).text
    assert "新任3个，补改1个，结束1个" in page
    assert "陈大文" not in page
    with posted.app_context():
        assert stands()[:2] == before[:2], "nothing is written before it is confirmed"
    assert confirmed(client, shown).status_code == 303
    with posted.app_context():
        people, posts, events = stands()
        assert (people, posts) == (before[0] + 2, before[1] + 3)
        old, new = stored("东甲村", PostKind.SECRETARY), stored("东甲村", PostKind.DIRECTOR)
        assert (old.ends_on, new.begins_on, new.how) == (None, date(2024, 2, 1), "by_election")
        ended = [one for one in question.posts_of_unit(new.unit_id) if one.kind is PostKind.DIRECTOR][1]
        assert (ended.ends_on, ended.ending) == (date(2024, 1, 31), "other")
        first, second = stored("东丁社区", PostKind.SECRETARY), stored("东丁社区", PostKind.DIRECTOR)
        assert first.person_id == second.person_id, "one name in one unit is one person"
        assert (first.filed_on, first.filed_with) == (date(2024, 1, 12), "东区委组织部")
        assert db.session.scalar(select(Person.birth_year).where(Person.name == "王军")) == 1970
        assert db.session.scalar(select(RosterImport.content)) is None, "what it held of people is gone"
        facts = db.session.scalar(select(AuditEvent.facts).where(AuditEvent.act == "roster_stored")) or ""
        assert "陈大文" not in facts
        db.session.remove()
    again = send(client, east, book(NEW))
    assert again.location.endswith("/roster")
    assert "没有改动" in client.get(again.location).text
    with posted.app_context():
        assert stands() == (people, posts, events)


WRONG = [
    ({sheet.CODE: "123"}, "A2", "12位统计代码"),
    ({sheet.CODE: "990102001201"}, "A2", "没有代码是"),
    ({sheet.POST: "村长"}, "C2", "请从这些里选"),
    ({sheet.NAME: "陈*文"}, "E2", "姓名要写全名"),
    ({sheet.BEGINS: "去年"}, "I2", "不是"),
    ({sheet.BEGINS: "2030-01-01"}, "I2", "之间的日子"),
    ({sheet.BEGINS: "2024-02-30"}, "I2", "之间的日子"),
    ({sheet.ENDS: "2023-01-01"}, "M2", "早于第一天"),
    ({sheet.ENDING: "退休"}, "M2", "也要写最后一天"),
    ({sheet.FILED_ON: "2024-01-01"}, "K2", "备案单位"),
    ({sheet.BIRTH: "2020"}, "G2", "之间的年份"),
    ({sheet.EDUCATION: "博士后"}, "H2", "请从这些里选"),
    ({sheet.NAME: "李红梅"}, "F2", "编号"),
    ({sheet.NAME: "李红梅", sheet.NUMBER: "99999"}, "F2", "不是区里叫这个名字的人"),
    ({sheet.NUMBER: "x1"}, "F2", "不是人员编号"),
    ({sheet.CODE: B, sheet.POST: "主任", sheet.BEGINS: "2019-01-01"}, "I2", "同一天只能有一人"),
    ({sheet.CODE: B, sheet.POST: "主任", sheet.BEGINS: "2020-01-01"}, "E2", "另一个人"),
    ({sheet.CODE: B, sheet.POST: "主任", sheet.NAME: "李红梅", sheet.BEGINS: "2020-02-01"}, "I2", "这一任从"),
]


@SQLITE_ONLY
def test_every_bad_cell_is_told_and_nothing_written(posted: Any, client: Any, east: int) -> None:
    with posted.app_context():
        before = stands()
    fine = {sheet.CODE: D, sheet.POST: "书记", sheet.NAME: "陈大文", sheet.BEGINS: "2024-01-10"}
    for changed, place, said in WRONG:
        answer = send(client, east, book([{**fine, **changed}]))
        assert answer.status_code == 422, changed
        assert f"<code>{place}</code>" in answer.text, changed
        assert said in answer.text, changed
    twice = send(client, east, book([fine, {**fine, sheet.NAME: "陈小文"}, {**fine, sheet.BEGINS: "?"}]))
    assert twice.status_code == 422
    assert "<code>E3</code>" in twice.text
    assert "<code>I4</code>" in twice.text, "all of them at once"
    for content, said in ((b"PK", "没有读"), (book([]), "一行都没有填"), (book([], ("甲", "乙")), "没有读")):
        refused = send(client, east, content)
        assert refused.status_code == 422
        assert said in refused.text
    with posted.app_context():
        assert stands() == before
        assert db.session.scalar(select(func.count()).select_from(RosterImport)) == 0


@SQLITE_ONLY
def test_what_changed_meanwhile_is_shown_again(posted: Any, client: Any, east: int) -> None:
    shown = send(client, east, book(NEW))
    page = client.get(shown.location).text
    digest = page.partition('name="digest" value="')[2].partition('"')[0]
    with posted.app_context():
        row = stored("东甲村", PostKind.DIRECTOR)
        from starrating.services.people.people import end_post

        end_post(row.id, row.version, date(2024, 1, 5), "resigned", identity(1, CITY))
        db.session.remove()
    late = client.post(shown.location, data={"csrf_token": token_of(client), "digest": digest})
    assert late.status_code == 409
    assert "结束0个" in late.text, "it ended already"
    assert confirmed(client, shown).status_code == 303
    assert client.get(shown.location).status_code == 404, "it waits no more"


@SQLITE_ONLY
def test_the_empty_roster_comes_out_masked_and_reads_back(posted: Any, client: Any, east: int) -> None:
    answer = client.get(f"/people/divisions/{east}/roster.xlsx")
    sheets = read_spreadsheet(answer.data)
    assert [sheets[0].text(0, column) for column in range(len(sheet.HEADS))] == list(sheet.HEADS)
    texts = [sheets[0].text(row, column) for row in range(1, 9) for column in range(5)]
    assert "欧**明" in texts
    assert "欧阳东明" not in texts
    assert len([row for row in sheets[0].row_numbers() if row]) == 8, "two posts of each of four units"
    with pytest.raises(RuleError) as refused:
        sheet.read_roster(sheets)
    assert refused.value.code == "roster.empty"
    for name in ("east_auditor", "east_assessor", "east_town", "west"):
        other = client_of(posted, name)
        assert other.get(f"/people/divisions/{east}/roster.xlsx").status_code == 404


def test_two_records_of_one_person_become_one(posted: Any, people: dict[str, int]) -> None:
    with posted.app_context():
        who = identity(people["city"], CITY)
        from starrating.services.people.people import NewPerson, Term, enter_post

        enter_post(key_of("东丁社区"), PostKind.SECRETARY, NewPerson("王军", 1970), Term(date(2024, 1, 1)), who)
        kept, gone = stored("东丙社区", PostKind.SECRETARY).person_id, stored("东丁社区", PostKind.SECRETARY).person_id
        other = stored("东乙村", PostKind.DIRECTOR).person_id
        db.session.remove()
        for given, code in (((kept, kept, (1, 1), "x"), "person.merged"), ((kept, gone, (1, 1), " "), "person.merged"),
                            ((kept, gone, (1, 9), "同一人"), "person.changed")):  # fmt: skip
            with pytest.raises(RuleError) as refused:
                merge_people(*given, who)
            assert refused.value.code == code
        merge_people(kept, gone, (1, 1), "查过任职文件", who)
        assert {row.unit for row in question.posts_of_person(kept)} == {"东丙社区", "东丁社区"}
        found, left = question.person(kept), question.person(gone)
        assert found is not None
        assert left is not None
        assert (found.birth_year, left.merged_into_id, left.name) == (1970, kept, "王军")
        told = db.session.scalar(select(AuditEvent.facts).where(AuditEvent.act == "people_merged")) or ""
        assert "查过任职文件" in told
        with pytest.raises(RuleError):
            merge_people(other, gone, (1, 2), "再来", who)
        db.session.remove()
    client = client_of(posted, "east")
    assert client.get(f"/people/{gone}").location.endswith(f"/people/{kept}")
    assert client.get(f"/people/{kept}/merge").status_code == 200
