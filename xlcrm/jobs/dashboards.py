"""The manager's page from the tables of a workbook, on its sheet with the rows behind its flow. `dashboardprint.py` makes a PDF of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.jobs import results
from xlcrm.jobs.quarter import type_names
from xlcrm.jobs.store import Progress, Store, no_progress, today
from xlcrm.rules.dashboard import Dashboard, KeyFigure, Moves, WarningLine, gaps_worth_closing, rfm_grid, route_lines
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.texts import Language, text

if TYPE_CHECKING:
    from xlcrm.rules.comparison import Comparison
    from xlcrm.rules.trend import QuarterTotals
    from xlcrm.sheets.dashboardlinks import DashboardLinks
    from xlcrm.sheets.pages import Page

MOST_SIGNALS = 2
"""Signs that a line of warnings names."""


@dataclass(frozen=True, slots=True)
class DashboardReport:
    """What stands on the page."""

    board: Dashboard

    def lines(self, language: Language) -> list[str]:
        """For a terminal or a message box."""
        from xlcrm.sheets.pagewords import compared_label, signed

        board = self.board
        return [
            text(
                "dashboard.painted", language, quarters=compared_label(board.current, board.previous, language),
                sheet=text("sheets.dashboard", language), customers=f"{board.flow.total:,}", net=signed(board.moves.net),
                warned=f"{sum(warning.customers for warning in board.warnings):,}",
            )
        ]  # fmt: skip


def show_dashboard(store: Store, as_of: dt.date | None = None, progress: Progress = no_progress) -> DashboardReport:
    """Paints the page on its sheet and fills the table of the flow; nothing else changes.

    The quarters are those chosen in the workbook. as_of: today, if none is given. Raises CannotDo where no quarter is known.
    """
    from xlcrm.sheets.changes import WorkbookChanges
    from xlcrm.sheets.dashboardlinks import shown_flow

    language = store.settings().language
    progress(text("cli.step_compute", language), 0, 3)
    made = Made.of(store, as_of or today())
    progress(text("cli.step_pages", language), 1, 3)
    page = made.page(store, linked=True)
    progress(text("cli.step_save", language), 2, 3)
    tables = {"grade_flow": shown_flow(made.flow_rows, language)} if store.has("grade_flow") else {}
    store.save(WorkbookChanges(tables=tables, pages=[page]))
    return DashboardReport(made.board)


@dataclass(frozen=True)
class Made:
    """The page's values, and what its links are made of."""

    board: Dashboard
    flow_rows: pl.DataFrame
    settings: Settings

    @classmethod
    def of(cls, store: Store, as_of: dt.date) -> Made:
        """Of the quarters chosen in the workbook. Raises CannotDo where no quarter is known."""
        from xlcrm.jobs.voices import surveys_of
        from xlcrm.sheets.dashboardlinks import flow_rows

        frames = results.read_records(store)
        if (surveys := surveys_of(store)) is not None:
            frames["surveys"] = surveys.frame
        settings = store.settings()
        current, previous = results.pair(frames, settings, None, None)
        settings = settings.model_copy(update={"current_quarter": current, "previous_quarter": previous})
        comparison = results.comparison_of(frames, settings, current, previous, as_of)
        names = dict(comparison.visit_lines.select(c.CUSTOMER_CODE, c.CUSTOMER_NAME).drop_nulls().iter_rows())
        analysed = analysed_on(store, as_of) or analysed_by_rules(frames, settings, as_of)
        return cls(board_of(frames, comparison, settings, analysed), flow_rows(comparison.changes, names, settings.grammar), settings)

    def page(self, store: Store, linked: bool) -> Page:
        """linked: with links to the rows, as on its sheet; paper has none."""
        from xlcrm.sheets.dashboardlinks import DashboardLinks
        from xlcrm.sheets.dashboardpage import dashboard_page

        links = self._links(store) if linked else DashboardLinks()
        return dashboard_page(self.board, self.settings, self.board.as_of, type_names(store.read("business_types").frame), links)

    def _links(self, store: Store) -> DashboardLinks:
        from xlcrm.sheets.dashboardlinks import DashboardLinks, flow_links, gap_links, route_links, type_links

        language = self.settings.language
        types, gaps = {}, {}
        if store.has("grade_changes"):
            stands = store.read("grade_changes", only=(c.BUSINESS_TYPE,))
            if c.BUSINESS_TYPE in stands.frame.columns:
                rows = list(zip(stands.rows.to_list(), stands.frame[c.BUSINESS_TYPE].to_list(), strict=True))
                types = type_links(rows, {name: sum(sizes) for name, sizes in self.board.distribution}, language)
        if store.has("gaps"):
            found = store.read("gaps", only=(c.CUSTOMER_CODE,))
            gaps = gap_links(dict(zip(found.frame[c.CUSTOMER_CODE].to_list(), found.rows.to_list(), strict=True)), language)
        flow = flow_links(self.flow_rows, language) if store.has("grade_flow") else {}
        return DashboardLinks(flow, types, gaps, route_links(store.page_ids()))


