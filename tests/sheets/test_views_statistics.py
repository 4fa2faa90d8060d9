"""The pages of the change statistics and the minimums, and the order of the rows that counts lead to."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample_comparison import BATCHES, counted, sample_comparison
from xlcrm.problems import CannotDo
from xlcrm.settings import Settings
from xlcrm.sheets.changerows import ChangeRows, ordered_changes
from xlcrm.sheets.pages import Page, PageCell
from xlcrm.sheets.statisticspage import FIRST
from xlcrm.sheets.views import pages, refuse_unreconciled, result_tables
from xlcrm.tables import columns as c

PRINTED = dt.date(2018, 1, 5)
TOTALS = FIRST + 3 * len(BATCHES)
SUM = TOTALS + 5


def page_of(page_id: str, language: str = "en") -> Page:
    settings = Settings(language="zh" if language == "zh" else "en")
    found = pages(sample_comparison(), settings, printed_on=PRINTED, type_names={"CS": "Convenience"})
    return next(page for page in found if page.id == page_id)


def cells_of_grade(page: Page, grade: str) -> dict[int, PageCell]:
    lines = [line for block in page.blocks for line in block.lines]
    line = next(line for line in lines if any(cell.column == 1 and cell.value == grade for cell in line.cells))
    return {cell.column: cell for cell in line.cells}


def rows_of_link(link: str) -> range:
    match = re.fullmatch(r"'Grade changes'!B(\d+):I(\d+)", link)
    assert match is not None, link
    return range(int(match[1]) - 6, int(match[2]) - 5)


@pytest.mark.parametrize("grade", ["CS1", "CS2", "CS3", "CB1", "CB2", "CB3"])
def test_every_count_and_the_rows_behind_its_link(grade: str) -> None:
    cells = cells_of_grade(page_of("change_statistics"), grade)
    ordered = result_tables_changes()
    for number, batch in enumerate(BATCHES):
        for step, state in enumerate((c.UP, c.KEPT, c.DOWN)):
            check(
                cells[FIRST + 3 * number + step],
                ordered,
                {c.GRADE: grade, c.STATE: state, c.BATCH: batch},
                counted(grade=grade, state=state, batch=batch),
            )
    for step, state in enumerate((c.UP, c.KEPT, c.DOWN, c.NEW, c.TYPE_CHANGED)):
        check(cells[TOTALS + step], ordered, {c.GRADE: grade, c.STATE: state}, counted(grade=grade, state=state))
    check(cells[SUM], ordered, {c.GRADE: grade}, counted(grade=grade))


def result_tables_changes() -> list[dict[str, object]]:
    return list(result_tables(sample_comparison(), Settings())["grade_changes"].iter_rows(named=True))


def check(cell: PageCell, ordered: list[dict[str, object]], wanted: dict[str, object], count: int) -> None:
    assert cell.value == count
    if not count:
        assert (cell.link, cell.note) == ("", "")
        assert "zero" in cell.style or "sum" in cell.style
        return
    linked = [ordered[index] for index in rows_of_link(cell.link)]
    assert len(linked) == count
    assert all(row[key] == value for row in linked for key, value in wanted.items())
    assert [line.split()[-1] for line in cell.note.splitlines()] == [row[c.CUSTOMER_CODE] for row in linked]


def test_the_last_line_adds_up_every_column() -> None:
    page = page_of("change_statistics")
    total = {cell.column: cell.value for cell in page.foot[0].cells}
    for column in range(FIRST, SUM + 1):
        shown = [cell.value for block in page.blocks for line in block.lines for cell in line.cells if cell.column == column]
        assert total[column] == sum(value for value in shown if isinstance(value, int))
    assert total[SUM] == 9


def test_a_type_is_named_once_by_its_name_or_its_letters() -> None:
    page = page_of("change_statistics")
    names = [line.cells[0].value for block in page.blocks for line in block.lines]
    assert names == ["Convenience", None, None, "CB", None, None]


def test_reconciliation_has_a_line_a_route_and_a_tick() -> None:
    lines = page_of("change_statistics").foot[4:]
    assert [line.cells[0].value for line in lines] == ["Route 1 · Monday", "Route 3 · Wednesday", "No route", "All routes"]
    assert [line.cells[-1].value for line in lines] == ["5 ✓", "5 ✓", "1 ✓", "11 ✓"]
    chinese = page_of("change_statistics", "zh").foot[4:]
    assert chinese[1].cells[0].value == "三线 · 周三"


def test_with_many_types_the_reconciliation_has_its_own_page() -> None:
    sample = sample_comparison()
    many = pl.concat(
        [
            sample.statistics.with_columns(business_type=pl.lit(f"T{number}"), grade=pl.lit(f"T{number}") + pl.col("size"))
            for number in range(12)
        ]
    )
    found = {page.id: page for page in pages(replace(sample, statistics=many), Settings(), printed_on=PRINTED)}
    assert "reconciliation" in found
    assert len(found["change_statistics"].foot) == 1
    assert [block.lines[0].cells[-1].value for block in found["reconciliation"].blocks] == ["5 ✓", "5 ✓", "1 ✓", "11 ✓"]


def test_a_route_that_does_not_add_up_refuses_to_print_and_is_named() -> None:
    sample = sample_comparison()
    refuse_unreconciled(sample, Settings())
    wrong = sample.reconciliation.with_columns(
        customers=pl.when(pl.col("route") == "3").then(6).otherwise("customers"), ok=pl.col("route").ne_missing("3")
    )
    with pytest.raises(CannotDo) as error:
        refuse_unreconciled(replace(sample, reconciliation=wrong), Settings())
    assert error.value.problem.message("en") == "route 3 does not add up: 6 customers, but the states sum to 5"
    marked = pages(replace(sample, reconciliation=wrong), Settings(), printed_on=PRINTED)
    statistics = next(page for page in marked if page.id == "change_statistics")
    assert statistics.foot[5].cells[-1].value == "6 !"
    assert statistics.foot[5].cells[-1].style == "crm.recon.sum.bad"


@given(
    st.lists(
        st.tuples(st.sampled_from(["CS1", "CS2", "CB1", "CZ9", None]), st.sampled_from(c.STATES), st.sampled_from([*BATCHES, None, "odd"])),
        max_size=40,
    )
)
def test_whatever_a_cell_counts_is_one_run_of_rows(customers: list[tuple[str | None, str, str | None]]) -> None:
    frame = pl.DataFrame(
        [
            {c.CUSTOMER_CODE: f"{number:03}", c.ROUTE: None, c.BATCH: batch, c.BUSINESS_TYPE: grade[:2] if grade else None, c.GRADE: grade, c.STATE: state}
            for number, (grade, state, batch) in enumerate(customers)
        ],
        schema=dict.fromkeys((c.CUSTOMER_CODE, c.ROUTE, c.BATCH, c.BUSINESS_TYPE, c.GRADE, c.STATE), pl.String),
    )  # fmt: skip
    ordered = ordered_changes(frame, sample_comparison().statistics, Settings())
    assert set(ordered.rows()) == set(frame.rows())
    rows = ChangeRows(ordered, {}, "en")
    shown = list(ordered.iter_rows(named=True))
    for grade, state, batch in {(row[c.GRADE], row[c.STATE], row[c.BATCH]) for row in shown if row[c.STATE] not in (c.LOST, c.UNGRADED)}:
        for key in ((None, None), (state, None), (state, batch)):
            run = rows.run((grade or "")[:2], grade or "", *key)
            assert run is not None
            wanted = [
                row for row in shown
                if row[c.GRADE] == grade and row[c.STATE] not in (c.LOST, c.UNGRADED) and key[0] in (None, row[c.STATE]) and (key[1] is None or row[c.BATCH] == batch)
            ]  # fmt: skip
            assert [shown[index] for index in rows_of_link(run.link)] == wanted


def test_minimums_show_holders_ties_and_what_was_left_out() -> None:
    page = page_of("minimums")
    first = {cell.column: cell for cell in page.blocks[0].lines[0].cells}
    assert (first[2].value, first[3].value, first[5].value) == (3, 196, 583.2)
    assert first[4].value == "Maple Shop  +1"
    assert first[4].note.splitlines() == ["Maple Shop 001", "Late Shop 010"]
    assert page.blocks[0].lines[1].cells[0].value == "001"
    assert first[6].note == ""
    empty = {cell.column: cell.value for cell in page.blocks[1].lines[0].cells}
    assert (empty[2], empty[3], empty[4]) == (0, "–", "–")
    notes = [line.cells[0].value for line in page.foot[1:]]
    assert notes == [
        "The lowest grade of a type (CS3, CB3 …) has no minimum.",
        "Not counted: 2 customers without a purchase record or without a grade this quarter.",
        "Recorded zero: 1 (丽都超市).",
    ]


def test_minimums_in_chinese_say_how_many_share_one() -> None:
    page = page_of("minimums", "zh")
    assert page.blocks[0].lines[0].cells[4].value == "Maple Shop  等 2 户"
    assert page.head[0].cells[1].value == "2017年四季度"
