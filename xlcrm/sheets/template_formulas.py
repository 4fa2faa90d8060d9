"""A column's formula as Excel writes it: structured references by the labels of the workbook's language."""

from __future__ import annotations

import re

from xlcrm.sheets.places import CURRENT_QUARTER, PREVIOUS_QUARTER
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import ColumnSpec, TableSpec
from xlcrm.texts import Language

_PLACE = re.compile(r"\{(?:name:(?P<name>\w+)|(?P<table>\w+)\[(?P<column>\w+)\]|(?P<own>\w+))\}")
_NEWER_FUNCTIONS = re.compile(r"\b(MAXIFS|MINIFS|IFS|TEXTJOIN|CONCAT)\(")
_NAMES = {"current_quarter": CURRENT_QUARTER, "previous_quarter": PREVIOUS_QUARTER}


def escaped_label(label: str) -> str:
    """A header inside a structured reference: brackets, # and ' get a ' in front."""
    return re.sub(r"([\[\]#'])", r"'\1", label)


def column_reference(table: TableSpec, column_id: str, language: Language) -> str:
    """A whole column: `Customers[Code]`."""
    return f"{table.excel_name}[{escaped_label(table.by_id[column_id].label(language))}]"


def excel_formula(table: TableSpec, column: ColumnSpec, language: Language) -> str:
    """The formula of a column, without `=`, as it stands in the file (`_xlfn.` before functions newer than 2007)."""

    def put_in(found: re.Match[str]) -> str:
        if found["name"]:
            return _NAMES[found["name"]]
        if found["table"]:
            return column_reference(TABLES[found["table"]], found["column"], language)
        return f"{table.excel_name}[[#This Row],[{escaped_label(table.by_id[found['own']].label(language))}]]"

    return _NEWER_FUNCTIONS.sub(r"_xlfn.\1(", _PLACE.sub(put_in, column.formula))