@dataclass(frozen=True)
class Analysed:
    """Scores of recency and frequency (r, f), warnings (level, signals, action) of a day. on_sheet: they are the workbook's own rows."""

    scores: pl.DataFrame
    warnings: pl.DataFrame
    on_sheet: bool


def analysed_on(store: Store, as_of: dt.date) -> Analysed | None:
    """What Analyse has put into the workbook, if it was of that day: then the page's figures are those of the sheets they lead to."""
    if not (store.has("rfm") and store.has("warnings")):
        return None
    scores = store.read("rfm", only=(c.LAST_DATE, c.RECENCY_DAYS, c.R, c.F)).frame
    if not scores.height or {c.LAST_DATE, c.RECENCY_DAYS, c.R, c.F} - set(scores.columns):
        return None
    last, days = scores.select(c.LAST_DATE, c.RECENCY_DAYS).row(0)
    if last is None or days is None or last + dt.timedelta(days=days) != as_of:
        return None
    return Analysed(scores, store.read("warnings", only=(c.LEVEL, c.SIGNALS, c.ACTION)).frame, True)


def analysed_by_rules(frames: Mapping[str, pl.DataFrame], settings: Settings, as_of: dt.date) -> Analysed:
    """The same by the rules alone, for a day of which the workbook holds no analysis."""
    from xlcrm.jobs.analysing import weekly_visits
    from xlcrm.jobs.voices import feedback_of
    from xlcrm.rules.rfm import rfm
    from xlcrm.rules.warnings import warn

    scores = rfm(frames["purchases"], as_of).customers
    capacity = weekly_visits(settings, max(frames["customers"].height, len(scores)))
    feedback = feedback_of(frames.get("surveys"), as_of)
    warned = warn(frames["purchases"], frames["follow_ups"], as_of, capacity=capacity, feedback=feedback, language=settings.language)
    return Analysed(scores, warned.rows, False)


def board_of(frames: Mapping[str, pl.DataFrame], comparison: Comparison, settings: Settings, analysed: Analysed) -> Dashboard:
    """Everything on the page. frames: the record tables, the purchases with their quarter."""
    from xlcrm.rules.flow import distribution, flow
    from xlcrm.rules.trend import quarter_trend
    from xlcrm.sheets.dashboardlists import gaps_shown

    summary = comparison.route_summary.rows(named=True)
    routes = route_lines(summary)
    states = comparison.changes.get_column(c.STATE)
    moves = Moves(int((states == c.UP).sum()), int((states == c.DOWN).sum()), net_of(frames, settings, comparison.previous))
    trend = quarter_trend(frames["purchases"], comparison.current)
    before = quarter_trend(frames["purchases"], comparison.previous, 1)[0]
    return Dashboard(
        current=comparison.current, previous=comparison.previous, as_of=comparison.as_of,
        reconciled=bool(comparison.reconciliation.get_column("ok").all()), quarters=[totals.quarter for totals in trend],
        figures=key_figures(trend, before, settings), moves=moves, distribution=distribution(comparison.changes, settings.grammar),
        flow=flow(comparison.changes, settings.grammar), routes=routes,
        gaps=gaps_worth_closing(comparison.visit_lines.rows(named=True), settings, gaps_shown(len(routes))),
        warnings=[*slipping(analysed, settings.language), *overdue_warning(summary, settings.language)],
        rfm=rfm_grid(analysed.scores.select(c.R, c.F).drop_nulls().rows()) if analysed.scores.height else [],
    )  # fmt: skip


