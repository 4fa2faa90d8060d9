"""Every function and every button out of main.py, where nothing but a browser's packages is found: the same as from a closed file.

Polars 1.33 is what the browser has; which version runs here is the machine's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import range_boundaries

from tests.hosts import openbooks
from tests.hosts.every_host import SAID_OF_OPEN_WORKBOOKS, ClosedFile, Said, unwired, wire
from tests.hosts.office import cell_values, payload
from tests.hosts.remote import RemoteBook
from tests.hosts.sample_books import SITUATIONS, Prepared, Situation, copied, frames, prepare, sample_book, twin
from tests.hosts.shownpages import pages
from xlcrm.functions import FUNCTIONS, Function, call
from xlcrm.functions.catalog import Argument, Grid
from xlcrm.macros import MACROS
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES

Browser = Callable[..., dict[str, Any]]
ROWS = 12


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with its last quarter closed."""
    return sample_book(tmp_path_factory.mktemp("sample"), "en")


# --- Buttons.


@dataclass(frozen=True)
class Pressed:
    """A button pressed in two copies of one workbook: out of main.py, and on the closed file."""

    here: Prepared
    there: Prepared
    outcome: dict[str, Any]
    said_there: Said


@pytest.fixture(scope="module")
def pressed(sample: Path, in_browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pressed]:
    """Every button, pressed in its situation; main.py is loaded once."""
    folder = tmp_path_factory.mktemp("pressed")
    here = {macro: prepare(copied(sample, folder / macro / "here"), SITUATIONS.get(macro, Situation())) for macro in MACROS}
    there = {macro: twin(at, folder / macro / "there") for macro, at in here.items()}
    said = {macro: ClosedFile().press(macro, at) for macro, at in there.items()}
    answer = in_browser(presses={macro: payload(at.book, active=at.front, selection=at.selection) for macro, at in here.items()})
    assert answer["from_elsewhere"] == []
    return {macro: Pressed(here[macro], there[macro], answer["outcomes"][macro], said[macro]) for macro in MACROS}


NOT_IN_BROWSERS = {"find_duplicates": "rapidfuzz"}
"""Buttons that need a package which no browser has, and which: they say so."""


@pytest.mark.parametrize("macro_id", NOT_IN_BROWSERS)
def test_a_button_that_needs_what_no_browser_has_says_so(macro_id: str, pressed: dict[str, Pressed]) -> None:
    assert NOT_IN_BROWSERS[macro_id] in pressed[macro_id].outcome["error"]
    assert "Nothing was changed" in pressed[macro_id].outcome["error"]


@pytest.mark.parametrize("macro_id", [macro_id for macro_id in MACROS if macro_id not in NOT_IN_BROWSERS])
def test_a_button_does_what_the_command_line_does(macro_id: str, pressed: dict[str, Pressed]) -> None:
    at = pressed[macro_id]
    assert not at.said_there.failed
    assert "actions" in at.outcome, at.outcome.get("error")
    book = RemoteBook(at.here.book)
    book.apply(at.outcome["actions"])
    said = [line for alert in book.alerts for line in alert.split("\n")]
    assert tuple(line for line in said if line not in SAID_OF_OPEN_WORKBOOKS) == at.said_there.lines
    frames_here, frames_there = frames(at.here.book), frames(at.there.book)
    assert [name for name, frame in frames_there.items() if not frame.equals(frames_here[name])] == []
    assert set(frames_here) == set(frames_there)
    assert pages(at.here.book) == pages(at.there.book)


def test_a_refusal_is_said_and_changes_nothing(sample: Path, in_browser: Browser) -> None:
    answer = in_browser(presses={"why_this_grade": payload(sample), "import_exports": payload(sample)})
    for outcome in answer["outcomes"].values():
        assert set(outcome) == {"error"}
        assert "Nothing was changed" in outcome["error"]


# --- Functions.


def tables_of_sample(book: Path) -> dict[str, Grid]:
    """Every table of the sample with its heads, by table id."""
    sheets, found = cell_values(book), {}
    areas = {table.displayName: (sheet.title, table.ref) for sheet in openbooks.load(book) for table in sheet.tables.values()}
    for spec in TABLES.values():
        if spec.excel_name in areas:
            sheet, area = areas[spec.excel_name]
            left, top, right, bottom = range_boundaries(area)
            found[spec.id] = [row[left - 1 : right] for row in sheets[sheet][top - 1 : bottom]]
    return found


def column_of_sample(tables: dict[str, Grid], holds: str) -> list[object]:
    """The first cells of a column of the sample, from whichever table has it filled; else blanks."""
    for table_id, grid in tables.items():
        column = TABLES[table_id].by_id.get(holds)
        if column is not None and column.en in grid[0]:
            cells = [row[list(grid[0]).index(column.en)] for row in grid[1 : ROWS + 1]]
            if any(cell not in (None, "") for cell in cells):
                return [*cells, *[None] * (ROWS - len(cells))]
    return [1 + number % 4 if holds == c.SCORE else None for number in range(ROWS)]  # answers that no table holds


def grid_for(argument: Argument, tables: dict[str, Grid]) -> Grid:
    """What a formula over the sample would give for an argument."""
    if argument.shape == "table":
        return tables[argument.holds]
    cells = ["2017Q4"] if argument.holds == c.QUARTER else column_of_sample(tables, argument.holds)
    return [[cell] for cell in cells[: 1 if argument.shape == "value" else ROWS]]


@pytest.fixture(scope="module")
def arguments(sample: Path) -> dict[str, list[Grid]]:
    """For every function, cells of the sample for each argument."""
    tables = tables_of_sample(sample)
    return {function.id: [grid_for(argument, tables) for argument in function.arguments] for function in FUNCTIONS.values()}


@pytest.fixture(scope="module")
def answers(arguments: dict[str, list[Grid]], in_browser: Browser) -> dict[str, Any]:
    """What every function answers out of main.py."""
    answer = in_browser(calls={name: wire(grids) for name, grids in arguments.items()})
    assert answer["from_elsewhere"] == []
    return answer


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.id)
def test_a_function_answers_what_it_answers_anywhere(function: Function, arguments: dict[str, list[Grid]], answers: dict[str, Any]) -> None:
    spilled = unwired(answers["answers"][function.id])
    directly = unwired(wire([call(function, arguments[function.id], "en")])[0])
    assert spilled == json.loads(json.dumps(directly))
    assert len(spilled) > 1, f"an answer of one cell says that the sample's cells do not fit: {spilled}"


def test_xlwings_finds_the_same_functions_and_scripts_as_on_every_host(answers: dict[str, Any]) -> None:
    assert {found["name"] for found in answers["functions"]} == {f"CRM.{function.excel_name}" for function in FUNCTIONS.values()}
    assert {found["function_name"]: found["name"] for found in answers["scripts"]} == {
        macro.id: macro.label("en") for macro in MACROS.values()
    }


def test_in_chinese_names_stay_and_help_is_chinese(in_browser: Browser) -> None:
    answer = in_browser("zh", calls={"quarter": wire([[["2017-11-03"], ["?"]]])})
    assert {found["name"]: found["description"] for found in answer["functions"]} == {
        f"CRM.{function.excel_name}": function.help("zh") for function in FUNCTIONS.values()
    }
    assert {found["name"] for found in answer["scripts"]} == {macro.label("zh") for macro in MACROS.values()}
    assert answer["answers"]["quarter"] == unwired(call(FUNCTIONS["quarter"], [[["2017-11-03"], ["?"]]], "zh"))
