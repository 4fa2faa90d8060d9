"""The grammar of an export, learned; the codes that could be read otherwise, named."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcrm.rules.grammar_learning import LEARNED_COLUMNS, LearnedGrammar, learn_grammar
from xlcrm.settings import GradeGrammar


def export(codes: Iterable[str | None], quarter: str = "2017Q1") -> pl.DataFrame:
    rows = [(str(number), quarter, code) for number, code in enumerate(codes)]
    return pl.DataFrame(rows, schema={"customer_code": pl.String, "quarter": pl.String, "grade": pl.String}, orient="row")


def learned(codes: Iterable[str | None]) -> LearnedGrammar:
    found = learn_grammar(export(codes))
    assert tuple(found.codes.columns) == LEARNED_COLUMNS
    return found


def test_types_and_sizes() -> None:
    found = learned(["CS1", "ＣＳ2 ", "cb3", "CB1", None, ""])
    assert found.grammar == GradeGrammar(sizes=("1", "2", "3"), sub_levels=())
    assert (found.types, found.ambiguous, found.unread, found.evidence) == (("CB", "CS"), (), (), ())
    assert found.codes.filter(pl.col("grade") == "CS2").row(0) == ("CS2", 1, "CS", "2", "", None)


def test_sub_levels_and_which_codes_could_be_large_sizes() -> None:
    found = learned(["CZ1", "CZ12", "CZ11", "CS2", "CS21", "CS3"])
    assert found.grammar == GradeGrammar(sizes=("1", "2", "3"), sub_levels=("1", "2"))
    assert found.ambiguous == ("CS21", "CZ11", "CZ12")
    assert found.evidence == ("few_digits",)
    assert dict(found.codes.select("grade", "other_readings").rows())["CZ12"] == "CZ|12|"


@pytest.mark.parametrize("numbers", [["1", "5", "10", "20"], [str(number) for number in range(1, 13)], ["100", "200"]])
def test_large_sizes(numbers: list[str]) -> None:
    found = learned(["CS" + number for number in numbers])
    assert found.grammar == GradeGrammar(sizes=tuple(numbers), sub_levels=())
    assert found.evidence == ("zero_or_run",)


def test_letters_alone_are_sizes() -> None:
    found = learned(["B", "A", "C", "a"])
    assert found.grammar == GradeGrammar(sizes=("A", "B", "C"), sub_levels=(), typed=False)
    assert found.ambiguous == ()


def test_letters_with_signs() -> None:
    found = learned(["A+", "A", "B-", "B", "A-", "B+"])
    assert found.grammar is not None
    assert found.grammar.sizes == ("A+", "A", "A-", "B+", "B", "B-")


def test_letters_from_a_with_digits_are_sizes_with_sub_levels_and_every_one_is_ambiguous() -> None:
    found = learned(["A1", "A2", "B1", "B2", "C1", "C2"])
    assert found.grammar == GradeGrammar(sizes=("A", "B", "C"), sub_levels=("1", "2"), typed=False)
    assert (len(found.ambiguous), found.evidence) == (6, ("first_letters",))
    other = learned(["K1", "K2", "S1", "S2"])
    assert other.grammar == GradeGrammar(sizes=("1", "2"), sub_levels=())


@pytest.mark.parametrize("types_move", [False, True])
def test_what_moves_from_quarter_to_quarter_is_the_size(types_move: bool) -> None:
    chance = random.Random(3)
    before, after = [], []
    for _ in range(80):
        kind, size = chance.choice("ABC"), chance.choice("12")
        before.append(kind + size)
        after.append(chance.choice("ABC") + size if types_move else kind + chance.choice("12"))
    found = learn_grammar(pl.concat([export(before), export(after, "2017Q2")]))
    assert found.evidence == ("moves",)
    assert found.grammar is not None
    assert found.grammar.typed is not types_move


def test_sizes_in_words() -> None:
    assert learned(["小", "大", "中"]).grammar == GradeGrammar(sizes=("大", "中", "小"), sub_levels=(), typed=False)
    found = learned(["超市大", "超市小", "便利中"])
    assert (found.grammar, found.types) == (GradeGrammar(sizes=("大", "中", "小"), sub_levels=()), ("便利", "超市"))


def test_a_size_as_last_letter_and_digits_alone() -> None:
    assert learned(["CSA", "CSB", "CBA"]).grammar == GradeGrammar(sizes=("A", "B"), sub_levels=())
    assert learned(["1", "3", "2"]).grammar == GradeGrammar(sizes=("1", "2", "3"), sub_levels=(), typed=False)
    assert learned(["1", "12", "2"]).grammar == GradeGrammar(sizes=("1", "2"), sub_levels=("2",), typed=False)


def test_what_no_shape_reads_is_named() -> None:
    found = learned(["CS1", "CS2", "CS-3", "?"])
    assert found.unread == ("?", "CS-3")
    assert found.codes.filter(pl.col("grade") == "?").row(0) == ("?", 1, None, None, None, None)
    nothing = learned(["CS-1", "CS-2", "CS1"])
    assert (nothing.grammar, nothing.unread) == (None, ("CS-1", "CS-2", "CS1"))
    assert learned([]).grammar is None


@pytest.mark.parametrize(
    ("factor", "sizes", "order"), [(-1, ("1", "2", "3"), "quantities"), (1, ("3", "2", "1"), "reversed"), (0, ("1", "2", "3"), "written")]
)
def test_quantities_say_which_size_is_the_best(factor: int, sizes: tuple[str, ...], order: str) -> None:
    grades = export(["CS1", "CS2", "CS3", "CB1", "CB3"])
    totals = grades.select(
        "customer_code", "quarter", (pl.col("grade").str.slice(2).cast(pl.Int64) * factor * 1000 + 9000).alias("quantity")
    )
    found = learn_grammar(grades, totals)
    assert found.grammar is not None
    assert (found.grammar.sizes, found.order) == (sizes, order)


def test_pandas_gives_what_polars_gives() -> None:
    grades = export(["CZ1", "CZ12", None, "CS3", "bad-1"])
    found, other = learn_grammar(grades), learn_grammar(grades.to_pandas())
    assert (found.grammar, found.ambiguous, found.unread) == (other.grammar, other.ambiguous, other.unread)


@given(st.lists(st.from_regex(r"(CS|CB|Z|K)[1-4][12]?", fullmatch=True), min_size=3, max_size=40))
def test_the_grammar_reads_every_code_as_the_table_says(codes: list[str]) -> None:
    found = learned(codes)
    assert found.grammar is not None
    for code, _, kind, size, sub, _ in found.codes.rows():
        parts = found.grammar.parse(code)
        assert parts is not None
        assert (parts.business_type, parts.size, parts.sub_level) == (kind, size, sub)


def test_on_complete_journey_the_grammar_is_found_with_its_order(shared_data: Path) -> None:
    folder = shared_data / "completejourney_r1-5"
    grades = pl.read_csv(folder / "grades.csv", infer_schema=False).unpivot(
        index="customer_code", variable_name="quarter", value_name="grade"
    )
    months = pl.read_csv(folder / "purchases_month.csv", infer_schema=False)
    quarter = pl.col("month").str.slice(0, 4) + "Q" + ((pl.col("month").str.slice(5).cast(pl.Int64) + 2) // 3).cast(pl.String)
    totals = months.group_by("customer_code", quarter.alias("quarter")).agg(
        (pl.col("quantity").cast(pl.Float64) * 1000).sum().cast(pl.Int64)
    )
    found = learn_grammar(grades, totals)
    assert found.grammar == GradeGrammar(sizes=("1", "2", "3"), sub_levels=())
    assert (found.ambiguous, found.unread, found.order) == ((), (), "quantities")
    assert all(len(kind) == 2 for kind in found.types)
