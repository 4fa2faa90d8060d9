"""A workbook's sheets as grids of values, by calamine. Free of frames, so that a child process starts fast."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlcrm.imports.packages import MOST_CELLS
from xlcrm.problems import CannotDo, Problem

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


def grids(path: Path) -> list[dict[str, Any]]:
    """The worksheets as name, hidden, merged ranges and rows of values. Raises CannotDo."""
    import python_calamine as calamine

    found: list[dict[str, Any]] = []
    try:
        with _open(path) as book:
            for place, meta in enumerate(book.sheets_metadata):
                if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_index(place)
                height, width = sheet.total_height, sheet.total_width
                if height * width > MOST_CELLS:
                    raise CannotDo(Problem("workbook_explodes", file=path.name, details={"what": f"{height} x {width} cells"}))
                merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
                rows = sheet.to_python(skip_empty_area=False)
                hidden = meta.visible != calamine.SheetVisibleEnum.Visible
                found.append({"name": meta.name, "hidden": hidden, "merged": merged, "rows": rows})
    except calamine.PasswordError:
        raise CannotDo(Problem("password_protected", file=path.name)) from None
    except (CannotDo, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the reader's errors have no common base; its panics are not even an Exception
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        code = "password_protected" if "assword" in reason or "ncrypt" in reason else "workbook_damaged"
        raise CannotDo(Problem(code, file=path.name, details={"reason": reason})) from None
    return found


def _open(path: Path) -> CalamineWorkbook:
    """By the name's ending first, which gives the better error; by content where the name is wrong."""
    import io

    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise
    except CalamineError as by_name:
        try:
            return CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        except CalamineError:
            raise by_name from None
