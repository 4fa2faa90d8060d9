"""Spares a long-lived host what grows with the cells of a call: a failed import for each, and looking through everything that lives.

`xlwings.utils.is_jsnull` looks for Pyodide's `JsNull` anew for each cell of a custom function's argument. Outside Pyodide that
import fails each time, after a search of the whole path: 50,000 cells take 2.5 s instead of 0.04 s.
"""

from __future__ import annotations

import gc
import sys


def _never(value: object) -> bool:
    """Outside Pyodide nothing is a `JsNull`."""
    return False


OBJECTS_BEFORE_A_COLLECTION = 200_000
"""A call of ten thousand rows with two tables makes some 60,000 lists, in none of which there is garbage to find."""


def quicken() -> None:
    """For a process that answers calls, once all is loaded. Safe to call again.

    Makes xlwings stop looking for Pyodide where there is none, and keeps the collector of garbage from looking through all modules each
    time that a call has made some ten thousand cells.
    """
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_A_COLLECTION)
    if sys.platform == "emscripten":
        return
    import xlwings.utils

    if not hasattr(xlwings.utils, "is_jsnull"):
        return  # an xlwings before the defect, or after it
    original = xlwings.utils.is_jsnull
    xlwings.utils.is_jsnull = _never
    for module in list(sys.modules.values()):
        # Modules that took the name with `from ..utils import is_jsnull`.
        if getattr(module, "__name__", "").startswith("xlwings.") and getattr(module, "is_jsnull", None) is original:
            module.is_jsnull = _never  # type: ignore[attr-defined]  # seen on the line above
    # What else asks for Pyodide is refused at once, without a search.
    sys.modules.setdefault("pyodide", None)  # type: ignore[arg-type]  # None is how Python marks a module as absent
    sys.modules.setdefault("pyodide.ffi", None)  # type: ignore[arg-type]  # likewise
