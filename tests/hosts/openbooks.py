"""Workbooks opened in openpyxl, each content parsed once: host tests open the same few files again and again, for about a second each."""

from __future__ import annotations

import hashlib
import io
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.dimensions import DimensionHolder
from openpyxl.worksheet.table import TableList

KEPT = 24
"""So many contents are kept, of about 2 MB each: those used last."""
_parsed: OrderedDict[str, bytes] = OrderedDict()


class _Pickler(pickle.Pickler):
    """Says how two kinds of dicts are made which pickle takes for plain ones: a sheet's tables, which give out their ranges as values,
    and its columns and rows, whose missing ones come by themselves."""

    def reducer_override(self, held: Any) -> Any:
        if type(held) is TableList:
            return TableList, (), None, None, iter([*dict.items(held)])
        if type(held) is DimensionHolder:
            state = vars(held), held.default_factory.__name__
            return DimensionHolder.__new__, (DimensionHolder,), state, None, iter([*held.items()]), _sized
        return NotImplemented


def _sized(holder: DimensionHolder, state: tuple[dict[str, Any], str]) -> None:
    """Columns or rows with what makes a missing one, a method of their sheet: they have it where a state does not reach."""
    attributes, maker = state
    vars(holder).update(attributes)
    holder.default_factory = getattr(holder.worksheet, maker)


def load(path: Path) -> Workbook:
    """What `openpyxl.load_workbook(path)` gives: a workbook of the caller's own, which may change it."""
    content = path.read_bytes()
    key = hashlib.sha256(content).hexdigest()
    if key in _parsed:
        _parsed.move_to_end(key)
        again: Workbook = pickle.loads(_parsed[key])  # written a few lines below, never a file
        return again
    workbook: Workbook = openpyxl.load_workbook(io.BytesIO(content))
    held = io.BytesIO()
    _Pickler(held, pickle.HIGHEST_PROTOCOL).dump(workbook)
    _parsed[key] = held.getvalue()
    while len(_parsed) > KEPT:
        _parsed.popitem(last=False)
    return workbook
