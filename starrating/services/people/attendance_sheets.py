"""Attendance by a list: read with every bad row told, then recorded whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starrating.domain.faults import RuleError
from starrating.interchange import attendance_sheet as sheet
from starrating.interchange.people_sheet import SheetLine, SheetRead, read_list
from starrating.interchange.spreadsheets import read_spreadsheet
from starrating.queries.identities import Identity
from starrating.queries.training import CourseRow
from starrating.services.people.attendance import (
    Seated,
    TypedPresence,
    checked,
    manageable,
    record_presence,
    seated_at,
    unchanged,
)
from starrating.services.people.training import LONGEST_REASON
from starrating.services.sheet_rows import RowReader, Words, Wrong


def store_list(course_id: int, division_id: int, data: bytes, words: Words, by: Identity) -> tuple[int, list[Wrong]]:
    """Record what a list says: how many changed, or everything that is wrong with it and nothing recorded."""
    course, place = manageable(course_id, division_id, by)
    read: SheetRead = read_list(sheet.ATTENDANCE, read_spreadsheet(data))
    seated = {one.person_id: one for one in seated_at(course, place)}
    typed: list[TypedPresence] = []
    wrong: list[Wrong] = []
    first: dict[int, SheetLine] = {}
    for line in read.lines:
        one, faults = _row(line, words)
        if one is not None:
            faults += _misfits(line, one, course, seated, first)
            typed.append(one)
        wrong += faults
    return (0, wrong) if wrong else (record_presence(course_id, division_id, typed, by), [])


def list_rows(seated: Sequence[Seated], names: Mapping[int, str], posts: Mapping[int, str],
              words: Mapping[str, str]) -> list[list[str]]:  # fmt: skip
    """The rows of the list to be filled: `names` are masked, `posts` and `words` in words."""
    found = []
    for one in seated:
        row = one.record
        found.append([
            str(one.person_id), names[one.person_id], one.unit.township, one.unit.name, posts[one.person_id],
            words[row.presence] if row else "", row.reason if row else "",
            row.made_up_on.isoformat() if row and row.made_up_on else "", str(row.version if row else 0),
        ])  # fmt: skip
    return found


def _row(line: SheetLine, words: Words) -> tuple[TypedPresence | None, list[Wrong]]:
    row = RowReader(line, words)
    number, version = row.whole(sheet.NUMBER), row.whole(sheet.VERSION)
    presence = row.chosen(sheet.PRESENCE, needed=True)
    reason, made_up = row.text(sheet.REASON, LONGEST_REASON), row.day(sheet.MADE_UP_ON)
    if row.wrong or number is None or version is None:
        return None, row.wrong
    return TypedPresence(number, presence, reason, made_up, version), row.wrong


def _misfits(line: SheetLine, one: TypedPresence, course: CourseRow, seated: Mapping[int, Seated],
             first: dict[int, SheetLine]) -> list[Wrong]:  # fmt: skip
    """What of a row that can be read does not fit the course, or what is recorded by now."""
    at, before = line.address(sheet.NUMBER), first.setdefault(one.person_id, line)
    if before is not line:
        return [Wrong(at, RuleError("presence.twice", first=before.address(sheet.NUMBER)))]
    who = seated.get(one.person_id)
    if who is None:
        return [Wrong(at, RuleError("presence.not_here"))]
    try:
        checked(one, course)
    except RuleError as refusal:
        return [Wrong(line.address(sheet.PRESENCE), refusal)]
    if not unchanged(one, who.record) and one.version != (who.record.version if who.record else 0):
        return [Wrong(line.address(sheet.VERSION), RuleError("presence.changed", unit=who.unit.name))]
    return []
