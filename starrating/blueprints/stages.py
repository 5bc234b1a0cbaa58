"""Which stage of a year every route that writes belongs to, in one place; one in neither table fails a test.

The services ask `services.years.windows.require_open` themselves; the deadline tests are generated from this table.
"""

from __future__ import annotations

from collections.abc import Mapping

from starrating.domain.windows import Stage

STAGES_OF: Mapping[str, tuple[Stage, ...]] = {
    "scoring.save_indicator": (Stage.SCORING,),
    "scoring.save_unit": (Stage.SCORING,),
    "scoring.grid_save": (Stage.SCORING,),
    "scoring.record": (Stage.EVENTS,),
    "scoring.withdraw": (Stage.EVENTS,),
    "evidence.upload": (Stage.SCORING, Stage.SELF_ASSESSMENT, Stage.EVENTS),
    "evidence.remove": (Stage.SCORING, Stage.SELF_ASSESSMENT),
    "spot_checks.store": (Stage.EVENTS,),
    "spot_checks.answer": (Stage.EVENTS,),
    "spot_checks.count": (Stage.EVENTS,),
    "spot_checks.withdraw": (Stage.EVENTS,),
    "assessments.save": (Stage.SELF_ASSESSMENT,),
    "assessments.submit": (Stage.SELF_ASSESSMENT,),
    "assessments.decide": (Stage.REVIEW,),
    "objections.lodge": (Stage.OBJECTION,),
    "public.object_to": (Stage.OBJECTION,),
    "exchange.confirm": (Stage.SCORING,),
    "verification.decide": (Stage.VERIFICATION,),
    "verification.confirm_all": (Stage.VERIFICATION,),
    "verification.return_all": (Stage.VERIFICATION,),
}
"""Endpoint → the stage whose window it is bound by; several where it depends on whose work it is."""

WITHOUT_WINDOW: frozenset[str] = frozenset({
    "accounts.begin", "accounts.sign_out", "accounts.store_password", "accounts.store", "accounts.grant",
    "accounts.revoke", "accounts.disable", "accounts.enable", "accounts.reset_password",
    "schemes.store", "schemes.replace", "schemes.assign", "schemes.step", "calendar.store",
    "calendar.ask", "calendar.decide", "calendar.withdraw",
    "dashboards.make_paper", "dashboards.make_brief",
    "scoring.put_aside", "scoring.grid_check", "exchange.upload", "exchange.table", "exchange.choose", "exchange.drop",
    "rating.try_out", "rating.confirm", "objections.record", "objections.take_up", "objections.weigh",
    "objections.decide", "objections.withdraw", "objections.see_objector", "calendar.enter_days",
    "calendar.take_back_day",
    "publication.open_notice", "publication.publish", "publication.propose", "publication.decide",
    "people.store", "people.hand_over", "people.hand_over_two",
    "people.end", "people.find", "people.amend_post", "people.amend_person",
    "people.upload_roster", "people.store_roster", "people.drop_roster", "people.merge",
    "people.store_numbers", "people.link_account", "people.see_clear", "people.ask_correction", "people.decide",
    "checks.open_in_post", "checks.add_items", "checks.retire_item", "checks.open_check", "checks.answer",
    "people.enter_election", "people.take_back_election", "people.put_forward", "people.check_candidates",
    "people.elect", "people.withdraw_candidate", "people.decide_proposed", "people.candidate_names",
    "checks.answer_election",
    "training.open_round", "training.withdraw_round", "training.missing_file", "training.hold_course",
    "training.amend_course", "training.cancel_course", "training.record", "training.list_file", "training.upload_list",
    "training.set_reserve_rule", "training.reserve_file", "training.nominate", "training.review_entry",
    "training.confirm_entry", "training.end_entry", "training.workers_file", "training.set_worker_places",
    "training.enter_worker", "training.amend_worker", "training.end_worker", "training.set_growth_path",
    "training.growth_file", "training.take_step", "training.take_back_step",
    "publication.withdraw", "publication.propose_correction", "publication.lift",
    "public.check", "public.objection_state",
    "consequences.open_missing", "consequences.move", "consequences.approve_many", "consequences.store_rates",
    "consequences.draft_sheet", "consequences.confirm_sheet", "consequences.draft_fund", "consequences.confirm_fund",
    "consequences.fund_workbook",
    "consequences.workbook", "consequences.pay_workbook", "consequences.sheet_workbook",
    "consequences.eligible_workbook", "consequences.honours_workbook", "consequences.funds_workbook",
})  # fmt: skip
"""Endpoints that write at any time, or are bound by the year's state alone."""
