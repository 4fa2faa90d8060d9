"""Formulas: copies are one formula, trees are as written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcrm.audit.formulas import Area, ArrayLiteral, Box, Call, Edge, FormulaShelf, Literal, Operation, Unknown, parse, relative_form, walk


@pytest.mark.parametrize(
    ("first", "copy"),
    [
        (("VLOOKUP($B3,'一季度等级'!$A:$C,3,0)", 3, 7), ("VLOOKUP($B9,'一季度等级'!$A:$C,3,0)", 9, 7)),
        (('IF(RIGHT(H3,1)<RIGHT(G3,1),H3&"↑",H3)', 3, 9), ('IF(RIGHT(H8,1)<RIGHT(G8,1),H8&"↑",H8)', 8, 9)),
        (("SUM(B4:B12)", 13, 2), ("SUM(C4:C12)", 13, 3)),
        (("COUNTIF(S!$I3:$I6,$A4)", 4, 2), ("COUNTIF(S!$I4:$I7,$A5)", 5, 3)),
    ],
)
def test_copies_have_one_relative_form(first: tuple[str, int, int], copy: tuple[str, int, int]) -> None:
    assert relative_form(*first) == relative_form(*copy)


@pytest.mark.parametrize(
    "other", ["VLOOKUP($B3,Q1!$A:$D,3,0)", "VLOOKUP($B4,Q1!$A:$C,3,0)", "VLOOKUP(B3,Q1!$A:$C,3,0)", "VLOOKUP($B3,Q2!$A:$C,3,0)"]
)
def test_other_formulas_have_another(other: str) -> None:
    assert relative_form(other, 3, 7) != relative_form("VLOOKUP($B3,Q1!$A:$C,3,0)", 3, 7)


def test_a_text_that_looks_like_a_cell_is_a_text() -> None:
    assert relative_form('IF(A1="B2","CS1","")', 1, 3) == relative_form('IF(A5="B2","CS1","")', 5, 3)
    assert parse('"A1"', 1, 1) == Literal("A1")


def test_names_that_look_like_cells() -> None:
    assert parse("LOG10(A1)", 1, 2) == Call("LOG10", (Area(None, Edge(0, False), Edge(-1, False), Edge(0, False), Edge(-1, False)),))
    assert parse("Grades", 1, 1) == Unknown("Grades")
    assert isinstance(parse("Table1[[#All],[Code]]", 1, 1), Unknown)


def test_references_of_every_kind() -> None:
    assert parse("'O''Neil 一'!$A:$C", 2, 2) == Area("O'Neil 一", Edge(1, True), Edge(1, True), Edge(1048576, True), Edge(3, True))
    area = parse("D$3:D9", 5, 4)
    assert isinstance(area, Area)
    assert area.at(7, 5) == Box(None, 3, 5, 11, 5)
    rows = parse("$2:$3", 9, 9)
    assert isinstance(rows, Area)
    assert rows.at(1, 1) == Box(None, 2, 1, 3, 16384)


def test_operators_bind_as_in_a_spreadsheet() -> None:
    assert parse('1+2*3&"x"=A1', 1, 1) == Operation(
        "=",
        Operation("&", Operation("+", Literal(1.0), Operation("*", Literal(2.0), Literal(3.0))), Literal("x")),
        Area(None, Edge(0, False), Edge(0, False), Edge(0, False), Edge(0, False)),
    )
    assert parse("-2^2", 1, 1) == Operation("^", Operation("-", None, Literal(2.0)), Literal(2.0))
    assert parse("50%", 1, 1) == Operation("/", Literal(50.0), Literal(100.0))
    assert parse("{1,2;3,4}", 1, 1) == ArrayLiteral(((Literal(1.0), Literal(2.0)), (Literal(3.0), Literal(4.0))))
    assert parse("_xlfn.MINIFS(A1,B1,1)", 1, 1) == parse("MINIFS(A1,B1,1)", 1, 1)


@pytest.mark.parametrize("broken", ["", "(", "IF(", "1+", "A1 B1", "{1,2", "'open", "=(" * 100, "((" * 2000, "\x00"])
def test_what_is_no_formula_is_left_alone(broken: str) -> None:
    assert parse(broken, 1, 1) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(written: str) -> None:
    shelf = FormulaShelf()
    formula = shelf.put(written, 5, 5, False)
    assert shelf.put(written, 5, 5, False) is formula
    list(walk(formula.tree))


@given(
    st.integers(1, 900),
    st.integers(1, 50),
    st.integers(0, 90),
    st.integers(0, 9),
    st.booleans(),
    st.booleans(),
    st.integers(0, 50),
    st.integers(0, 20),
)
def test_a_copied_reference_moves_with_its_cell(
    row: int, column: int, below: int, beside: int, row_fixed: bool, column_fixed: bool, down: int, right: int
) -> None:
    from openpyxl.utils import get_column_letter

    def written(at_row: int, at_column: int) -> str:
        target_row = row + below + (0 if row_fixed else at_row - row)
        target_column = column + beside + (0 if column_fixed else at_column - column)
        return f"SUM({'$' if column_fixed else ''}{get_column_letter(target_column)}{'$' if row_fixed else ''}{target_row})"

    assert relative_form(written(row, column), row, column) == relative_form(
        written(row + down, column + right), row + down, column + right
    )
