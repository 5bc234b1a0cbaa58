"""Reading what a pay sheet needs: the rates that hold, the units of a place, and who held their posts in a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.pay import PayRole, Rates
from starrating.domain.posts import Post as HeldPost
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.divisions import Division, Unit
from starrating.models.pay import PayRate
from starrating.models.people import Person, Post
from starrating.queries.cycles import rated_on
from starrating.queries.places import units_within


@dataclass(frozen=True, slots=True)
class KeptRates:
    """The rates that hold, which version they are, who stored them and when."""

    rates: Rates
    version: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaidUnit:
    """A unit with its township."""

    id: int
    name: str
    township_id: int
    township: str


def rates_of(district_id: int, year: int) -> KeptRates | None:
    """The last rates that a district stored for a year."""
    row = db.session.execute(
        select(PayRate, Account.display_name)
        .join(Account, Account.id == PayRate.by)
        .where(PayRate.district_id == district_id, PayRate.year == year)
        .order_by(PayRate.version.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _kept(row[0], row[1])


def versions_of(district_id: int) -> tuple[tuple[int, KeptRates], ...]:
    """(year, rates) of everything that a district ever stored, the newest year and version first."""
    rows = db.session.execute(
        select(PayRate, Account.display_name)
        .join(Account, Account.id == PayRate.by)
        .where(PayRate.district_id == district_id)
        .order_by(PayRate.year.desc(), PayRate.version.desc())
    )
    return tuple((row[0].year, _kept(row[0], row[1])) for row in rows)


def _kept(kept: PayRate, by: str) -> KeptRates:
    shares = {PayRole.DUAL: kept.dual_share, PayRole.SECRETARY: kept.secretary_share,
              PayRole.DIRECTOR: kept.director_share}  # fmt: skip
    return KeptRates(Rates(kept.base, kept.performance, shares), kept.version, by, kept.at)


def held_in(place: Place, year: int) -> tuple[tuple[HeldPost, ...], dict[int, str]]:
    """Every post of a place's units that was held in a year, and person → name in clear."""
    rows = db.session.execute(
        select(Post.person_id, Post.unit_id, Post.kind, Post.begins_on, Post.ends_on, Person.name)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Person, Person.id == Post.person_id)
        .where(units_within([place]), Post.begins_on <= date(year, 12, 31),
               or_(Post.ends_on.is_(None), Post.ends_on >= date(year, 1, 1)))
        .order_by(Post.unit_id, Post.begins_on, Post.id)
    ).all()  # fmt: skip
    posts = tuple(HeldPost(row[0], row[1], PostKind(row[2]), row[3], row[4]) for row in rows)
    return posts, {row[0]: row[5] for row in rows}


def units_paid(place: Place, year: int) -> tuple[PaidUnit, ...]:
    """The units of a place that were rated at some time of a year, by township and code."""
    township = aliased(Division)
    rows = db.session.execute(
        select(Unit.id, Unit.name, Unit.township_id, township.name)
        .join(township, township.id == Unit.township_id)
        .where(units_within([place]), or_(rated_on(date(year, 12, 31)), rated_on(date(year, 1, 1))))
        .order_by(township.code, Unit.code, Unit.id)
    )
    return tuple(PaidUnit(*row) for row in rows)
