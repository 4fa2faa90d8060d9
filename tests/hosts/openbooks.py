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
from openpyxl.worksheet.table import TableList

KEPT = 24
"""So many contents are kept, of about 2 MB each: those used last."""
_parsed: OrderedDict[str, bytes] = OrderedDict()


class _Pickler(pickle.Pickler):
    """A sheet's list of tables gives out its ranges where a dict gives its values, so that it has to be told how it is made."""

    def reducer_override(self, held: object) -> Any:
        if type(held) is TableList:
            return TableList, (), None, None, iter([*dict.items(held)])
        return NotImplemented


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
