"""Calls a function of the catalogue with the grids that a host hands over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlcrm.functions.catalog import Function, Grid
from xlcrm.functions.faults import Fault, fault_text
from xlcrm.functions.given import Given
from xlcrm.problems import CannotDo
from xlcrm.texts import Language


def call(
    function: Function, grids: Sequence[Grid | None], language: Language, tables: Callable[[str], Grid] | None = None, name: str = ""
) -> Grid:
    """The grid that spills. Never raises: what keeps the function from answering stands as a short text in its cell.

    grids: in the order of the arguments, None where left out. language: of the texts that come out. tables: a table of the host's
    workbook with its heads, by id, for those that the formula leaves out; None where functions cannot see the workbook. name: how the
    function is called on that host (`CRM_GAP`), for the example in an error; else `CRM.GAP`.
    """
    names = (argument.name for argument in function.arguments)
    given = Given(function, dict(zip(names, grids, strict=False)), language, tables, name)
    try:
        return function.body(given)
    except Fault as fault:
        return [[fault.text(language)]]
    except CannotDo as refused:
        return [[refused.problem.line(language)]]
    except ImportError as error:
        return [[fault_text("package_missing", language, package=error.name or str(error))]]
    except Exception as error:  # a cell must say what happened; Excel would show #VALUE! and the host would try again
        return [[fault_text("unexpected", language, reason=f"{type(error).__name__}: {error}")]]
