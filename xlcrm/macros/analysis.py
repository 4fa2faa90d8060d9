"""Macros that analyse: what customers are worth, where they stand, who is slipping."""

from __future__ import annotations

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk


@declare(group="look", verb="analyse")
def analyse(desk: Desk) -> list[str]:
    """Everything of the analysis, as of today."""
    from xlcrm.jobs.analysing import analyse as compute

    return compute(desk.store, progress=desk.progress).lines(desk.language)
