"""The demonstration's leaders: invented people in their posts over the years, elections, empty posts, a few checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from starrating.demo.assessing import holders
from starrating.demo.draw import ALL
from starrating.demo.filling import chance_of, first_of
from starrating.demo.growing import tell_path, tell_reserve, tell_training
from starrating.demo.noise import Chance
from starrating.demo.people import ELECTION, holds_both_posts, months_in_post, months_since_founding
from starrating.domain.access import Granted, Place, Role
from starrating.domain.eligibility import Purpose
from starrating.domain.posts import PostKind
from starrating.domain.terms import Education, Ending, How
from starrating.extensions import db
from starrating.models.divisions import Unit
from starrating.models.eligibility import CheckAnswer, CheckItem, EligibilityCheck
from starrating.models.people import Person, Post
from starrating.queries.field_figures import counted_units
from starrating.queries.identities import Identity
from starrating.queries.places import place_of_division
from starrating.services.clock import now
from starrating.services.people import candidates, eligibility, reserve
from starrating.services.people.elections import enter_election
from starrating.services.people.people import NewPerson
from starrating.services.people.proposals import decide_proposed
from starrating.services.working_days import today

EMPTY = 120
"""Of ten thousand units: in how many the committee has no director in the last year."""
SCHOOLING = {True: (Education.COLLEGE, Education.BACHELOR, Education.COLLEGE, Education.HIGH),
             False: (Education.HIGH, Education.MIDDLE, Education.COLLEGE, Education.HIGH)}  # fmt: skip
"""New since the election, or there before: what somebody's schooling is drawn from."""
ENDINGS = (Ending.MOVED, Ending.RETIRED, Ending.RESIGNED, Ending.MOVED, Ending.REMOVED)
FILED = {"secretary": "区委组织部", "director": "区民政局"}
CHECKED = 8
"""People of the district to be tried whose eligibility was asked about; two of them wait."""
PROPOSED = 3
"""How many people a township puts forward."""
STANDING, NEWCOMERS, COMING = 8, 4, 60
"""How many of its directors stand again, how many newcomers stand, in how many days the vote is."""


class _People:
    """Invented people, numbered from 0 in the order in which they are stored."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.rows: list[dict[str, object]] = []
        self.drawn: dict[str, tuple[list[int], list[int]]] = {}

    def one(self, place: int, part: str, first: int) -> int:
        """One more person, who came to a post of the unit at that place in a month."""
        if part not in self.drawn:
            self.drawn[part] = (self.chance.below(18, f"born {part}").tolist(),
                                self.chance.below(4, f"schooling {part}").tolist())  # fmt: skip
        born, school = self.drawn[part][0][place], self.drawn[part][1][place]
        new = first >= ELECTION[0] * 12 + ELECTION[1]
        number = len(self.rows)
        self.rows.append({"name": f"示例{number + 1:05d}", "birth_year": (1972 if new else 1956) + born,
                          "education": SCHOOLING[new][school]})  # fmt: skip
        return number


def store_posts(session: Session, keys: Mapping[str, int], years: Sequence[int]) -> int:
    """Give every unit its leaders over the years; about nine units of ten have one person in both posts."""
    codes = sorted(keys)
    chance = chance_of(codes)
    both, empty = holds_both_posts(chance).tolist(), (chance.below(ALL, "no director") < EMPTY).tolist()
    why, starts = chance.below(len(ENDINGS), "why a post ended").tolist(), _starts(chance, years)
    people, posts = _People(chance), list[tuple[int, dict[str, object]]]()
    for place, code in enumerate(codes):
        terms = sorted({int(column[place]) for column in starts})
        for number, first in enumerate(terms):
            last = number + 1 == len(terms)
            ends = None if last else first_of(terms[number + 1]) - timedelta(days=1)
            ending = "" if last else ENDINGS[why[place]]
            secretary = people.one(place, f"secretary {number}", first)
            director = secretary if both[place] else people.one(place, f"director {number}", first)
            left = _left(first, years[-1]) if last and empty[place] else ends
            posts.append((secretary, _post(keys[code], "secretary", first, ends, ending)))
            posts.append((director, _post(keys[code], "director", first, left, ending if left == ends else "moved")))
    stored = session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), people.rows).all()
    session.execute(insert(Post), [{**post, "person_id": stored[number]} for number, post in posts])
    return len(posts)


def _left(first: int, year: int) -> date:
    """The last day of a director whom nobody followed: in the middle of the last year."""
    return max(date(year, 6, 30), first_of(first))


def _post(unit: int, kind: str, first: int, ends: date | None, ending: str) -> dict[str, object]:
    begins = first_of(first)
    elected = first <= ELECTION[0] * 12 + ELECTION[1]
    how = How.ELECTED if elected else How.APPOINTED if kind == "secretary" else How.BY_ELECTION
    return {"unit_id": unit, "kind": kind, "begins_on": begins, "ends_on": ends, "how": how,
            "filed_with": FILED[kind], "filed_on": begins + timedelta(days=12), "ending": ending}  # fmt: skip


def _starts(chance: Chance, years: Sequence[int]) -> list[list[int]]:
    """For each year the month in which each unit's secretary of that year began, counted from year 0."""
    found = []
    for year in years:
        founded = np.maximum(months_since_founding(chance, year), 0)
        found.append(((year + 1) * 12 - months_in_post(chance, year, founded) - 1).tolist())
    return found


