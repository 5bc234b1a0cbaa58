"""The public notice of a determined year and the publication of its lists: each one act, whole, and once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from starrating.domain.faults import RuleError
from starrating.domain.notice import closing_day
from starrating.domain.personal import holds_number
from starrating.domain.scheme import Scheme
from starrating.domain.workflow import CycleState, CycleStep
from starrating.models.publications import Notice, Publication
from starrating.queries.cycles import CycleRow, schemes_of
from starrating.queries.objections import waiting_in
from starrating.queries.publications import (
    Confirmed,
    NoticeRow,
    confirmed_of,
    last_digest,
    listed_units,
    notices_of,
    standing_publications,
)
from starrating.services.clock import now
from starrating.services.consequences.case_opening import open_cases
from starrating.services.editions.edition_text import NOT_SAID, Issued, edition_text
from starrating.services.editions.list_text import digest_of, list_text
from starrating.services.editions.signing import note_key, sign
from starrating.services.names import given_text
from starrating.services.transaction import transaction
from starrating.services.working_days import next_working_day, office_days, today
from starrating.services.years.cycles import advance, hold_chain, locked_cycle
from starrating.services.years.scheme_texts import read_kept

LONGEST_CONTACT = 200
LONGEST_ISSUED, MOST_ISSUERS = 40, 3
"""Letters of an issuer's name or a number, and issuers; more would not fit into a red head."""


def open_notice(
    cycle_id: int, opens_on: date, version: int | None, by: int | None, contact: str = ""
) -> tuple[int, ...]:
    """Show the determined lists to the public from a day on, with where to object; the notices' keys.

    The last day follows from the scheme: calendar days, or working days beginning on one. Once open, a second call
    changes nothing.
    """
    with transaction() as session:
        row = locked_cycle(session, cycle_id)
        standing = confirmed_of(cycle_id)
        there = notices_of(cycle_id)
        if row.state is CycleState.NOTICE and set(there) == set(standing):
            return tuple(one.id for one in there.values())
        if row.state is CycleState.DETERMINED and not standing:
            raise RuleError("notice.nothing")
        if opens_on < today():
            raise RuleError("notice.past", day=opens_on.isoformat())
        where = given_text(contact, LONGEST_CONTACT)
        made = [_notice(row, confirmed, opens_on, by, where) for confirmed in standing.values()]
        if row.state is CycleState.DETERMINED:
            session.add_all(made)
            session.flush()
        closes = {one.determination_id: one.closes_on.isoformat() for one in made}
        advance(session, cycle_id, CycleStep.OPEN_NOTICE, version, by, opens_on=opens_on.isoformat(),
                closes_on=max(closes.values(), default=""))  # fmt: skip
        return tuple(one.id for one in made)


def publish(cycle_id: int, version: int | None, by: int | None, issued: Issued = NOT_SAID) -> tuple[int, ...]:
    """Publish the lists of a year whose notice is over; the publications' keys. Once published, nothing changes.

    Who issues them and the number of the document stand in the signed text.
    """
    said = _public_names(issued)
    with transaction() as session:
        row = locked_cycle(session, cycle_id)
        if row.state is CycleState.PUBLISHED:
            return tuple(one.id for one in standing_publications(cycle_id))
        notices = notices_of(cycle_id)
        if row.state is CycleState.NOTICE:
            _check_over(notices)
            _check_objections(cycle_id)
            hold_chain(session, row.district_id)
        standing = confirmed_of(cycle_id)
        made = [_publication(row, confirmed, notices[kind], by, said) for kind, confirmed in standing.items()
                if kind in notices and row.state is CycleState.NOTICE]  # fmt: skip
        session.add_all(made)
        for key in sorted({one.public_key for one in made}):
            note_key(session, key)
        session.flush()
        digests = {one.kind: one.digest for one in made}
        keys = sorted({one.public_key for one in made})
        opened = open_cases(session, row) if made else 0
        advance(session, cycle_id, CycleStep.PUBLISH, version, by, digests=digests, keys=keys, cases=opened)
        return tuple(one.id for one in made)


def notice_days(scheme: Scheme, opens_on: date) -> tuple[date, date]:
    """The first and the last day of a notice under a scheme; refused where it should begin on a working day."""
    works: Callable[[date], bool] | None = office_days() if scheme.notice.working_days else None
    if works is not None and not works(opens_on):
        first = next_working_day(opens_on)
        raise RuleError("notice.no_working_day", day=opens_on.isoformat(), first=first.isoformat())
    return opens_on, closing_day(opens_on, scheme.notice.days, works)


def _notice(row: CycleRow, confirmed: Confirmed, opens_on: date, by: int | None, contact: str) -> Notice:
    kept = schemes_of(row.id)[confirmed.kind]
    scheme = read_kept(kept.text).scheme
    days = notice_days(scheme, opens_on)
    text = list_text(row, kept, scheme, confirmed, listed_units(confirmed.determination_id), days)
    return Notice(determination_id=confirmed.determination_id, opens_on=days[0], closes_on=days[1], text=text,
                  contact=contact, opened_at=now(), opened_by=by)  # fmt: skip


def _publication(row: CycleRow, confirmed: Confirmed, notice: NoticeRow, by: int | None,
                 issued: Issued) -> Publication:  # fmt: skip
    kept = schemes_of(row.id)[confirmed.kind]
    scheme = read_kept(kept.text).scheme
    previous = last_digest(row.district_id, confirmed.kind)
    text = edition_text(row, kept, scheme, confirmed, listed_units(confirmed.determination_id),
                        (notice.opens_on, notice.closes_on), previous=previous, issued=issued)  # fmt: skip
    signed = sign(text)
    return Publication(
        cycle_id=row.id, kind=confirmed.kind, edition=1, determination_id=confirmed.determination_id,
        notice_id=notice.id, digest=digest_of(text), previous_digest=previous, text=text, published_at=now(),
        published_by=by, public_key=signed.public_key, signature=signed.signature,
    )  # fmt: skip


def _public_names(issued: Issued) -> Issued:
    """Names of offices and a number of a document as they are printed; refused where they hold a person's number."""
    names = tuple(name for name in (given_text(one, LONGEST_ISSUED) for one in issued.by[:MOST_ISSUERS]) if name)
    found = Issued(names, given_text(issued.number, LONGEST_ISSUED))
    if any(holds_number(text) for text in (*found.by, found.number)):
        raise RuleError("publication.personal")
    return found


def _check_objections(cycle_id: int) -> None:
    """Nothing is final while somebody waits for an answer; lodging holds the year too, so that none slips by."""
    waiting = waiting_in(cycle_id)
    if waiting.count:
        raise RuleError("publication.objections", count=waiting.count)


def _check_over(notices: Mapping[str, NoticeRow]) -> None:
    if not notices:
        raise RuleError("notice.nothing")
    closes = max(one.closes_on for one in notices.values())
    if today() <= closes:
        raise RuleError("publication.too_early", day=closes.isoformat())
