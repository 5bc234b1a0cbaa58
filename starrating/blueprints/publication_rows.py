"""The rows of notices, publication and the decisions after it in the table of guards; all are about one year."""

from __future__ import annotations

from starrating.domain.access import Act

PUBLICATION_ROWS: tuple[tuple[str, str, Act], ...] = (
    ("publication.show", "GET", Act.PUBLISH),
    ("publication.list_document", "GET", Act.VIEW_TRIALS),
    ("publication.list_plaques", "GET", Act.VIEW_TRIALS),
    ("publication.list_withdrawn", "GET", Act.VIEW_TRIALS),
    ("publication.decisions", "GET", Act.VIEW_TRIALS),
    ("publication.propose", "POST", Act.PUBLISH),
    ("publication.decision", "GET", Act.VIEW_TRIALS),
    ("publication.decide", "POST", Act.PUBLISH),
    ("publication.withdraw", "POST", Act.PUBLISH),
    ("publication.correct", "GET", Act.VIEW_TRIALS),
    ("publication.propose_correction", "POST", Act.PUBLISH),
    ("publication.lift", "POST", Act.PUBLISH),
    ("publication.open_notice", "POST", Act.PUBLISH),
    ("publication.publish", "POST", Act.PUBLISH),
)
"""Endpoint, method and the act that it asks for at the district of the year."""
