"""The server as a plain edit form would be, for `benchmarks.conflicting_edits --naive`: the last to save wins.

The version that came with a form is not looked at, and no version stands in the WHERE clause. Nothing of the product
imports this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from unittest.mock import patch

from sqlalchemy import update
from sqlalchemy.orm import Session

from starrating.blueprints.scoring import saving
from starrating.extensions import db
from starrating.models.scores import ScoreCell
from starrating.queries.identities import Identity
from starrating.queries.scores import CellRow, cells_of
from starrating.services.scoring import scores
from starrating.services.scoring.scores import Source
from starrating.services.scoring.sheets import Change
from starrating.services.scoring.typed_scores import Saved, Typed
from wsgi import app

__all__ = ["app"]
_save = scores.save_scores


def _over_whatever_stands(cycle_id: int, typed: Sequence[Typed], by: Identity, source: Source = Source.FORM) -> Saved:
    cells = cells_of(cycle_id, {one.unit_id for one in typed}, {one.header for one in typed})
    db.session.rollback()
    return _save(cycle_id, [one._replace(version=_version(cells.get(one.key))) for one in typed], by, source)


def _version(cell: CellRow | None) -> int:
    return cell.version if cell else 0


def _update(session: Session, changes: Sequence[tuple[Change, CellRow]]) -> list[Change]:
    for one, before in changes:
        session.execute(
            update(ScoreCell)
            .where(ScoreCell.id == before.id)
            .values(version=before.version + 1, state=one.after.state.value, value=one.after.value)
        )
    return []


patch.object(saving, "save_scores", _over_whatever_stands).start()
patch.object(scores, "_update_cells", _update).start()
