"""All evidence of a unit that somebody may see, as one ZIP that is written while it is sent."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, stream_with_context
from flask.typing import ResponseReturnValue

from starrating.blueprints.downloads import disposition
from starrating.blueprints.evidence import bp
from starrating.blueprints.pages import person
from starrating.domain.faults import RuleError
from starrating.queries.evidence import files_of
from starrating.services.clock import now
from starrating.services.evidence.archive import archive
from starrating.services.evidence.evidence import content_if_whole
from starrating.services.evidence.rights import here, seen_purposes
from starrating.services.scoring.tasks import tasks_of

GENERAL = "总的"
"""The folder of what belongs to no indicator."""


@bp.get("/cycles/<key:cycle_id>/units/<key:unit_id>/all.zip")
def download(cycle_id: int, unit_id: int) -> ResponseReturnValue:
    """Everything that stands, by indicator, with a list of every SHA-256."""
    about = here(cycle_id, unit_id)
    seen = sorted(seen_purposes(person().grants, about.place))
    files = [file for file in files_of(cycle_id, unit_id, seen) if file.removed_at is None]
    if not files:
        raise RuleError("evidence.none")
    names = {task.node.code: task.node.name for task in tasks_of(cycle_id) if task.kind == about.unit.kind}

    def folder(indicator: str) -> str:
        return f"{indicator} {names.get(indicator, '')}".strip() or GENERAL

    pieces: Iterator[bytes] = archive(files, folder, content_if_whole, now())
    response = Response(stream_with_context(pieces), mimetype="application/zip")
    name = f"{about.cycle.year}年度{about.unit.name}佐证.zip"
    response.headers["Content-Disposition"] = disposition(name, inline=False)
    return response
