"""The one table of which act every endpoint and method asks for, and where; what is not listed is refused.

Before each request the guard (`admission.py`) finds the row, who is asking, and the place the request is about. Out of
every scope that a person holds, a thing does not exist: the answer is 404, the same as for a key that was never given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starrating.blueprints.consequence_rows import CONSEQUENCE_ROWS
from starrating.blueprints.people_rows import PEOPLE_ROWS
from starrating.blueprints.places import account, cycle, division, unit, unit_of_cycle
from starrating.blueprints.publication_rows import PUBLICATION_ROWS
from starrating.domain.access import Act, Place
from starrating.queries.objections import place_of_objection
from starrating.queries.places import place_of_unit
from starrating.queries.spot_checks import place_of_spot_check

Finder = Callable[..., Place | None]


@dataclass(frozen=True, slots=True)
class Guard:
    """What a request needs: an act, at the place that the keys of its address name, or somewhere without any."""

    act: Act | None = None
    place: Finder | None = None
    public: bool = False
    own: bool = False
    """Open to an account that must first change its password."""
    hidden: bool = False
    """Whoever may not learns nothing of it: 404 where others answer 403."""
    within: bool = False
    """Asked where the act is stored, in its transaction (`admission.caller`): for what comes very often."""


PUBLIC = Guard(public=True)
SIGNED_IN = Guard()
OWN = Guard(own=True)


GUARDS: dict[tuple[str, str], Guard] = {
    ("static", "GET"): PUBLIC,
    ("static", "OPTIONS"): PUBLIC,
    ("home", "GET"): SIGNED_IN,
    ("preferences", "GET"): PUBLIC,
    ("accounts.sign_in", "GET"): PUBLIC,
    ("accounts.begin", "POST"): PUBLIC,
    ("accounts.sign_out", "POST"): OWN,
    ("accounts.change_password", "GET"): OWN,
    ("accounts.store_password", "POST"): OWN,
    ("accounts.index", "GET"): Guard(Act.VIEW_ACCOUNTS),
    ("accounts.create", "GET"): Guard(Act.MANAGE_ACCOUNTS),
    ("accounts.store", "POST"): Guard(Act.MANAGE_ACCOUNTS),
    ("accounts.show", "GET"): Guard(Act.VIEW_ACCOUNTS, account),
    ("accounts.grant", "POST"): Guard(Act.MANAGE_ACCOUNTS, account),
    ("accounts.revoke", "POST"): Guard(Act.MANAGE_ACCOUNTS, account),
    ("accounts.disable", "POST"): Guard(Act.MANAGE_ACCOUNTS, account),
    ("accounts.enable", "POST"): Guard(Act.MANAGE_ACCOUNTS, account),
    ("accounts.reset_password", "POST"): Guard(Act.MANAGE_ACCOUNTS, account),
    ("audit.index", "GET"): Guard(Act.VIEW_AUDIT),
    ("units.index", "GET"): Guard(Act.VIEW_UNITS),
    ("units.division", "GET"): Guard(Act.VIEW_UNITS, division),
    ("units.show", "GET"): Guard(Act.VIEW_UNITS, place_of_unit),
    ("schemes.index", "GET"): Guard(Act.VIEW_CYCLE),
    ("schemes.create", "GET"): Guard(Act.PREPARE_CYCLE, division),
    ("schemes.store", "POST"): Guard(Act.PREPARE_CYCLE, division),
    ("schemes.show", "GET"): Guard(Act.VIEW_CYCLE),
    ("schemes.scheme", "GET"): Guard(Act.VIEW_CYCLE),
    ("schemes.text", "GET"): Guard(Act.VIEW_CYCLE),
    ("schemes.replace", "POST"): Guard(Act.PREPARE_CYCLE, cycle),
    ("schemes.assignments", "GET"): Guard(Act.VIEW_CYCLE, cycle),
    ("schemes.assign", "POST"): Guard(Act.PREPARE_CYCLE, cycle),
    ("schemes.step", "POST"): Guard(Act.PREPARE_CYCLE, cycle),
    ("calendar.show", "GET"): Guard(Act.VIEW_CYCLE),
    ("calendar.store", "POST"): Guard(Act.PREPARE_CYCLE, cycle),
    ("calendar.working_days", "GET"): Guard(Act.VIEW_CYCLE),
    ("calendar.enter_days", "POST"): Guard(Act.SET_WORKING_DAYS),
    ("calendar.take_back_day", "POST"): Guard(Act.SET_WORKING_DAYS),
    ("calendar.extensions", "GET"): Guard(Act.VIEW_CYCLE),
    ("calendar.ask", "POST"): Guard(Act.ASK_EXTENSION),
    ("calendar.decide", "POST"): Guard(Act.DECIDE_EXTENSION, cycle),
    ("calendar.withdraw", "POST"): Guard(Act.ASK_EXTENSION),
    ("rating.index", "GET"): Guard(Act.VIEW_RATINGS),
    ("rating.results", "GET"): Guard(Act.VIEW_RATINGS),
    ("rating.download", "GET"): Guard(Act.VIEW_RATINGS),
    ("rating.unit", "GET"): Guard(Act.VIEW_RATINGS, place_of_unit),
    ("rating.determination", "GET"): Guard(Act.VIEW_TRIALS, cycle),
    ("rating.try_out", "POST"): Guard(Act.DETERMINE, cycle),
    ("rating.confirm", "POST"): Guard(Act.CONFIRM, cycle),
    ("whatif.edge", "GET"): Guard(Act.VIEW_TRIALS, cycle),
    ("whatif.steady", "GET"): Guard(Act.VIEW_TRIALS, cycle),
    ("whatif.trial", "GET"): Guard(Act.VIEW_TRIALS, cycle),
    ("whatif.moves", "GET"): Guard(Act.VIEW_TRIALS, cycle),
    ("whatif.city", "GET"): Guard(Act.VIEW_TRIALS, division),
    ("whatif.city_moves", "GET"): Guard(Act.VIEW_TRIALS, division),
    ("whatif.compared", "GET"): Guard(Act.VIEW_TRIALS, cycle),
    ("whatif.compared_file", "GET"): Guard(Act.VIEW_TRIALS, cycle),
    ("scoring.index", "GET"): Guard(Act.VIEW_SCORES),
    ("scoring.indicator", "GET"): Guard(Act.VIEW_SCORES),
    ("scoring.save_indicator", "POST"): Guard(Act.FILL_SCORES),
    ("scoring.unit", "GET"): Guard(Act.VIEW_SCORES, unit_of_cycle),
    ("scoring.save_unit", "POST"): Guard(Act.FILL_SCORES, unit_of_cycle),
    ("scoring.history", "GET"): Guard(Act.VIEW_SCORES, unit_of_cycle),
    ("scoring.grid", "GET"): Guard(Act.VIEW_SCORES),
    ("scoring.grid_sheet", "GET"): Guard(Act.VIEW_SCORES),
    ("scoring.grid_points", "GET"): Guard(Act.VIEW_SCORES),
    ("scoring.grid_cell", "GET"): Guard(Act.VIEW_SCORES),
    ("scoring.grid_doubts", "GET"): Guard(Act.VIEW_SCORES),
    ("scoring.grid_token", "GET"): SIGNED_IN,
    ("scoring.grid_save", "POST"): Guard(Act.FILL_SCORES, within=True),
    ("scoring.grid_check", "POST"): Guard(Act.FILL_SCORES),
    ("scoring.changes", "GET"): Guard(Act.VIEW_SCORES, unit_of_cycle),
    ("scoring.changes_file", "GET"): Guard(Act.VIEW_SCORES, unit_of_cycle),
    ("scoring.compare", "GET"): Guard(Act.VIEW_SCORES, unit_of_cycle),
    ("scoring.events", "GET"): Guard(Act.VIEW_SCORES, unit_of_cycle),
    ("scoring.record", "POST"): Guard(Act.RECORD_EVENTS, unit_of_cycle),
    ("scoring.withdraw", "POST"): Guard(Act.RECORD_EVENTS, unit_of_cycle),
    ("scoring.doubts", "GET"): Guard(Act.VIEW_SCORES),
    ("scoring.put_aside", "POST"): Guard(Act.LOOK_INTO_SCORES),
    ("progress.index", "GET"): Guard(Act.VIEW_SCORES),
    ("progress.show", "GET"): Guard(Act.VIEW_SCORES),
    ("progress.chart", "GET"): Guard(Act.VIEW_SCORES),
    ("progress.city", "GET"): Guard(Act.VIEW_SCORES, division),
    ("progress.city_chart", "GET"): Guard(Act.VIEW_SCORES, division),
    ("spot_checks.index", "GET"): Guard(Act.VIEW_SPOT_CHECKS),
    ("spot_checks.choose", "GET"): Guard(Act.RECORD_SPOT_CHECKS),
    ("spot_checks.create", "GET"): Guard(Act.RECORD_SPOT_CHECKS, unit_of_cycle),
    ("spot_checks.store", "POST"): Guard(Act.RECORD_SPOT_CHECKS, unit_of_cycle),
    ("spot_checks.show", "GET"): Guard(Act.VIEW_SPOT_CHECKS, place_of_spot_check),
    ("spot_checks.answer", "POST"): Guard(Act.ANSWER_SPOT_CHECKS, place_of_spot_check),
    ("spot_checks.count", "POST"): Guard(Act.COUNT_SPOT_CHECKS, place_of_spot_check),
    ("spot_checks.withdraw", "POST"): Guard(Act.RECORD_SPOT_CHECKS, place_of_spot_check),
    ("objections.index", "GET"): Guard(Act.VIEW_OBJECTIONS),
    ("objections.choose", "GET"): Guard(Act.RECORD_OBJECTIONS),
    ("objections.own", "GET"): Guard(Act.LODGE_OBJECTIONS, unit_of_cycle),
    ("objections.lodge", "POST"): Guard(Act.LODGE_OBJECTIONS, unit_of_cycle),
    ("objections.of_others", "GET"): Guard(Act.RECORD_OBJECTIONS, unit_of_cycle),
    ("objections.record", "POST"): Guard(Act.RECORD_OBJECTIONS, unit_of_cycle),
    ("objections.show", "GET"): Guard(Act.VIEW_OBJECTIONS, place_of_objection),
    ("objections.take_up", "POST"): Guard(Act.DECIDE_OBJECTIONS, place_of_objection),
    ("objections.weigh", "POST"): Guard(Act.DECIDE_OBJECTIONS, place_of_objection),
    ("objections.decide", "POST"): Guard(Act.DECIDE_OBJECTIONS, place_of_objection),
    ("objections.withdraw", "POST"): Guard(Act.VIEW_OBJECTIONS, place_of_objection),
    ("objections.see_objector", "POST"): Guard(Act.DECIDE_OBJECTIONS, place_of_objection),
    ("evidence.index", "GET"): Guard(Act.VIEW_EVIDENCE, unit_of_cycle),
    ("evidence.panel", "GET"): Guard(Act.VIEW_EVIDENCE, unit_of_cycle),
    ("evidence.upload", "POST"): Guard(Act.ADD_EVIDENCE, unit_of_cycle),
    ("evidence.remove", "POST"): Guard(Act.ADD_EVIDENCE, unit_of_cycle),
    ("evidence.open_file", "GET"): Guard(Act.VIEW_EVIDENCE, unit_of_cycle),
    ("evidence.thumbnail", "GET"): Guard(Act.VIEW_EVIDENCE, unit_of_cycle),
    ("evidence.download", "GET"): Guard(Act.VIEW_EVIDENCE, unit_of_cycle),
    ("scoring.returned_to_me", "GET"): Guard(Act.FILL_SCORES),
    ("verification.index", "GET"): Guard(Act.VIEW_TRIALS),
    ("verification.show", "GET"): Guard(Act.VIEW_TRIALS, cycle),
    ("verification.decide", "POST"): Guard(Act.VERIFY_SCORES, cycle),
    ("verification.look", "GET"): Guard(Act.VERIFY_SCORES, cycle),
    ("verification.confirm_all", "POST"): Guard(Act.VERIFY_SCORES, cycle),
    ("verification.look_back", "GET"): Guard(Act.VERIFY_SCORES, cycle),
    ("verification.return_all", "POST"): Guard(Act.VERIFY_SCORES, cycle),
    ("assessments.index", "GET"): Guard(Act.VIEW_ASSESSMENTS),
    ("assessments.show", "GET"): Guard(Act.VIEW_ASSESSMENTS, unit_of_cycle),
    ("assessments.part", "GET"): Guard(Act.VIEW_ASSESSMENTS, unit_of_cycle),
    ("assessments.history", "GET"): Guard(Act.VIEW_ASSESSMENTS, unit_of_cycle),
    ("assessments.history_file", "GET"): Guard(Act.VIEW_ASSESSMENTS, unit_of_cycle),
    ("assessments.save", "POST"): Guard(Act.ASSESS_SELF, unit_of_cycle),
    ("assessments.submit", "POST"): Guard(Act.ASSESS_SELF, unit_of_cycle),
    ("assessments.review", "GET"): Guard(Act.VIEW_SCORES, unit_of_cycle),
    ("assessments.decide", "POST"): Guard(Act.REVIEW_ASSESSMENTS, unit_of_cycle),
    ("exchange.index", "GET"): Guard(Act.VIEW_SCORES),
    ("exchange.workbook", "GET"): Guard(Act.VIEW_SCORES),
    ("exchange.upload", "POST"): Guard(Act.FILL_SCORES),
    ("exchange.table", "POST"): Guard(Act.FILL_SCORES),
    ("exchange.columns", "GET"): Guard(Act.FILL_SCORES),
    ("exchange.choose", "POST"): Guard(Act.FILL_SCORES),
    ("exchange.show", "GET"): Guard(Act.FILL_SCORES),
    ("exchange.confirm", "POST"): Guard(Act.FILL_SCORES),
    ("exchange.drop", "POST"): Guard(Act.FILL_SCORES),
    ("dashboards.index", "GET"): Guard(Act.VIEW_RATINGS),
    ("dashboards.show", "GET"): Guard(Act.VIEW_RATINGS, division),
    ("dashboards.papers", "GET"): Guard(Act.VIEW_RATINGS, division),
    ("dashboards.make_paper", "POST"): Guard(Act.VIEW_RATINGS, division),
    ("dashboards.yearbook_paper", "GET"): Guard(Act.VIEW_RATINGS, division),
    ("dashboards.brief_paper", "GET"): Guard(Act.VIEW_TRIALS, division),
    ("dashboards.make_brief", "POST"): Guard(Act.VIEW_TRIALS, division),
    ("dashboards.compare", "GET"): Guard(Act.VIEW_RATINGS),
    ("dashboards.units", "GET"): Guard(Act.VIEW_RATINGS, division),
    ("dashboards.unit", "GET"): Guard(Act.VIEW_RATINGS, place_of_unit),
    ("dashboards.unit_chart", "GET"): Guard(Act.VIEW_RATINGS, unit),
    ("dashboards.chart", "GET"): Guard(Act.VIEW_RATINGS, division),
    **{(name, method): Guard(act, place, hidden=True) for name, method, act, place in CONSEQUENCE_ROWS},
    **{(name, method): Guard(act, place, hidden=True) for name, method, act, place in PEOPLE_ROWS},
    ("public.index", "GET"): PUBLIC,
    ("public.year_list", "GET"): PUBLIC,
    ("public.year_csv", "GET"): PUBLIC,
    ("public.year_pdf", "GET"): PUBLIC,
    ("public.year_xlsx", "GET"): PUBLIC,
    ("public.list_text", "GET"): PUBLIC,
    ("public.edition", "GET"): PUBLIC,
    ("public.proof", "GET"): PUBLIC,
    ("public.verify", "GET"): PUBLIC,
    ("public.check", "POST"): PUBLIC,
    ("public.keys", "GET"): PUBLIC,
    ("public.keys_file", "GET"): PUBLIC,
    ("public.objection", "GET"): PUBLIC,
    ("public.objection_state", "POST"): PUBLIC,
    ("public.objecting_form", "GET"): PUBLIC,
    ("public.object_to", "POST"): PUBLIC,
    ("public.receipt", "GET"): PUBLIC,
    ("public.notices", "GET"): PUBLIC,
    ("public.notice", "GET"): PUBLIC,
    ("public.notice_paper_file", "GET"): PUBLIC,
    **{
        (f"api.{page}", "GET"): PUBLIC
        for page in ("index", "openapi", "years", "districts", "year_lists", "year_list", "unit", "edition")
    },
    **{(name, method): Guard(act, cycle) for name, method, act in PUBLICATION_ROWS},
    **{(f"styleguide.{page}", "GET"): PUBLIC for page in ("kit", "result", "public_list", "unit", "sign_in", "error")},
}
"""Every endpoint and method there is; HEAD is as GET. The style guide is registered in development only."""
