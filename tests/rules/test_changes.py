"""Codes and states: grading.md, sections 2 and 3."""

from __future__ import annotations

import polars as pl
import pytest

from tests.rules.handmade import BEFORE, NOW, by, compared, customers, grades
from xlcrm.rules.changes import grade_changes
from xlcrm.rules.frames import collected
from xlcrm.rules.grades import graded
from xlcrm.settings import GradeGrammar, Settings
from xlcrm.tables import columns as c

TYPED_LETTERS = GradeGrammar(business_types=("A", "B", "C"), sizes=("1", "2"), sub_levels=())
LETTERS_WITH_LEVELS = GradeGrammar(typed=False, sizes=("A", "B", "C"), sub_levels=("1", "2"))
PLAIN_LETTERS = GradeGrammar(typed=False, sizes=("A", "B", "C"), sub_levels=())
TEN_SIZES = GradeGrammar(sizes=tuple(str(size) for size in range(1, 11)), sub_levels=())


def state(before: str | None, now: str | None, grammar: GradeGrammar | None = None) -> tuple[str, str]:
    held = graded(grades((BEFORE, {"1": before}), (NOW, {"1": now})), grammar or GradeGrammar())
    (row,) = collected(grade_changes(customers({"1": "1"}), held, NOW, BEFORE)).to_native().iter_rows(named=True)
    return row[c.STATE], row[c.SHOWN]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("CS2", "CS1", ("up", "CS1↑")),
        ("CS1", "CS1", ("kept", "CS1")),
        ("CS1", "CS2", ("down", "CS2↓")),
        ("CS1", "CS3", ("down", "CS3↓")),
        (None, "CS2", ("new", "CS2○")),
        ("CS1", "CB1", ("type_changed", "CB1≠")),
        ("CS1", "CB3", ("type_changed", "CB3≠")),
        ("CS1", None, ("lost", "CS1×")),
        (None, None, ("ungraded", "–?")),
    ],
)  # fmt: skip
def test_each_state_and_how_it_is_shown(before: str | None, now: str | None, expected: tuple[str, str]) -> None:
    assert state(before, now) == expected


@pytest.mark.parametrize(
    ("grammar", "before", "now", "expected"),
    [
        (None, "CZ11", "CZ12", "down"),  # sub-levels count where both sides have one
        (None, "CZ13", "CZ12", "up"),
        (None, "CZ12", "CZ12", "kept"),
        (None, "CZ1", "CZ12", "kept"),  # the size is the same, and CZ1 says nothing of a sub-level
        (None, "CZ12", "CZ1", "kept"),
        (None, "CZ13", "CZ21", "down"),
        (None, "CZ21", "CZ1", "up"),
        (TYPED_LETTERS, "A2", "A1", "up"),
        (TYPED_LETTERS, "A1", "B1", "type_changed"),
        (LETTERS_WITH_LEVELS, "A2", "B1", "down"),
        (LETTERS_WITH_LEVELS, "C2", "C1", "up"),
        (LETTERS_WITH_LEVELS, "B1", "B1", "kept"),
        (PLAIN_LETTERS, "B", "A", "up"),
        (PLAIN_LETTERS, "A", "C", "down"),
        (PLAIN_LETTERS, "C", "C", "kept"),
        (TEN_SIZES, "CS10", "CS2", "up"),  # by the list of sizes, not by the last character or as text
        (TEN_SIZES, "CS9", "CS10", "down"),
    ],
)  # fmt: skip
def test_sub_levels_and_other_grammars(grammar: GradeGrammar | None, before: str, now: str, expected: str) -> None:
    assert state(before, now, grammar)[0] == expected


@pytest.mark.parametrize("written", ["CS3 ", " cs3", "ＣＳ３", "CS３"])
def test_codes_compare_after_nfkc_trim_and_upper_case(written: str) -> None:
    assert state("CS3", written) == ("kept", "CS3")


