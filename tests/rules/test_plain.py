"""On any input the rules give what the plain ones give; and laws that hold whatever the input: grading.md, sections 3 to 7."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules import plain
from tests.rules.handmade import BEFORE, NOW, by, compared, grades, purchase, routes, table
from xlcrm.rules.comparison import Comparison
from xlcrm.tables import columns as c

GRADE = st.one_of(
    st.none(),
    st.builds("".join, st.tuples(st.sampled_from(["CS", "CZ"]), st.sampled_from("123"), st.sampled_from(["", "", "1", "2", "3"]))),
)
FIGURE = st.one_of(st.none(), st.integers(-30, 400))
BUYING = st.lists(st.tuples(st.sampled_from([NOW, NOW, BEFORE]), FIGURE, FIGURE), max_size=3)
CUSTOMER = st.tuples(GRADE, GRADE, st.sampled_from([None, "1", "2", "6", "10", "Harbour"]), BUYING)
CASES = st.lists(CUSTOMER, max_size=14)
BATCH = {"1": "mon", "2": "tue", "6": "mon", "10": "fri", "Harbour": None, None: None}
QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Case = list[tuple[str | None, str | None, str | None, list[tuple[str, int | None, int | None]]]]


def run(case: Case, shuffled: random.Random | None = None, **options: Any) -> Comparison:
    coded = {f"{number:03d}": customer for number, customer in enumerate(case)}
    rows = [purchase(code, *bought) for code, (*_, buying) in coded.items() for bought in buying]
    places = [(code, route) for code, (_, _, route, _) in coded.items()]
    graded = grades(
        (BEFORE, {code: before for code, (_, before, *_) in coded.items() if before}),
        (NOW, {code: now for code, (now, *_) in coded.items() if now}),
    )
    if shuffled:
        shuffled.shuffle(rows)
        shuffled.shuffle(places)
        graded = graded.sample(fraction=1, shuffle=True, seed=shuffled.randrange(1000))
    routes_table = routes(*({c.ROUTE: number} for number in ("1", "2", "6", "10", "Harbour")))
    return compared(on_routes=places, grades_table=graded, purchases_table=table("purchases", rows), routes_table=routes_table, **options)


def held(case: Case, which: int) -> dict[str, str]:
    return {f"{number:03d}": grade for number, customer in enumerate(case) if (grade := customer[which]) is not None}


def totals(case: Case) -> dict[str, tuple[int | None, int | None]]:
    found = {}
    for number, (*_, buying) in enumerate(case):
        rows = [(quantity, amount) for quarter, quantity, amount in buying if quarter == NOW]
        if rows:
            quantities, amounts = ([value for value in values if value is not None] for values in zip(*rows, strict=True))
            found[f"{number:03d}"] = (sum(quantities) * 1000 if quantities else None, sum(amounts) * 100 if amounts else None)
    return found


@QUICK
@given(CASES)
def test_states_and_what_is_shown(case: Case) -> None:
    found = by(run(case).changes)
    assert set(found) == {f"{number:03d}" for number in range(len(case))}
    for number, (now, before, route, _) in enumerate(case):
        row = found[f"{number:03d}"]
        assert (row[c.STATE], row[c.SHOWN], row[c.ROUTE], row[c.BATCH]) == (
            plain.state(now, before),
            plain.shown(now, before),
            route,
            BATCH[route],
        )


@QUICK
@given(CASES)
def test_statistics(case: Case) -> None:
    batch = {f"{number:03d}": BATCH[route] for number, (_, _, route, _) in enumerate(case)}
    found = by(run(case).statistics, c.GRADE)
    names = (c.BUSINESS_TYPE, c.SIZE, c.GRADE)
    assert {
        grade: {name: count for name, count in row.items() if name not in names and count} for grade, row in found.items()
    } == plain.statistics(held(case, 0), held(case, 1), batch)
    assert list(found) == sorted(found, key=plain.parts)


@QUICK
@given(CASES)
def test_minimums_and_gaps(case: Case) -> None:
    result = run(case)
    own, bought = held(case, 0), totals(case)
    minimums = {grade: (row[c.CUSTOMERS], row[c.MIN_QUANTITY], row[c.MIN_AMOUNT]) for grade, row in by(result.minimums, c.GRADE).items()}
    assert minimums == plain.minimums(own, bought)
    columns = (c.NEXT_GRADE, c.GAP_QUANTITY, c.GAP_AMOUNT, c.CUSHION_QUANTITY, c.CUSHION_AMOUNT)
    assert {code: tuple(row[name] for name in columns) for code, row in by(result.gaps).items()} == plain.gaps(own, bought)


@QUICK
@given(CASES)
def test_a_minimum_is_held_by_its_holders_and_undercut_by_nobody_and_the_gap_leads_to_it(case: Case) -> None:
    result = run(case)
    own, bought = held(case, 0), totals(case)
    minimums = by(result.minimums, c.GRADE)
    for grade, row in minimums.items():
        for place, (minimum, holders) in enumerate(((c.MIN_QUANTITY, c.QUANTITY_HOLDERS), (c.MIN_AMOUNT, c.AMOUNT_HOLDERS))):
            figures = {
                code: bought[code][place] for code in own if own[code] == grade and code in bought and bought[code][place] is not None
            }
            assert all(value >= row[minimum] for value in figures.values())
            assert [code for code in row[holders].split(",") if code] == sorted(
                code for code, value in figures.items() if value == row[minimum]
            )
    for code, row in by(result.gaps).items():
        quantity, amount = bought.get(code, (None, None))
        for gap, minimum, value in ((c.GAP_QUANTITY, c.MIN_QUANTITY, quantity), (c.GAP_AMOUNT, c.MIN_AMOUNT, amount)):
            if row[gap] is not None:
                assert row[gap] >= 0
                assert (value or 0) + row[gap] >= minimums[row[c.NEXT_GRADE]][minimum]
        assert all(row[cushion] is None or row[cushion] >= 0 for cushion in (c.CUSHION_QUANTITY, c.CUSHION_AMOUNT))


@QUICK
@given(CASES)
def test_everything_adds_up(case: Case) -> None:
    result = run(case)
    assert result.reconciliation["ok"].all()
    assert result.reconciliation["sum"].sum() == len(case) == result.route_summary[c.CUSTOMERS].sum() == result.visit_lines.height
    assert {row[c.ROUTE]: row[c.CUSTOMERS] for row in result.route_summary.iter_rows(named=True)} == dict(
        Counter(route for _, _, route, _ in case)
    )
    for row in result.route_summary.iter_rows(named=True):
        assert sum(row[state] for state in c.STATES) == row[c.CUSTOMERS]
    sums = [sum(value for pair in totals(case).values() if (value := pair[place]) is not None) for place in (0, 1)]
    assert [result.route_summary[name].sum() for name in (c.QUANTITY, c.AMOUNT)] == sums
    states = Counter(result.changes[c.STATE].to_list())
    statistics = result.statistics
    assert {name: statistics[column].sum() for name, column in ((c.UP, "total_up"), (c.KEPT, "total_kept"), (c.DOWN, "total_down"))} == {
        name: states[name] for name in (c.UP, c.KEPT, c.DOWN)
    }
    assert (statistics[c.NEW].sum(), statistics[c.TYPE_CHANGED].sum()) == (states[c.NEW], states[c.TYPE_CHANGED])


@QUICK
@given(
    CASES.map(lambda case: [(now, before, route if route != "Harbour" else "1", buying) for now, before, route, buying in case if route])
)
def test_totals_are_the_sum_of_the_batches_where_every_route_has_one(case: Case) -> None:
    statistics = run(case).statistics
    for state in (c.UP, c.KEPT, c.DOWN):
        batches = statistics.select(pl.sum_horizontal(f"{day}_{state}" for day in ("mon", "tue", "wed", "thu", "fri")).alias("sum"))
        assert batches["sum"].to_list() == statistics[f"total_{state}"].to_list()


@QUICK
@given(CASES, st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing(case: Case, shuffled: random.Random) -> None:
    one, other = run(case), run(case, shuffled)
    for name in ("changes", "statistics", "minimums", "gaps", "route_summary", "reconciliation"):
        assert getattr(one, name).equals(getattr(other, name)), name
    # A problem names its first few customers in the order of the visits, which is another where the customers stand otherwise.
    problems, others = (sorted((problem.code, str(problem.details.get("count"))) for problem in result.problems) for result in (one, other))
    assert problems == others


@QUICK
@given(CASES)
def test_a_quarter_against_itself_keeps_every_grade(case: Case) -> None:
    result = run(case, current=NOW, previous=NOW)
    assert {row[c.STATE] for row in result.changes.iter_rows(named=True)} <= {c.KEPT, c.UNGRADED}
    assert not [row for row in result.visit_lines.iter_rows(named=True) if row[c.CHANGE] not in (None, 0.0)]


@QUICK
@given(CASES)
def test_looking_the_other_way_turns_up_into_down_and_new_into_lost(case: Case) -> None:
    turned = {c.UP: c.DOWN, c.DOWN: c.UP, c.NEW: c.LOST, c.LOST: c.NEW}
    there, back = (by(run(case, current=one, previous=other).changes) for one, other in ((NOW, BEFORE), (BEFORE, NOW)))
    # A customer of neither table is one of neither direction, so both know the same customers.
    assert {code: turned.get(row[c.STATE], row[c.STATE]) for code, row in there.items()} == {
        code: row[c.STATE] for code, row in back.items()
    }


def test_a_graded_customer_that_customers_does_not_hold_has_a_state_on_no_route() -> None:
    result = compared({"1": "CS1", "9": "CS2"}, {"1": "CS1", "8": "CS3"}, on_routes={"1": "1"})
    found = by(result.changes)
    assert [(found[code][c.STATE], found[code][c.ROUTE]) for code in ("8", "9")] == [(c.LOST, None), (c.NEW, None)]
    assert by(result.reconciliation, c.ROUTE)[None]["sum"] == 2
