"""Laws that hold for every input."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.handmade import AS_OF, BEFORE, NOW, by, codes, customers, grades, purchases, routes, table
from xlcrm.rules.comparison import Comparison, compare
from xlcrm.settings import Settings
from xlcrm.tables import columns as c

CODES = ["001", "002", "003", "004", "005", "006", "007", "100000000000000001", "100000000000000002"]
code = st.sampled_from(CODES)
grade = st.sampled_from(["CS1", "CS2", "CS3", "CB1", "CB2", "CZ1", "CZ12", "CZ13", "CZ2", None, "??"])
figure = st.one_of(st.none(), st.integers(-5, 20).map(float), st.sampled_from([0.001, 1234.56]))
tables = st.fixed_dictionaries(
    {
        # Routes 1 to 5 are in the Routes table, with a batch each.
        "customers": st.dictionaries(code, st.sampled_from(["1", "2", "3", "4", "5", None])).map(customers),
        "routes": st.just(routes()),
        "grades": st.tuples(st.dictionaries(code, grade), st.dictionaries(code, grade)).map(lambda held: grades((BEFORE, held[0]), (NOW, held[1]))),
        "purchases": st.tuples(*[st.dictionaries(code, st.tuples(figure, figure))] * 2).map(lambda both: purchases((BEFORE, both[0]), (NOW, both[1]))),
        "follow_ups": st.just(table("follow_ups", [])),
    }
)  # fmt: skip
law = settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
Tables = dict[str, pl.DataFrame]


def found(data: Tables, current: str = NOW, previous: str = BEFORE) -> Comparison:
    return compare(**data, settings=Settings(), current=current, previous=previous, as_of=AS_OF)


@law
@given(tables)
def test_every_customer_of_either_quarter_has_exactly_one_state(data: Tables) -> None:
    result = found(data)
    assert by(result.changes).keys() == by(result.visit_lines).keys()
    held = data["grades"].filter((data["grades"][c.GRADE] != "??").fill_null(False))
    assert set(by(result.changes)) == {*data["customers"][c.CUSTOMER_CODE], *held[c.CUSTOMER_CODE]}
    assert set(result.changes[c.STATE]) <= set(c.STATES)
    states = by(result.changes)
    for quarter, empty in ((NOW, {c.LOST, c.UNGRADED}), (BEFORE, {c.NEW, c.UNGRADED})):
        graded = set(held.filter(held[c.QUARTER] == quarter)[c.CUSTOMER_CODE])
        assert {who for who, row in states.items() if row[c.STATE] not in empty} == graded


@law
@given(tables)
def test_the_states_add_up_on_every_route_and_in_total(data: Tables) -> None:
    result = found(data)
    rows = result.reconciliation
    assert rows["ok"].all()
    assert rows["sum"].sum() == rows[c.CUSTOMERS].sum() == result.changes.height == result.route_summary[c.CUSTOMERS].sum()
    for state in c.STATES:
        assert rows[state].sum() == (result.changes[c.STATE] == state).sum()
    bought = data["purchases"].filter(data["purchases"][c.QUARTER] == NOW).join(result.changes, on=c.CUSTOMER_CODE, how="semi")
    for measure in (c.QUANTITY, c.AMOUNT):
        assert result.route_summary[measure].sum() == bought[measure].sum()


@law
@given(tables)
def test_the_statistics_count_every_graded_customer_once(data: Tables) -> None:
    # Everybody on a route, so everybody in a batch.
    everybody = pl.concat([data["customers"][c.CUSTOMER_CODE], data["grades"][c.CUSTOMER_CODE]]).unique().sort()
    data = {**data, "customers": customers({who: str(place % 5 + 1) for place, who in enumerate(everybody)})}
    result = found(data)
    rows = result.statistics
    for state in (c.UP, c.KEPT, c.DOWN):
        assert (
            rows.select(pl.sum_horizontal(f"{day}_{state}" for day in Settings().batches)).to_series().to_list()
            == rows[f"total_{state}"].to_list()
        )
        assert rows[f"total_{state}"].sum() == (result.changes[c.STATE] == state).sum()
    counted = rows.select(pl.sum_horizontal("total_up", "total_kept", "total_down", c.NEW, c.TYPE_CHANGED)).to_series()
    held = result.changes.group_by(c.GRADE).len()
    assert dict(zip(rows[c.GRADE], counted, strict=True)) == {grade: count for grade, count in held.rows() if grade is not None}


@law
@given(tables)
def test_a_minimum_is_at_most_every_holders_figure_and_attained_by_those_it_names(data: Tables) -> None:
    result = found(data)
    lines = by(result.visit_lines)
    for row in result.minimums.iter_rows(named=True):
        held = [line for line in lines.values() if line[c.GRADE] == row[c.GRADE]]
        assert len(held) == row[c.CUSTOMERS]
        for measure, minimum, holders in ((c.QUANTITY, c.MIN_QUANTITY, c.QUANTITY_HOLDERS), (c.AMOUNT, c.MIN_AMOUNT, c.AMOUNT_HOLDERS)):
            figures = {line[c.CUSTOMER_CODE]: line[measure] for line in held if line[measure] is not None}
            assert row[minimum] == min(figures.values(), default=None)
            assert row[holders] == ",".join(sorted(who for who, value in figures.items() if value == row[minimum]))


@law
@given(tables)
def test_a_gap_is_never_negative_and_closing_it_reaches_the_minimum(data: Tables) -> None:
    for line in found(data).visit_lines.iter_rows(named=True):
        for own, gap, minimum, cushion in (
            (c.QUANTITY, c.GAP_QUANTITY, c.NEXT_MIN_QUANTITY, c.CUSHION_QUANTITY), (c.AMOUNT, c.GAP_AMOUNT, c.NEXT_MIN_AMOUNT, c.CUSHION_AMOUNT),
        ):  # fmt: skip
            assert (line[gap] is None) == (line[minimum] is None)
            if line[gap] is not None:
                assert line[gap] >= 0
                assert (line[own] or 0) + line[gap] >= line[minimum]
                assert line[gap] == 0 or (line[own] or 0) + line[gap] == line[minimum]
            assert line[cushion] is None or line[cushion] >= 0


@law
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(data: Tables, chance: Any) -> None:
    shuffled = {name: frame[chance.sample(range(frame.height), frame.height)] for name, frame in data.items()}
    one, other = found(data), found(shuffled)
    for name in ("changes", "statistics", "minimums", "gaps", "route_summary", "reconciliation", "visit_lines"):
        assert getattr(one, name).equals(getattr(other, name)), name
    assert one.problems == other.problems


@law
@given(tables)
def test_a_quarter_against_itself_has_only_kept_and_ungraded(data: Tables) -> None:
    result = found(data, NOW, NOW)
    assert set(result.changes[c.STATE]) <= {c.KEPT, c.UNGRADED}
    assert all(line[c.CHANGE] in (None, 0.0) for line in result.visit_lines.iter_rows(named=True))
    assert "repeated_key" not in codes(result.problems)
