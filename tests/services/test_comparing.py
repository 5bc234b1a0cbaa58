"""Two runs compared: the inputs of a run made again from the history, whose entry it was, who was moved by others."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from starrating.domain.methods import Missing
from starrating.queries.between import since
from starrating.queries.cycles import schemes_of
from starrating.queries.inputs import known_of
from starrating.queries.ratings import determination
from starrating.queries.stands import what_stands
from starrating.services.clock import now
from starrating.services.rating.comparing import Lack
from starrating.services.rating.events import record_event, withdraw_event
from starrating.services.rating.explaining import rating_of, scheme_of
from starrating.services.years.scheme_texts import read_kept
from tests.services import district
from tests.services.compared_year import Year, loaded, scored, swapping, the_one, would_move
from tests.services.test_scores import who

__all__ = ["loaded", "scored"]


@pytest.fixture(autouse=True)
def in_use(app: Any, loaded: Year) -> Iterator[None]:
    """The application in use, as the services are called."""
    with app.app_context():
        yield


def test_the_inputs_of_every_run_are_made_again_from_the_history(scored: Year) -> None:
    """Whatever was entered, emptied, recorded and withdrawn since: same digest, same rows, for every run."""
    from starrating.extensions import db

    draw, wang, events = random.Random(20241122), who(scored.people, "wang"), list[tuple[int, int]]()
    cells = scored.cells()
    units = sorted({unit for unit, _, _ in cells})
    runs = [scored.run()]
    for _ in range(5):
        for unit, header, _value in draw.sample(cells, 9):
            others = [value for _, same, value in cells if same == header]
            scored.write(unit, header, "value", draw.choice(others))
        unit = draw.choice(units)
        scored.later()
        events.append((unit, record_event(scored.id, unit, "accident", draw.randint(1, 3), f"第{len(events)}次", wang)))
        if len(events) % 2 == 0:
            withdraw_event(scored.id, *events.pop(draw.randrange(len(events))), "查无此事", wang)
        runs.append(scored.run())
    scheme = read_kept(schemes_of(scored.id)["village"].text).scheme
    assert len({run.input_digest for run in runs}) == len(runs)
    for run in runs:
        stands, happened = what_stands([scored.row], "village")[scored.row.id], since(scored.id, "village", run.at)
        supposed = happened.supposed_at(run.at)
        assert supposed is not None
        assert known_of(stands, scheme, supposed, run.at).digest == run.input_digest
        found = scored.compared(run, runs[-1])
        assert (found.first.lack, found.second.lack) == (Lack.NOTHING, Lack.NOTHING)
        for side in (found.first, found.second):
            assert side.rating is not None
            assert side.known is not None
            assert side.run is not None
            stored = scored.given(side.run)
            levels = [scheme.levels[index].code if index >= 0 else "" for index in side.rating.level.tolist()]
            assert [stored[unit].level for unit in side.known.unit_ids] == levels
            assert [stored[unit].rank for unit in side.known.unit_ids] == side.rating.rank.tolist()
    db.session.rollback()


def test_one_entry_is_named_as_the_cause_and_those_it_moved_name_it(scored: Year) -> None:
    first = scored.run()
    unit, header, value = swapping(scored, first)
    moved = would_move(scored, unit, header, value)
    scored.write(unit, header, "value", value, "核对了台账")
    second = scored.run()
    found = scored.compared(first, second)
    own = the_one(found, unit)
    (cause,) = own.why.causes
    assert [(one.header, one.entry.value, one.reason, one.by) for one in cause.entries] == [
        (header, value, "核对了台账", "李敏")
    ]
    assert (cause.alone, own.why.pushed, own.moved) == (True, None, True)
    (points,) = cause.points
    assert points.before != points.after
    assert {one.unit.id for one in found.units if one.moved} == moved
    assert (found.tried, found.could) == (1, 1)
    for other in moved - {unit}:
        pushed = the_one(found, other).why.pushed
        assert pushed is not None
        assert [(found.ids[row], one.code) for row, one in pushed.by] == [(unit, cause.code)]
        assert unit in {found.ids[row] for row in (*pushed.took, *pushed.passed)}
        assert not the_one(found, other).why.causes


def test_a_value_changed_and_changed_back_is_no_cause(scored: Year) -> None:
    first = scored.run()
    unit, header, value = scored.cells()[0]
    other = next(text for _, same, text in scored.cells() if same == header and text != value)
    scored.write(unit, header, "value", other)
    scored.write(unit, header, "value", value)
    found = scored.compared(first, None)
    assert found.second.lack is Lack.NOTHING
    assert not any(one.otherwise for one in found.units)


def test_a_veto_recorded_and_lifted_is_told_with_who_and_why(scored: Year) -> None:
    wang = who(scored.people, "wang")
    first = scored.run()
    best = min(scored.given(first).items(), key=lambda one: one[1].rank or 99)[0]
    scored.later()
    event = record_event(scored.id, best, "accident", 1, "通报第5号", wang)
    second = scored.run()
    down = the_one(scored.compared(first, second), best)
    (cause,) = down.why.causes
    assert (cause.about, cause.code, cause.alone, cause.words) == ("event", "flag.accident", True, ("0", "1"))
    assert [(one.reason, one.withdrawn_at) for one in cause.events] == [("通报第5号", None)]
    scored.later()
    withdraw_event(scored.id, best, event, "不是本村", wang)
    up = the_one(scored.compared(second, None), best)
    (cause,) = up.why.causes
    assert (cause.words, [one.withdrawn_reason for one in cause.events]) == (("1", "0"), ["不是本村"])
    whole = scored.compared(first, None)
    assert not any(one.otherwise for one in whole.units)


def test_what_cannot_be_made_again_is_said_and_not_guessed(loaded: Year) -> None:
    """A value that was loaded without a history and overwritten: the entry is listed, no points are given."""
    first = loaded.run()
    unit, header, value = loaded.cells()[0]
    other = next(text for _, same, text in loaded.cells() if same == header and text != value)
    loaded.write(unit, header, "value", other)
    second = loaded.run()
    found = loaded.compared(first, second)
    assert (found.first.lack, found.first.rating, found.second.lack) == (Lack.VALUES, None, Lack.NOTHING)
    (cause,) = the_one(found, unit).why.causes
    assert [(one.before, one.entry.value) for one in cause.entries] == [(None, other)]
    assert (cause.points, found.tried) == ((), 0)
    assert {one.unit.id: one.before for one in found.units} == loaded.given(first)


def test_posts_that_are_otherwise_now_are_told_as_what_they_are(scored: Year) -> None:
    """The run has kept what it knew of leaders: it is made again exactly, the post is named as what is otherwise."""
    from starrating.models.people import Post
    from starrating.services.transaction import transaction

    first = scored.run()
    with transaction() as session:
        session.execute(update(Post).where(Post.kind == "secretary").values(begins_on=now().date()))
    found = scored.compared(first, None)
    assert (found.first.lack, found.second.lack) == (Lack.NOTHING, Lack.NOTHING)
    assert found.first.known is not None
    assert found.first.known.digest == first.input_digest
    for one in found.units:
        assert {cause.code for cause in one.why.causes} == {"leader.months"}


def test_units_that_are_otherwise_now_are_said(scored: Year) -> None:
    from starrating.models.divisions import Unit
    from starrating.services.transaction import transaction

    first = scored.run()
    with transaction() as session:
        gone = min(unit for unit, _, _ in scored.cells())
        session.execute(update(Unit).where(Unit.id == gone).values(rated=False))
    found = scored.compared(first, None)
    assert (found.first.lack, found.second.lack) == (Lack.FACTS, Lack.NOTHING)


def test_what_cannot_be_rated_now_is_compared_entry_by_entry(scored: Year) -> None:
    first = scored.run()
    unit, header, _value = next(one for one in scored.cells() if one[1] in needed())
    scored.write(unit, header, "blank", "")
    found = scored.compared(first, None)
    assert (found.first.lack, found.second.lack, found.second.rating) == (Lack.NOTHING, Lack.REFUSED, None)
    (cause,) = the_one(found, unit).why.causes
    assert (cause.headers, cause.points, cause.alone) == (frozenset({header}), (), None)


def needed() -> set[str]:
    """The headers without which a village cannot be rated: the only ones of leaves that refuse a blank."""
    scheme = district.read_demo(district.SCHEMES["village"], 2024).scheme
    columns = [node.leaf.columns(node.code) for node in scheme.leaves()
               if node.leaf is not None and node.leaf.missing is Missing.REJECT]  # fmt: skip
    return {own[0] for own in columns if len(own) == 1}


def test_another_scheme_since_is_said_with_who_put_it_in_place(scored: Year) -> None:
    """The stored results are compared as they are, the points are those of the second scheme; the first run keeps its
    own, so that whoever the rules alone moved is told apart, and it can still be explained."""
    from starrating.services.years.cycles import replace_scheme

    first = scored.run()
    wang = scored.people["wang"]
    for step in ("return_to_scoring", "return_to_draft"):
        district.step(scored.id, step, wang, "办法要改")
    scored.later()
    text = schemes_of(scored.id)["village"].text
    assert '"quota":"10%"' in text
    replace_scheme(
        scored.id, "village", read_kept(text.replace('"quota":"10%"', '"quota":"20%"')), scored.row.version, wang
    )
    for step in ("open_scoring", "close_scoring"):
        district.step(scored.id, step, wang)
    second = scored.run()
    found = scored.compared(first, second)
    assert (found.first.lack, found.second.lack) == (Lack.SCHEME, Lack.NOTHING)
    assert [one.by for one in found.schemes] == ["王海燕"]
    assert any(one.moved for one in found.units)
    assert {one.unit.id: one.before for one in found.units} == scored.given(first)
    after = scored.given(second)
    for one in found.units:
        pair = (scored.given(first)[one.unit.id].level, after[one.unit.id].level)
        assert (one.rules is not None) == (pair[0] != pair[1]), "nothing but the rules changed"
        assert one.rules is None or (one.rules.before, one.rules.after) == pair
    with scored.app.app_context():
        run = determination(first.id)
        assert run is not None
        rating, own = rating_of(run), scheme_of(first.id)
        assert rating is not None
        assert own is not None
        assert own == rating.scheme == found.first.own != found.scheme
        codes, known = [level.code for level in own.levels], found.first.known
        assert known is not None
        assert [codes[level] if level >= 0 else "" for level in rating.level.tolist()] == [
            scored.given(first)[unit].level for unit in known.unit_ids
        ]
    older = scored.compared(first, first)
    assert (older.first.lack, older.scheme) == (Lack.NOTHING, own), "by the rules of the second of the two"
