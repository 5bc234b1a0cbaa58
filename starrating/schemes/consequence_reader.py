"""Consequences and the public notice as written → what follows for the leader, the team and the unit."""

from __future__ import annotations

from fractions import Fraction

from starrating.domain.figures import plain
from starrating.domain.inputs import decimal
from starrating.domain.scheme import Bearer, Consequence, Effect, Notice, Outcome, PayLine
from starrating.schemes.condition_reader import read_condition, read_subject
from starrating.schemes.fields import Field
from starrating.schemes.method_reader import read_points
from starrating.schemes.tree import Map

OUTCOMES = tuple(str(outcome) for outcome in Outcome)
MOST_DAYS, MOST_MONTHS = 3650, 36
OF_ADMONITION = ("period_months", "ballot", "failed")
NOTHING = Effect(Outcome.HONOUR, "")


def read_consequence(field: Field) -> Consequence:
    """One consequence; an effect that cannot be read is nothing."""
    needed = ("code", "for", "when", "effect")
    keys = field.keys((*needed, "name", "group"), needed)
    effect = keys.get("effect")
    return Consequence(
        code=keys.code(),
        name=keys.text("name") or keys.code(),
        bearer=keys.choice("for", Bearer.UNIT),
        when=read_condition(keys.get("when")),
        effect=NOTHING if effect is None else _read_effect(effect),
        group=keys.text("group") or None,
    )


def _read_effect(field: Field) -> Effect:
    keys = field.keys((*OUTCOMES, "within_days", *OF_ADMONITION))
    named = [key for key in keys if key in OUTCOMES]
    if len(named) != 1:
        if keys.field.path not in field.notes.unsound and not keys.strange:
            field.refuse("scheme.one_effect", allowed=tuple(OUTCOMES))
        return NOTHING
    outcome = Outcome(named[0])
    if outcome is not Outcome.MEASURE and "within_days" in keys:
        keys.fields["within_days"].refuse("scheme.misplaced_key", at=f"effect: {outcome}", allowed=named[0])
    what = _read_what(outcome, keys.fields[named[0]])
    for key in OF_ADMONITION:
        if key in keys and what != "admonition":
            keys.fields[key].refuse("scheme.misplaced_key", at=f"effect: {outcome}", allowed="measure: admonition")
    if what is None:
        return NOTHING
    return Effect(
        outcome, what, keys.whole("within_days", 0, MOST_DAYS), keys.whole("period_months", 1, MOST_MONTHS),
        keys.flag("ballot", False), keys.text("failed"),
    )  # fmt: skip


def _read_what(outcome: Outcome, field: Field) -> Fraction | PayLine | str | dict[str, str] | None:
    match outcome:
        case Outcome.PAY_COEFFICIENT:
            return _read_pay_line(field) if isinstance(field.node, Map) else field.number()
        case Outcome.FUND_SHARE:
            return _read_fund_share(field)
        case Outcome.AT_MOST:
            appraisal = field.keys(("appraisal",), ("appraisal",)).text("appraisal")
            return {"appraisal": appraisal} if appraisal else None
    return field.text()


def _read_pay_line(field: Field) -> PayLine | None:
    keys = field.keys(("of", "at", "times"), ("of", "at"))
    of = keys.get("of")
    named = of.text() if of is not None else None
    subject = read_subject(of, named) if of is not None and named is not None else None
    points = read_points(keys, "at")
    times = keys.number_or("times", 1)
    return None if subject is None else PayLine(subject, points, times)


def _read_fund_share(field: Field) -> Fraction | str | None:
    """A number or a percentage where it is one, else words."""
    scalar = field.scalar()
    if scalar is None:
        return None
    percent = scalar.text.endswith("%")
    number = decimal(scalar.text.removesuffix("%")) if scalar.plain or percent else None
    if number is None:
        return scalar.text
    field.notes.written[field.path] = f'"{plain(number)}%"' if percent else plain(number)
    return Fraction(number, 100) if percent else number


def read_notice(field: Field | None) -> Notice:
    """How the public notice is given."""
    if field is None:
        return Notice()
    keys = field.keys(("days", "working_days", "show_scores"))
    return Notice(
        days=keys.whole_or("days", 5, 1, MOST_DAYS),
        working_days=keys.flag("working_days", True),
        show_scores=keys.flag("show_scores", True),
    )
