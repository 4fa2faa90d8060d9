"""What the cleaning functions compute: the rules of imports, a column at a time."""

from __future__ import annotations

from xlcrm.functions import answers, cells
from xlcrm.functions.catalog import Grid
from xlcrm.functions.given import Given
from xlcrm.tables import cleaning
from xlcrm.tables.schema import ColumnKind


def codes(given: Given) -> Grid:
    """Codes as text."""
    [column] = given.columns("codes")
    cleaned = cells.codes(column)
    return answers.spilled(answers.cells_of(cleaned.values), faults=answers.faulty(cleaned, column, "code", given.language))


def numbers(given: Given) -> Grid:
    """Numbers, to the thousandth."""
    [column] = given.columns("numbers")
    cleaned = cells.numbers(column, ColumnKind.QUANTITY)
    values = answers.units(cleaned.values, ColumnKind.QUANTITY)
    return answers.spilled(values, faults=answers.faulty(cleaned, column, "number", given.language))


def quarters(given: Given) -> Grid:
    """Quarters as `2017Q1`."""
    [column] = given.columns("dates")
    cleaned = cleaning.clean_quarter_of(cells.texts(column))
    return answers.spilled(answers.cells_of(cleaned.values), faults=answers.faulty(cleaned, column, "quarter", given.language))
