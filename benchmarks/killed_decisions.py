"""Decisions that are killed: an objection upheld, and on a published list a removal, its lifting, a correction.

    python -m benchmarks.killed_decisions [sqlite | postgres] [--kills N] [--naive]

Each is taken by the second person as it was shown, in a process of its own that is ended by SIGKILL as the acts of
`benchmarks.killed` are: every other time after a random one of its statements, else at a random moment. It is done or
not done, a second run leaves what an undisturbed one leaves (the restated list to the byte), ten at once have one
effect. With `--naive` each statement is stored on its own, and of every act half-done states must be found.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

from benchmarks.databases import copy_of
from benchmarks.killed import YEAR, killed
from benchmarks.killing import elsewhere
from benchmarks.proof import Facts, Outcome, application, load_everything, proof

ACTS = ("objection", "removal", "lifting", "correction")
NOTICE, PUBLISHED = date(2025, 1, 13), "publication"


def measure(base: str, kills: int, units: int, draw: random.Random, *, naive: bool = False) -> Iterator[Outcome]:
    """Each act in turn, on a migrated, empty database; `kills` is shared out among them."""
    known: Facts = {"units": units}
    load_everything()
    with ExitStack() as copies:
        for number, act in enumerate(ACTS):
            base = copies.enter_context(copy_of(base))
            known = elsewhere(prepare, act, base, known) | {"do": decide_objection if act == "objection" else decide}
            yield killed(base, act, known, (kills + number) // len(ACTS), draw, naive=naive)


def prepare(act: str, address: str, known: Facts) -> Facts:
    """Bring a database from where the act before begins to where this one begins; what is known of it then."""
    if act == "objection":
        return _objected(address, known)
    if act == "removal":
        return _published(address, known)
    with application(address, ACTS[ACTS.index(act) - 1]):
        decide(known)
    with application(address, act):
        return _to_lift(known) if act == "lifting" else _to_correct(known)


def decide(known: dict[str, Any]) -> None:
    """Take the decision on the published list that was shown."""
    from starrating.services.decisions.decisions import decide as take

    take(known["decision"], known["shown"], known["liu"])


def decide_objection(known: dict[str, Any]) -> None:
    """Uphold the objection as it was shown."""
    from starrating.services.objections.objection_decisions import decide as take

    take(known["objection"], known["version"], known["upheld"], known["shown"], known["by"])


def _objected(address: str, known: Facts) -> Facts:
    """A year on notice, and an objection that would be upheld with another value for a cell."""
    from starrating.queries.content import content_digest
    from starrating.services.objections.objection_decisions import weigh
    from starrating.services.publication.publication import open_notice
    from starrating.services.rating.determination import confirm_determination, determine
    from tests.services import district
    from tests.services.objected import lodged, upheld, who

    with application(address, "trial"):
        people = district.build(known["units"])
        cycle = district.opened(people, YEAR)
        district.step(cycle, "open_scoring", people["wang"])
        district.fill(cycle, YEAR, known["units"])
        district.step(cycle, "close_scoring", people["wang"])
        confirm_determination(cycle, content_digest(determine(cycle, people["wang"])), people["liu"])
        open_notice(cycle, NOTICE, None, people["wang"])
    with application(address, "objection"):
        row, by = lodged(cycle, people), who(people, "zhao")
        decision = upheld(row, **{"V2.1": "1"})
        shown = weigh(row.id, row.version, decision, by).digest
        return {**known, **people, "cycle": cycle, "objection": row.id, "version": row.version, "upheld": decision,
                "by": by, "shown": shown}  # fmt: skip


def _published(address: str, known: Facts) -> Facts:
    """The objection rejected, the lists published, and a removal that waits."""
    from starrating.queries.publications import confirmed_of, listed_units
    from starrating.services.decisions.decisions import Removal, propose_removal
    from starrating.services.objections.objection_decisions import decide as take
    from starrating.services.publication.publication import publish
    from tests.services.objected import REJECTED

    with application(address, "objection"):
        take(known["objection"], known["version"], REJECTED, "", known["by"])
    with application(address, PUBLISHED):
        publish(known["cycle"], None, known["wang"])
    with application(address, "removal"):
        units = listed_units(confirmed_of(known["cycle"])["village"].determination_id)
        chosen = tuple(one.unit_id for one in units if one.level not in ("", "none"))[:2]
        wanted = Removal("village", chosen, "none", "发生重大安全责任事故", "北辰组发〔2025〕9号", date(2025, 6, 1))
        return _shown({**known, "chosen": chosen}, propose_removal(known["cycle"], wanted, known["wang"]))


def _to_lift(known: Facts) -> Facts:
    from starrating.services.decisions.checks import Said
    from starrating.services.decisions.liftings import propose_lifting

    said = Said("复核以后撤销", "北辰组发〔2025〕9号", date(2025, 6, 2))
    return _shown(known, propose_lifting(known["decision"], said, known["wang"]))


def _to_correct(known: Facts) -> Facts:
    from starrating.services.decisions.checks import Said
    from starrating.services.decisions.corrected_values import Correction, Right
    from starrating.services.decisions.corrections import propose_correction

    rights = tuple(Right(unit, "flag.accident", "0", "1") for unit in known["chosen"])
    wanted = Correction("village", rights, Said("录入有误", "北辰组发〔2025〕9号", date(2025, 6, 2)))
    return _shown(known, propose_correction(known["cycle"], wanted, known["wang"]))


def _shown(known: Facts, decision_id: int) -> Facts:
    """What is known of a decision that waits: its key, and the digest of what whoever takes it is shown."""
    from starrating.queries.decisions import decision
    from starrating.services.decisions.decisions import restatement_of

    found = decision(decision_id)
    assert found is not None
    return {**known, "decision": decision_id, "shown": restatement_of(found).digest}


if __name__ == "__main__":
    sys.exit(proof(sys.argv[1:], __doc__, "removal", measure, 20261122))
