"""What the cleaning functions compute: the rules of imports, a column at a time."""

from __future__ import annotations

from xlcrm.functions import answers, cells
from xlcrm.functions.catalog import Grid
from xlcrm.functions.given import Given
from xlcrm.tables import cleaning
from xlcrm.tables.schema import SCALE, ColumnKind


def codes(given: Given) -> Grid:
    """Codes as text."""
    [column] = given.columns("codes")
    written = cells.texts(column)
    cleaned = cleaning.clean_code(written)
    return answers.spilled(answers.cells_of(cleaned.values), faults=answers.faulty(cleaned, written, "code", given.language))


def numbers(given: Given) -> Grid:
    """Numbers, to the thousandth."""
    [column] = given.columns("numbers")
    written = cells.texts(column)
    cleaned = cleaning.clean_number(written, SCALE[ColumnKind.QUANTITY])
    values = answers.units(cleaned.values, ColumnKind.QUANTITY)
    return answers.spilled(answers.cells_of(values), faults=answers.faulty(cleaned, written, "number", given.language))


def quarters(given: Given) -> Grid:
    """Quarters as `2017Q1`."""
    [column] = given.columns("dates")
    written = cells.texts(column)
    cleaned = cleaning.clean_quarter_of(written)
    return answers.spilled(answers.cells_of(cleaned.values), faults=answers.faulty(cleaned, written, "quarter", given.language))
