"""A text that was looked for in a workbook, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from xlcrm.tables.catalog import TABLES

OWN_TABLES = frozenset(spec.excel_name.casefold() for spec in TABLES.values())
"""The names of our tables, as they are compared."""


@dataclass(frozen=True, slots=True)
class Found:
    """A text that stands somewhere. place: `Sheet!C7`, or a part of the file. users: on a sheet of the user's own."""

    text: str
    place: str
    users: bool
