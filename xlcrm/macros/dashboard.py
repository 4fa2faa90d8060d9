"""The macro of the manager's page."""

from __future__ import annotations

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk


@declare(group="look", verb="dashboard")
def dashboard(desk: Desk) -> list[str]:
    """The Dashboard sheet of the quarters chosen on Home, brought to the front."""
    from xlcrm.jobs.dashboards import show_dashboard

    report = show_dashboard(desk.store, progress=desk.progress)
    desk.show_page("dashboard")
    return report.lines(desk.language)