def tell_people(districts: Mapping[int, tuple[int, int]], tried: int) -> None:
    """The last election of every district, and a few checks in the one to be tried, with what departments answered."""
    for district, (first, _) in districts.items():
        year, month = ELECTION
        who = _administrator(first, district)
        enter_election(district, None, f"{year}年村社区两委换届", date(year, month + 1, 1), who)
    who = _administrator(districts[tried][0], tried)
    eligibility.add_items(tried, eligibility.usual_items(), who)
    held = db.session.execute(
        select(Post.unit_id, Post.person_id).join(Unit, Unit.id == Post.unit_id)
        .where(Unit.district_id == tried, Post.kind == PostKind.SECRETARY, Post.ends_on.is_(None))
        .order_by(Unit.code).limit(CHECKED)
    ).all()  # fmt: skip
    checks = [eligibility.open_check(unit, PostKind.SECRETARY, key, Purpose.IN_POST, who) for unit, key in held]
    answers = select(CheckAnswer.id, CheckAnswer.item_id).where(CheckAnswer.check_id.in_(checks[:-2]))
    asked = db.session.execute(answers.order_by(CheckAnswer.id)).all()
    last = max((item for _, item in asked), default=0)
    found = next((key for key, item in asked if item == last), 0)
    tell_training(tried, today().year - 1, who)
    tell_reserve(tried, who, _administrator(districts[tried][1], tried), today())
    tell_path(tried, [key for _, key in held], who, today())
    eligibility.answer([
        eligibility.TypedAnswer(key, "found" if key == found else "clear", today(), "示例" if key == found else "")
        for key, _ in asked
    ], who)  # fmt: skip
    tell_candidates(tried, who)


def tell_candidates(district: int, who: Identity) -> None:
    """An election that is coming in the district to be tried: people in post and newcomers, one barred."""
    election = enter_election(district, None, "村社区两委换届（示例）", today() + timedelta(days=COMING), who)
    held = db.session.execute(
        select(Post.unit_id, Post.person_id).join(Unit, Unit.id == Post.unit_id)
        .where(Unit.district_id == district, Post.kind == PostKind.DIRECTOR, Post.ends_on.is_(None))
        .order_by(Unit.code).offset(CHECKED).limit(STANDING)
    ).all()  # fmt: skip
    for place, (unit, person) in enumerate(held):
        candidates.put_forward(election, unit, [PostKind.DIRECTOR], person, who)
        if place < NEWCOMERS:
            new = NewPerson(f"示例人选{'甲乙丙丁'[place]}", 1988 + place, Education.BACHELOR)
            candidates.put_forward(election, unit, list(PostKind), new, who)
    candidates.check_candidates(election, district, who)
    _answer(select(EligibilityCheck.id).where(EligibilityCheck.purpose == Purpose.CANDIDATE), who)
    for township in holders(Role.TOWNSHIP_OFFICER)[:1]:
        tell_proposals(election, township, who)


def tell_proposals(election: int, township: Identity, who: Identity) -> None:
    """What a township puts forward: two wait for the district, one it did not agree to; one for the reserve list."""
    units = counted_units([one.place for one in township.grants], today())
    for number, one in enumerate(units[:PROPOSED]):
        new = NewPerson(f"示例提名{'甲乙丙'[number]}", 1986 + number, Education.BACHELOR)
        made = candidates.put_forward(election, one.id, [PostKind.DIRECTOR], new, township)
        if number == PROPOSED - 1:
            decide_proposed(election, made, False, "任党务工作不满1年，先在后备里培养（示例）", who)
    new = NewPerson("示例后备寅", 1994, Education.BACHELOR)
    reserve.nominate(units[-1].id, PostKind.DIRECTOR, new, f"{units[-1].name}党组织", today(), township)


def _answer(checks: Select[int], who: Identity) -> None:
    """Answer the candidates' checks but the last two: one person is barred, everybody else is clear."""
    keys = db.session.scalars(checks.order_by(EligibilityCheck.id)).all()
    rows = db.session.execute(
        select(CheckAnswer.id, CheckItem.hard, CheckAnswer.check_id)
        .join(CheckItem, CheckItem.id == CheckAnswer.item_id)
        .where(CheckAnswer.check_id.in_(keys[:-2])).order_by(CheckAnswer.check_id.desc(), CheckItem.hard.desc())
    ).all()  # fmt: skip
    barred = rows[0][0] if rows else 0
    typed = [(row[0], "found" if row[0] == barred else "clear", "示例" if row[0] == barred else "") for row in rows]
    eligibility.answer([eligibility.TypedAnswer(key, result, today(), note) for key, result, note in typed], who)


def _administrator(account_id: int, district: int) -> Identity:
    place = place_of_division(district) or Place()
    grants = (Granted(Role.DISTRICT_ADMINISTRATOR, place),)
    return Identity(account_id, "", "", False, 0, now(), grants)
