"""The manager's page as a PDF."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from xlcrm.jobs.dashboards import DashboardReport, Made
from xlcrm.jobs.store import Store, today


def print_dashboard(store: Store, out: Path, as_of: dt.date | None = None) -> DashboardReport:
    """Writes the page as a PDF; the workbook stays as it is.

    as_of: today, if none is given. Raises CannotDo where no quarter is known, or where the file cannot be written.
    """
    from xlcrm.printing.typst_painter import pdf

    made = Made.of(store, as_of or today())
    pdf([made.page(store, linked=False)], out, made.settings.language)
    return DashboardReport(made.board)
