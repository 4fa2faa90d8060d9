"""Rows of a workbook that are no rules, named by their cells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlcrm.tables.catalog import TABLES

if TYPE_CHECKING:
    from xlcrm.problems import Problem
    from xlcrm.rules.faults import Fault
    from xlcrm.settings import Settings
    from xlcrm.tables.check import Checked


def placed(fault: Fault, written: Checked, table_id: str, settings: Settings) -> Problem:
    """The problem with its sheet and cell. written: the table as it was read."""
    letter = written.cell_columns.get(fault.column, "")
    row = written.rows[fault.place]
    return replace(fault.problem, sheet=TABLES[table_id].label(settings.language), cell=f"{letter}{row}" if letter else "")
