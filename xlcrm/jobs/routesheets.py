"""The printed sheets alone: brought up to date from the tables as they stand, nothing else touched."""

from __future__ import annotations

import datetime as dt

from xlcrm.jobs.quarter import type_names
from xlcrm.jobs.results import compared, outdated_pages
from xlcrm.jobs.store import Progress, Store, no_progress, today
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.pages import Page
from xlcrm.texts import text


def build_route_sheets(store: Store, printed_on: dt.date | None = None, progress: Progress = no_progress) -> list[str]:
    """Paints one sheet a route and takes away those of routes that are gone; returns the ids of the pages.

    The quarters are those chosen in the workbook. Raises CannotDo where no quarter is known.
    """
    pages = [page for page in current_pages(store, printed_on or today(), progress) if page.id.startswith("route:")]
    gone = sorted({page_id for page_id in store.page_ids() if page_id.startswith("route:")} - {page.id for page in pages})
    progress(text("cli.step_save", store.settings().language), 2, 3)
    store.save(WorkbookChanges(pages=pages, removed_pages=gone))
    return [page.id for page in pages]


def build_print_sheets(store: Store, printed_on: dt.date | None = None, progress: Progress = no_progress) -> list[str]:
    """Paints every sheet of the print pack: routes, statistics, minimums. Raises CannotDo where the counts do not add up."""
    pages = current_pages(store, printed_on or today(), progress, must_reconcile=True)
    progress(text("cli.step_save", store.settings().language), 2, 3)
    store.save(WorkbookChanges(pages=pages, removed_pages=outdated_pages(store, pages)))
    return [page.id for page in pages]


def current_pages(store: Store, printed_on: dt.date, progress: Progress = no_progress, must_reconcile: bool = False) -> list[Page]:
    """Every page of the quarters chosen in the workbook, from its tables as they stand."""
    from xlcrm.sheets.views import pages, refuse_unreconciled

    settings = store.settings()
    progress(text("cli.step_compute", settings.language), 0, 3)
    comparison = compared(store)
    settings = settings.model_copy(update={"current_quarter": comparison.current, "previous_quarter": comparison.previous})
    if must_reconcile:
        refuse_unreconciled(comparison, settings)
    progress(text("cli.step_pages", settings.language), 1, 3)
    return pages(comparison, settings, printed_on=printed_on, type_names=type_names(store.read("business_types").frame))