def key_figures(trend: Sequence[QuarterTotals], before: QuarterTotals, settings: Settings) -> list[KeyFigure]:
    """Buyers, quantity and amount of the last quarter of the trend."""
    from xlcrm.rules.trend import values_of

    goals = {
        c.QUANTITY: _scaled(settings.goal_quantity, SCALE[ColumnKind.QUANTITY]),
        c.AMOUNT: _scaled(settings.goal_amount, SCALE[ColumnKind.MONEY]),
    }
    return [
        KeyFigure(name, getattr(trend[-1], measure), getattr(before, measure), goals.get(name), values_of(trend, measure))
        for name, measure in (("customers", "buyers"), (c.QUANTITY, "quantity"), (c.AMOUNT, "amount"))
    ]


def _scaled(goal: float | None, scale: int) -> int | None:
    return None if goal is None else round(goal * scale)


def net_of(frames: Mapping[str, pl.DataFrame], settings: Settings, quarter: str) -> int | None:
    """Promoted minus demoted of a quarter against the one before it; None where one of them has no grades."""
    from xlcrm.rules.changes import grade_changes
    from xlcrm.rules.grades import graded
    from xlcrm.rules.quarters import previous_quarter

    earlier = previous_quarter(quarter)
    grades = frames["grades"]
    if not {quarter, earlier} <= set(grades.get_column(c.QUARTER).unique().to_list()):
        return None
    states = grade_changes(frames["customers"], graded(grades, settings.grammar), quarter, earlier).collect().get_column(c.STATE)
    return int((states == c.UP).sum()) - int((states == c.DOWN).sum())


def slipping(analysed: Analysed, language: Language) -> list[WarningLine]:
    """A line for each level with a customer: how many, the signs that most of them show, what most of them need."""
    from xlcrm.sheets.dashboardlinks import sheet_link

    rows, link = analysed.warnings, sheet_link("warnings") if analysed.on_sheet else ""
    lines = []
    for level in (2, 1):
        of_level = rows.filter(pl.col(c.LEVEL) == level)
        if not of_level.height:
            continue
        signals = Counter(signal for held in of_level[c.SIGNALS].drop_nulls().to_list() for signal in held.split(","))
        most = sorted(signals.items(), key=lambda item: (-item[1], item[0]))[:MOST_SIGNALS]
        said = [text("dashboard.signals", language, signal=text(f"dashboard.{name}", language), count=count) for name, count in most]
        ((action, _),) = Counter(of_level[c.ACTION].to_list()).most_common(1)
        lines.append(WarningLine(level, of_level.height, text("dashboard.separator", language).join(said), action, link))
    return lines


def overdue_warning(summary: Sequence[Mapping[str, object]], language: Language) -> list[WarningLine]:
    """Visits overdue and the route that has most of them; nothing where none is."""
    from xlcrm.sheets.dashboardlinks import sheet_link
    from xlcrm.sheets.pagewords import route_title

    counts = {row[c.ROUTE]: overdue for row in summary if isinstance(overdue := row.get(c.OVERDUE), int) and overdue}
    total = sum(counts.values())
    if not total:
        return []
    worst = max(counts, key=lambda route: counts[route])
    reason, action = text("dashboard.overdue", language), text("dashboard.replan_all", language)
    # One route is only worth naming where it stands out.
    if worst is not None and len(counts) > 1 and counts[worst] >= 2 * total / len(counts):
        route = route_title(str(worst), language)
        reason = text("dashboard.overdue_most", language, count=counts[worst], route=route)
        action = text("dashboard.replan", language, route=route)
    return [WarningLine(0, total, reason, action, sheet_link("visit_plan"))]
