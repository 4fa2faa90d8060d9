"""What is shown on the manager's page, and what is left out."""

from __future__ import annotations

import pytest

from xlcrm.rules.dashboard import KeyFigure, Moves, RouteLine, at_most, gaps_worth_closing, rfm_grid, route_lines
from xlcrm.settings import Settings
from xlcrm.tables import columns as c


def route(name: str, promoted: int, demoted: int) -> RouteLine:
    return RouteLine(name, "mon", promoted, 10, demoted, 2, 0.1)


def test_routes_that_moved_most_are_shown_and_the_sums_stay() -> None:
    lines = [route(str(number), number, 4) for number in range(1, 9)]
    shown = at_most(lines, 4)
    assert [line.route for line in shown] == ["1", "7", "8", ""]
    assert (shown[-1].routes, shown[-1].amount_change) == (5, None)
    for name in ("promoted", "kept", "demoted", "other"):
        assert sum(getattr(line, name) for line in shown) == sum(getattr(line, name) for line in lines)
    assert at_most(lines, 8) == lines


def test_a_route_line_adds_up_to_its_customers() -> None:
    row = {c.ROUTE: None, c.BATCH: None, c.CUSTOMERS: 28, c.AMOUNT_CHANGE: None} | {state: place for place, state in enumerate(c.STATES, 1)}
    (line,) = route_lines([row])
    assert line.promoted + line.kept + line.demoted + line.other == 28
    assert line.route is None


def test_key_figures_against_the_compared_quarter_and_the_goal() -> None:
    figure = KeyFigure(c.QUANTITY, 1100, 1000, 2200, ())
    assert (figure.change, figure.of_goal) == (pytest.approx(0.1), 0.5)
    assert KeyFigure(c.QUANTITY, 5, 0, None, ()).change is None
    assert KeyFigure(c.QUANTITY, None, 3, 9, ()).of_goal is None
    assert Moves(3, 5, None).net == -2


def gap(code: str, quantity: int, of: int, **more: object) -> dict[str, object]:
    line: dict[str, object] = {
        c.CUSTOMER_CODE: code, c.GRADE: "CS2", c.NEXT_GRADE: "CS1", c.GAP_QUANTITY: quantity, c.NEXT_MIN_QUANTITY: of, c.GAP_AMOUNT: 0,
        c.NEXT_MIN_AMOUNT: 100, c.CUSTOMER_NAME: f"Shop {code}", c.ROUTE: "1",
    }  # fmt: skip
    return {**line, **more}


def test_the_smallest_gaps_come_first_and_nothing_missing_is_no_gap() -> None:
    lines = [
        gap("4", 500, 1000), gap("3", 50, 1000), gap("2", 20, 1000), gap("1", 20, 1000, **{c.CUSTOMER_NAME: None}), gap("5", 0, 1000),
        gap("6", 10, 1000, **{c.NEXT_GRADE: None}),
    ]  # fmt: skip
    found = gaps_worth_closing(lines, Settings(), 5)
    assert [each.code for each in found] == ["1", "2", "3", "4"]
    assert [each.name for each in found[:2]] == ["1", "Shop 2"]
    assert len(gaps_worth_closing(lines, Settings(), 2)) == 2


def test_the_latest_and_most_frequent_stand_at_the_upper_right() -> None:
    grid = rfm_grid([(5, 5), (5, 5), (1, 2)])
    assert grid[0] == [0, 0, 0, 0, 2]
    assert grid[4] == [0, 1, 0, 0, 0]
    assert sum(map(sum, grid)) == 3
