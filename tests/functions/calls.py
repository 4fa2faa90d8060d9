"""Calling functions of the catalogue the way a host does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlcrm.functions import FUNCTIONS, call
from xlcrm.functions.catalog import Grid
from xlcrm.texts import Language


def column(*values: object) -> list[list[object]]:
    """A column of cells."""
    return [[value] for value in values]


def spilled(name: str, *grids: Grid | None, language: Language = "en", tables: Callable[[str], Grid] | None = None) -> Grid:
    """The grid that a function spills."""
    return call(FUNCTIONS[name], grids, language, tables)


def answers(name: str, *grids: Grid | None, language: Language = "en", tables: Callable[[str], Grid] | None = None) -> list[object]:
    """The first column of what a function spills."""
    return [row[0] for row in spilled(name, *grids, language=language, tables=tables)]


def labelled(block: Grid) -> dict[object, list[object]]:
    """A block of two columns by its labels; a label may stand more than once."""
    found: dict[object, list[object]] = {}
    for label, value in block:
        found.setdefault(label, []).append(value)
    return found


# Two quarters by hand: 001 rose, 002 fell, 003 is new, 004 is lost, 005 changed its type, 006 stands alone in the lowest tier of its type.
GRADES: list[Sequence[object]] = [
    ["Code", "Quarter", "Grade", "Source"],
    ["001", "2017Q4", "CS1", "export.csv"], ["002", "2017Q4", "CS3", ""], ["003", "2017Q4", "CS3", ""], ["005", "2017Q4", "CB1", ""],
    ["006", "2017Q4", "CB3", ""], ["007", "2017Q4", "CS1", ""],
    ["001", "2017Q3", "CS2", ""], ["002", "2017Q3", "CS2", ""], ["004", "2017Q3", "CS1", ""], ["005", "2017Q3", "CS1", ""],
]  # fmt: skip
PURCHASES: list[Sequence[object]] = [
    ["Code", "Date", "Product", "Quantity", "Amount"],
    ["001", "2017-10-02", "A", 100, 1000.5], ["001", "2017-11-02", "B", "20", "￥99.50"], ["007", 43040.0, "A", 80.0, 2000.0],
    ["002", "2017-10-05", "A", "30", "300"], ["003", "2017-12-31", "A", 0, 0], ["005", "2017-10-05", "A", 50, 500],
    ["002", "2017-08-05", "A", 60, 600], ["002", "2017-08-06", "B", 30, 300], ["001", "2017-07-01", "A", 60, 500],
]  # fmt: skip
CUSTOMERS: list[Sequence[object]] = [
    ["客户代码", "客户名称", "线路", "电话"],
    ["001", "Maple Shop", 1.0, "138"], ["002", "Harbor", "二线", ""], ["003", "Corner", "2", ""], ["004", "Gone", "1", ""],
    ["005", "Turned", "3", ""], ["006", "Small", "3", ""], ["008", "Never", "3", ""],
]  # fmt: skip
