"""The two hidden sheets of a macro workbook: the settings that xlwings reads, and the help texts that VBA reads."""

from __future__ import annotations

from collections.abc import Sequence

from xlcrm.functions.catalog import FUNCTIONS, NAMESPACE
from xlcrm.hosts.classic.naming import CONFIG_SHEET, HELP_SHEET, function_name, functions_python_module
from xlcrm.sheets.parts import Workbook
from xlcrm.sheets.xmlbits import escape_cell, with_attribute
from xlcrm.tables.addresses import column_letters
from xlcrm.texts import Language, text

LONGEST_HELP = 255
"""Excel refuses a longer description of a function or an argument."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

Row = Sequence[str | int]


def add_hidden_sheets(workbook: Workbook, language: Language) -> None:
    """Adds both sheets behind the others: settings hidden (a user may show and change them), help texts out of reach."""
    for name, state, rows in (
        (CONFIG_SHEET, "hidden", config_rows(language)),
        (HELP_SHEET, "veryHidden", help_rows(language)),
    ):
        sheet = workbook.add_sheet(name, _sheet_xml(rows))
        sheet.element = with_attribute(sheet.element, "state", state)


def config_rows(language: Language) -> list[Row]:
    """What xlwings is told, one setting a row.

    The interpreter is not among them: it differs from machine to machine, and a row here would hide what a user set for all workbooks.
    """
    return [
        # The code is an installed package: a file beside the workbook shall not stand in for a module of that name.
        ("ADD_WORKBOOK_TO_PYTHONPATH", "False"),
        ("UDF MODULES", functions_python_module(language)),
    ]


def help_rows(language: Language) -> list[Row]:
    """What stands on the sheet of help texts: its two head rows, then one row a function."""
    rows: list[Row] = [(text("classic.help_sheet", language),), (text("classic.not_on_mac", language),)]
    for function in FUNCTIONS.values():
        category = f"{NAMESPACE} · {text(f'functions.category_{function.category}', language)}"
        arguments = [_short(function.argument_help(argument, language)) for argument in function.arguments]
        rows.append((function_name(function), _short(category), _short(function.help(language)), len(arguments), *arguments))
    return rows


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_HELP else words[: LONGEST_HELP - 1] + "…"


def _sheet_xml(rows: Sequence[Row]) -> bytes:
    written = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(_cell(f"{column_letters(column)}{number}", value) for column, value in enumerate(row, start=1))
        written.append(f'<row r="{number}">{cells}</row>')
    xml = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}">'
        f'<cols><col min="1" max="1" width="34" customWidth="1"/><col min="2" max="2" width="40" customWidth="1"/></cols>'
        f"<sheetData>{''.join(written)}</sheetData></worksheet>"
    )
    return xml.encode()


def _cell(reference: str, value: str | int) -> str:
    if isinstance(value, int):
        return f'<c r="{reference}"><v>{value}</v></c>'
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape_cell(value)}</t></is></c>'
