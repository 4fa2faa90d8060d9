"""Macros that take back and protect."""

from __future__ import annotations

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk


@declare(group="safety", verb="undo")
def undo_last(desk: Desk) -> list[str]:
    """The run whose number is selected on the Audit sheet; elsewhere the last one."""
    from xlcrm.jobs.undoing import undo

    return undo(desk.store, desk.selected_run() or None).lines(desk.language, button=True)