@pytest.mark.parametrize("written", ["CS4", "3", "CS", "CS1x", "C-S1", ""])
def test_a_code_outside_the_grammar_is_no_grade(written: str) -> None:
    assert state("CS1", written)[0] == "lost"


def test_any_two_quarters_compare() -> None:
    held = grades(("2016Q4", {"1": "CS3"}), ("2017Q1", {"1": "CS1"}), ("2017Q2", {"1": "CS2"}))
    for previous, expected in (("2016Q4", "up"), ("2017Q1", "down"), ("2017Q2", "kept")):
        changes = compared(on_routes={"1": "1"}, grades_table=held, previous=previous).changes
        assert changes.get_column(c.STATE).to_list() == [expected]


def test_no_grades_at_all_leave_everybody_ungraded() -> None:
    found = compared(on_routes={"1": "1", "2": "2"})
    assert found.changes.get_column(c.STATE).to_list() == ["ungraded", "ungraded"]
    assert [frame.height for frame in (found.statistics, found.minimums, found.gaps)] == [0, 0, 0]


def test_no_customers_at_all() -> None:
    found = compared(on_routes={})
    assert [frame.height for frame in (found.changes, found.reconciliation, found.visit_lines)] == [0, 0, 0]


def test_a_graded_code_that_customers_does_not_hold_counts_on_no_route() -> None:
    found = compared({"1": "CS1", "9": "CS2"}, {"1": "CS1", "8": "CS2"}, on_routes={"1": "1"})
    changes = by(found.changes)
    assert {code: (row[c.ROUTE], row[c.STATE]) for code, row in changes.items()} == {
        "1": ("1", "kept"),
        "9": (None, "new"),
        "8": (None, "lost"),
    }
    assert [problem.value for problem in found.problems if problem.code == "graded_without_customer"] == ["8", "9"]
    assert by(found.reconciliation, c.ROUTE)[None][c.CUSTOMERS] == 2


def test_the_states_add_up_to_the_customers_on_every_route_and_in_total() -> None:
    now = {"1": "CS1", "2": "CS2", "3": "CB1", "4": "CS3", "5": "CS3"}
    before = {"1": "CS2", "2": "CS2", "3": "CS1", "5": "CS2", "6": "CS1"}
    found = compared(now, before, on_routes={code: "1" if code < "4" else "2" for code in ("1", "2", "3", "4", "5", "6", "7")})
    rows = by(found.reconciliation, c.ROUTE)
    assert [rows["1"][state] for state in c.STATES] == [1, 1, 0, 0, 1, 0, 0]
    assert [rows["2"][state] for state in c.STATES] == [0, 0, 1, 1, 0, 1, 1]
    assert [(row[c.CUSTOMERS], row["sum"], row["ok"]) for row in rows.values()] == [(3, 3, True), (4, 4, True)]


def test_two_grades_of_one_customer_in_one_quarter_count_once_and_are_named() -> None:
    rows = [("1", NOW, "CS2"), ("1", NOW, "CS1"), ("1", BEFORE, "CS2")]
    held = pl.DataFrame(rows, schema=[c.CUSTOMER_CODE, c.QUARTER, c.GRADE], orient="row")
    for table in (held, held.reverse()):
        found = compared(on_routes={"1": "1"}, grades_table=table)
        assert found.changes.get_column(c.SHOWN).to_list() == ["CS1↑"]
        assert [(problem.code, problem.value, problem.sheet) for problem in found.problems if problem.code == "repeated_key"] == [
            ("repeated_key", "1 2017Q2", "Grades")
        ]


def test_the_grammar_is_a_setting() -> None:
    found = compared({"1": "A"}, {"1": "B"}, settings=Settings(grammar=PLAIN_LETTERS))
    assert found.changes.get_column(c.SHOWN).to_list() == ["A↑"]
    assert found.statistics.get_column(c.BUSINESS_TYPE).to_list() == [""]
