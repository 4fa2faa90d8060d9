"""Why a customer has its grade, in lines of text."""

from __future__ import annotations

from xlcrm.jobs.results import pair
from xlcrm.jobs.store import Store
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules.why import ROW, why
from xlcrm.tables.quarters import purchase_quarter


def explain_grade(store: Store, code: str, quarter: str | None = None) -> list[str]:
    """The source rows of the grade, the rule, the threshold, the earlier quarter; nothing is written.

    quarter: without it the workbook's own. Raises CannotDo where no table knows the code, or no quarter is known.
    """
    settings = store.settings()
    read = {table_id: store.read(table_id) for table_id in ("customers", "grades", "purchases")}
    frames = {table_id: checked.frame for table_id, checked in read.items()}
    frames["purchases"] = frames["purchases"].with_columns(purchase_quarter())
    current, previous = pair(frames, settings, quarter, None)
    # Where a row stands; a table keeps the order in which it was read.
    numbered = {table_id: frames[table_id].with_columns(read[table_id].rows.alias(ROW)) for table_id in ("grades", "purchases")}
    lines = why(
        code, frames["customers"], numbered["grades"], numbered["purchases"], settings, current, store.read("grade_rules").frame, previous
    )  # fmt: skip
    if not lines:
        raise CannotDo(Problem("unknown_customer", file=store.name, value=code))
    return [line.line(settings.language) for line in lines]
