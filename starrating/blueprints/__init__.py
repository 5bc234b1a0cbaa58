"""The pages, one package per journey; which endpoint asks for which act is in `guards.py`."""

from __future__ import annotations

from flask import Flask

from starrating.blueprints import (
    accounts,
    admission,
    api,
    assessments,
    audit,
    calendar,
    checks,
    consequences,
    dashboards,
    evidence,
    exchange,
    home,
    languages,
    objections,
    pages,
    people,
    progress,
    public,
    publication,
    rating,
    schemes,
    scoring,
    spot_checks,
    training,
    units,
    verification,
    whatif,
)


def register(app: Flask) -> None:
    """Bind every journey to the application, the guard before all of them, the reader's language before the guard."""
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    languages.register(app)
    admission.register(app)
    pages.register(app)
    home.register(app)
    if app.config["STYLEGUIDE"]:
        from starrating.blueprints import styleguide

        app.register_blueprint(styleguide.bp)
    for journey in (
        accounts.bp,
        audit.bp,
        units.bp,
        dashboards.bp,
        consequences.bp,
        people.bp,
        checks.bp,
        training.bp,
        schemes.bp,
        calendar.bp,
        rating.bp,
        whatif.bp,
        scoring.bp,
        progress.bp,
        evidence.bp,
        assessments.bp,
        verification.bp,
        exchange.bp,
        spot_checks.bp,
        objections.bp,
        public.bp,
        publication.bp,
        api.bp,
    ):
        app.register_blueprint(journey)
