"""Types are assigned once; what costs a row is told with its cell and its whole text."""

from __future__ import annotations

import datetime as dt

import polars as pl

from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import CUSTOMERS, GRADES, PURCHASES, TABLES
from xlcrm.tables.check import TextTable, check


def table(**columns: list[str | None]) -> TextTable:
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    letters = {name: "ABCDEFGH"[index] for index, name in enumerate(columns)}
    return TextTable(frame, "file.csv", "Sheet", list(range(5, 5 + frame.height)), letters)


def test_good_rows_are_typed() -> None:
    checked = check(
        PURCHASES,
        table(customer_code=["001", "002"], date=["2017-01-05", None], period=[None, "2017年1月"], quantity=["1.5", "-2"], amount=["9.99", None], note=["x", " "]),
        Settings(),
    )  # fmt: skip
    assert checked.problems == []
    assert checked.frame.to_dict(as_series=False) == {
        "customer_code": ["001", "002"], "date": [dt.date(2017, 1, 5), None], "period": [None, "2017-01"],
        "quantity": [1500, -2000], "amount": [999, None], "note": ["x", None],
    }  # fmt: skip
    assert checked.frame.schema[c.QUANTITY] == checked.frame.schema[c.AMOUNT] == pl.Int64


def test_a_bad_figure_costs_the_row_and_is_told_with_its_place() -> None:
    checked = check(PURCHASES, table(customer_code=["001", "002", "003"], quantity=["1", "12箱", "3"]), Settings())
    assert checked.frame[c.CUSTOMER_CODE].to_list() == ["001", "003"]
    assert checked.rows.to_list() == [5, 7]
    assert checked.left_out.rows() == [("002", "12箱")]
    (problem,) = checked.problems
    assert (problem.code, problem.place, problem.value, problem.row_text) == ("not_a_number", "file.csv!Sheet!B6", "12箱", "002 | 12箱")
    assert "12箱" in problem.message("en")
    assert "12箱" in problem.message("zh")


def test_a_missing_or_damaged_code_costs_the_row() -> None:
    checked = check(GRADES, table(customer_code=["", "2.70E+08", "1"], quarter=["2017Q1"] * 3, grade=["CS1", "CS1", "CS9"]), Settings())
    assert checked.frame.is_empty()
    assert [(problem.code, problem.cell) for problem in checked.problems] == [
        ("required_missing", "A5"),
        ("code_damaged", "A6"),
        ("not_a_grade", "C7"),
    ]


def test_a_bad_cell_of_a_profile_is_told_and_blank_but_the_customer_stays() -> None:
    checked = check(CUSTOMERS, table(customer_code=["1"], birthday=["05/01/1980"], phone=["1.38E+10"], visit_order=["first"]), Settings())
    assert checked.frame.rows() == [("1", None, None, None)]
    assert sorted(problem.code for problem in checked.problems) == ["code_damaged", "not_a_count", "not_a_date"]
    assert all(problem.row_text == "" for problem in checked.problems)


def test_a_bad_cell_of_a_tray_is_told_and_blank_but_the_row_stays() -> None:
    tray = TABLES["intake"]
    assert tray.tray
    checked = check(tray, table(date=["soon", None], customer_code=["1", None], kind=["visit", "call"], priority=["high", "1"]), Settings())
    assert checked.frame.rows() == [(None, "1", "visit", None), (None, None, "call", 1)]
    assert [(problem.code, problem.cell) for problem in checked.problems] == [
        ("not_a_date", "A5"),
        ("not_a_count", "D5"),
        ("required_missing", "B6"),
    ]
    assert checked.left_out.is_empty()
    assert checked.cell_columns["kind"] == "C"


def test_columns_that_are_computed_are_never_a_problem() -> None:
    checked = check(CUSTOMERS, table(customer_code=["1"], quantity=["#VALUE!"], change=["?"]), Settings())
    assert checked.frame.rows() == [("1", None, None)]
    assert checked.problems == []


def test_blank_rows_drop_out_and_an_empty_table_stays_typed() -> None:
    checked = check(GRADES, table(customer_code=[None, " "], quarter=["", None], grade=[None, None]), Settings())
    assert checked.frame.is_empty()
    assert checked.problems == []
    assert checked.frame.columns == ["customer_code", "quarter", "grade"]


def test_grades_follow_the_grammar_of_the_settings() -> None:
    settings = Settings.model_validate({"grammar": {"sizes": ["A", "B"], "typed": False, "sub_levels": []}})
    checked = check(GRADES, table(customer_code=["1", "2"], quarter=["2017Q1"] * 2, grade=["a", "CS1"]), settings)
    assert checked.frame[c.GRADE].to_list() == ["A"]
    assert [problem.code for problem in checked.problems] == ["not_a_grade"]


def test_a_decimal_comma_makes_thousands_uncertain() -> None:
    cells = table(customer_code=["1", "2"], quantity=["1.234", "12.5"])
    uncertain = TextTable(cells.frame, cells.file, cells.sheet, cells.rows, cells.cell_columns, decimal_comma=True)
    assert check(PURCHASES, cells, Settings()).problems == []
    assert [problem.cell for problem in check(PURCHASES, uncertain, Settings()).problems] == ["B5"]


def test_the_problems_table_keeps_what_was_found_as_it_was() -> None:
    found = ["#N/A", "'1", " ２ ", ""]
    checked = check(TABLES["problems"], table(value=found, row_text=found), Settings())
    assert checked.frame["value"].to_list() == ["#N/A", "'1", " ２ "]
