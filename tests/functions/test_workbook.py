"""The functions over a real workbook's own tables give what stands on its sheets."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import openpyxl
import pytest

from tests.functions.calls import answers, spilled
from xlcrm.functions.catalog import Grid
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language

FOLDER = Path(__file__).resolve().parents[2] / "workbooks"
BOOKS: dict[Language, str] = {"en": "en/xlcrm.xlsx", "zh": "zh/xlcrm-客户.xlsx"}


@cache
def tables_of(language: Language) -> dict[str, Grid]:
    """Every table of the sample workbook with its heads, by id."""
    book = openpyxl.load_workbook(FOLDER / BOOKS[language], data_only=True)
    by_name = {table.excel_name: table_id for table_id, table in TABLES.items()}
    found: dict[str, Grid] = {}
    for sheet in book.worksheets:
        for name, place in sheet.tables.items():
            if name in by_name:
                found[by_name[name]] = [[cell.value for cell in row] for row in sheet[place]]
    return found


def column(language: Language, table_id: str, column_id: str) -> Grid:
    heads, *rows = tables_of(language)[table_id]
    place = list(heads).index(TABLES[table_id].by_id[column_id].label(language))
    return [[row[place]] for row in rows]


def blank(values: Grid) -> list[object]:
    return ["" if cell is None else cell for (cell,) in values]


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> Language:
    return request.param  # type: ignore[no-any-return]  # one of the two


def test_grade_changes_are_those_of_the_sheet(language: Language) -> None:
    pair = (column(language, "grade_changes", "grade"), column(language, "grade_changes", "previous_grade"))
    asked = [now[0] not in (None, "") or before[0] not in (None, "") for now, before in zip(*pair, strict=True)]
    shown = blank(column(language, "grade_changes", "shown"))
    assert answers("grade_change", *pair, language=language) == [value if there else "" for value, there in zip(shown, asked, strict=True)]
    assert sum(asked) > 200


def test_gaps_and_cushions_are_those_of_the_sheet(language: Language) -> None:
    tables = tables_of(language)
    codes = column(language, "gaps", "customer_code")
    arguments = (codes, tables["grades"], tables["purchases"], [["2017Q4"]], tables["settings"])
    assert answers("next_tier", *arguments, language=language) == blank(column(language, "gaps", "next_grade"))
    for name in ("gap", "cushion"):
        found = spilled(name, *arguments, language=language)
        for place, figure in enumerate(("quantity", "amount")):
            wanted = blank(column(language, "gaps", f"{name}_{figure}"))
            assert [row[place] for row in found] == wanted


def test_a_card_says_what_the_customers_sheet_says(language: Language) -> None:
    tables = tables_of(language)
    codes, lines = column(language, "customers", "customer_code"), blank(column(language, "customers", "advice"))
    for row in (0, 7, 100):
        block = spilled(
            "card",
            [codes[row]],
            tables["customers"],
            tables["grades"],
            tables["purchases"],
            tables["follow_ups"],
            [["2017Q4"]],
            tables["routes"],
            language=language,
        )
        found = {str(label): value for label, value in block}
        labels = TABLES["customers"].by_id
        assert found[labels["advice"].label(language)] == lines[row]
        assert found[labels["shown"].label(language)] == blank(column(language, "customers", "shown"))[row]


def test_the_statistics_count_every_customer_that_the_summary_counts(language: Language) -> None:
    names = ("route", "grade", "previous_grade")
    routes, now, before = (column(language, "grade_changes", name) for name in names)
    heads, *rows = spilled("change_stats", routes, now, before, tables_of(language)["routes"], language=language)
    ups = [row[0] for row in column(language, "route_summary", "up")]
    place = list(heads).index("All batches ↑" if language == "en" else "合计 ↑")
    assert rows[-1][place] == sum(int(str(count)) for count in ups) > 0
