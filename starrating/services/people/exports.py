"""Lists of people that leave the system as files: who took which, noted in the same breath as the file is made."""

from __future__ import annotations

from starrating.queries.identities import Identity
from starrating.queries.places import place_of_division
from starrating.services.audit import Subject, record
from starrating.services.transaction import transaction


def note_export(division_id: int, what: str, label: str, rows: int, by: Identity) -> None:
    """Put on the trail that a list of people of a division was taken out; `what` is its code, `label` its name."""
    place = place_of_division(division_id)
    with transaction() as session:
        subject = Subject("division", division_id, label, place) if place else Subject("division", None, label)
        record(session, "people_list_exported", by.account_id, subject, list=what, rows=rows)
