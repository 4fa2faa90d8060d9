"""Plans the visits of the coming cycles, and says what became of the plan so far."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.jobs.planreport import Move, PlanReport, PlanStatus
from xlcrm.jobs.recording import save
from xlcrm.jobs.store import Store, today
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules import tours
from xlcrm.rules.adherence import Visit, adherence_table, days_of_visits, fulfilled, so_far
from xlcrm.rules.routes import route_batches, routes_in_order
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import DTYPES
from xlcrm.texts import text

if TYPE_CHECKING:
    from xlcrm.jobs.planfile import CalendarDay
    from xlcrm.rules.visitplan import Planned, PlannedDay, VisitPlan

_WRITTEN = (c.DATE, c.ROUTE, c.POSITION, c.CUSTOMER_CODE, c.MINUTES, c.CUSTOMER_NAME, c.GRADE, c.DONE_ON)
_READ = ("customers", "routes", "grades", "follow_ups", "visit_plan")
MOST_CYCLES = 52


def plan(store: Store, from_day: dt.date, cycles: int = 1, as_of: dt.date | None = None, calendar: Path | None = None) -> PlanReport:
    """Plans so many cycles from the first working day on the day or after it, in the place of what was planned from that day on.

    Rows of earlier days stay. as_of: the day up to which Adherence counts; today, if none is given. calendar: an `.ics` file to write
    besides. Raises CannotDo, with nothing changed, where nobody is on a route or due in that time, or the workbook or that file cannot be
    written.
    """
    from xlcrm.rules.visitplan import visit_plan
    from xlcrm.sheets.changes import WorkbookChanges

    if not 1 <= cycles <= MOST_CYCLES:
        raise CannotDo(Problem("too_many_cycles", value=str(cycles), details={"most": MOST_CYCLES}))
    settings, as_of = store.settings(), as_of or today()
    frames = {table_id: store.read(table_id).frame for table_id in _READ}
    last = planned_visits(frames["visit_plan"])
    made = visit_plan(frames["customers"], frames["routes"], frames["grades"], settings, from_day, cycles, last)
    if not made.days and made.stops:
        raise CannotDo(Problem("nothing_due_to_plan", file=store.name, details={"first": made.first_day, "last": made.last_day}))
    if not made.days:
        raise CannotDo(Problem("nothing_to_plan", file=store.name))
    orders, kinds, without_routing = _orders(made, frames["customers"], frames["routes"], settings)
    rows = _with_done(_rows(made, orders, frames), frames["follow_ups"])
    changes = WorkbookChanges(tables={"visit_plan": rows, "adherence": _adherence(rows, frames["routes"], settings, as_of)})
    before = {"visit_plan": frames["visit_plan"]}
    names = dict(frames["customers"].select(c.CUSTOMER_CODE, c.CUSTOMER_NAME).iter_rows())
    report = _report(made, last, names, kinds, without_routing, calendar)
    if calendar is None:
        save(store, "plan", changes, before)
        return report
    from xlcrm.jobs.planfile import PartFile, calendar_bytes
    from xlcrm.jobs.store import now

    content = calendar_bytes(_calendar_days(made, orders, frames["customers"]), settings, now())
    with PartFile(calendar, content) as part:  # beside first: where that cannot be done, the workbook stays as it is
        save(store, "plan", changes, before)
        return replace(report, calendar_fault=part.put_in_place())


def next_working_day(settings: Settings, day: dt.date) -> dt.date:
    """The first working day after a day."""
    from xlcrm.rules.visitcycle import Cycle

    return Cycle.of(settings).first_day(day + dt.timedelta(days=1))


def refreshed(store: Store, as_of: dt.date | None = None, follow_ups: pl.DataFrame | None = None) -> dict[str, pl.DataFrame]:
    """The tables Visit plan and Adherence as the follow-ups make them now, for a job to write with its own changes.

    Nothing is written here. as_of: today, if none is given. follow_ups: as they will stand; without them they are read. Empty where there
    is no plan.
    """
    if not store.has("visit_plan"):
        return {}
    as_it_is = store.read("visit_plan").frame
    if as_it_is.is_empty():
        return {}
    done = _with_done(as_it_is, store.read("follow_ups").frame if follow_ups is None else follow_ups)
    return {"visit_plan": done, "adherence": _adherence(done, store.read("routes").frame, store.settings(), as_of or today())}


def status(store: Store, as_of: dt.date | None = None) -> PlanStatus:
    """What became of the plan until that day (today, if none is given), by route and by week; nothing is written."""
    as_of = as_of or today()
    tables, settings = refreshed(store, as_of), store.settings()
    visits = _visits(tables["visit_plan"]) if tables else []
    return PlanStatus(as_of, so_far(visits, as_of), _routes_in_order(visits, store.read("routes").frame, settings), len(visits))


def current_plan(store: Store) -> pl.DataFrame:
    """The plan as it stands, with the days of the visits that were made."""
    tables = refreshed(store)
    return tables["visit_plan"] if tables else store.read("visit_plan").frame


def current_adherence(store: Store, as_of: dt.date | None = None) -> pl.DataFrame:
    """The table Adherence as the follow-ups make it now."""
    tables = refreshed(store, as_of)
    return (
        tables["adherence"] if tables else pl.DataFrame(schema={name: _dtype("adherence", name) for name in TABLES["adherence"].column_ids})
    )


def planned_visits(frame: pl.DataFrame) -> list[Planned]:
    """The rows of the table Visit plan that name a day and a customer."""
    from xlcrm.rules.visitplan import Planned

    return [Planned(*row) for row in frame.drop_nulls([c.DATE, c.CUSTOMER_CODE]).select(c.DATE, c.ROUTE, c.CUSTOMER_CODE).iter_rows()]


def _dtype(table_id: str, name: str) -> type[pl.DataType]:
    return DTYPES[TABLES[table_id].by_id[name].kind]


# --- The order inside the days.


def _orders(
    made: VisitPlan, customers: pl.DataFrame, routes: pl.DataFrame, settings: Settings
) -> tuple[dict[PlannedDay, Sequence[str]], Counter[tours.Order], bool]:
    """The codes of each day in the order of the visits, how many days go by what, and whether a package was missing for that."""
    place_of_route = {route: place for place, route in enumerate(routes_in_order(customers, route_batches(routes, settings).position))}
    columns = [c.CUSTOMER_CODE, c.ROUTE, c.VISIT_ORDER, c.ADDRESS, c.LATITUDE, c.LONGITUDE]
    known = _with_columns("customers", customers, columns).unique(c.CUSTOMER_CODE, keep="first", maintain_order=True)
    places = {
        code: tours.Place(code, place_of_route.get(route, len(place_of_route)), *where)
        for code, route, *where in known.select(columns).iter_rows()
    }
    found: dict[tuple[str, ...], tuple[list[str], tours.Order]] = {}  # the same customers come together in every cycle
    missing = False
    for day in made.days:
        if day.codes not in found:
            of_day = [places[code] for code in day.codes]
            try:
                found[day.codes] = tours.in_order(of_day)
            except tours.NoRouting:
                missing, found[day.codes] = True, tours.given_order(of_day)
    kinds = Counter(found[day.codes][1] for day in made.days)
    return {day: found[day.codes][0] for day in made.days}, kinds, missing


def _with_columns(table_id: str, frame: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """The frame with all these columns: a workbook made by an earlier version may lack some."""
    missing = [name for name in columns if name not in frame.columns]
    return frame.with_columns(pl.lit(None, _dtype(table_id, name)).alias(name) for name in missing)


# --- The table.


def _rows(made: VisitPlan, orders: Mapping[PlannedDay, Sequence[str]], frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Earlier days as they stand, then the new ones."""
    planned = [
        (day.date, made.stops[code].route, position, code, made.stops[code].minutes)
        for day in made.days
        for position, code in enumerate(orders[day], start=1)
    ]
    columns = _WRITTEN[: len(planned[0])]
    new = pl.DataFrame(planned, schema={name: _dtype("visit_plan", name) for name in columns}, orient="row")
    names = _with_columns("customers", frames["customers"], (c.SHOWN,)).unique(c.CUSTOMER_CODE, keep="first", maintain_order=True)
    named = names.select(c.CUSTOMER_CODE, c.CUSTOMER_NAME, pl.col(c.SHOWN).alias(c.GRADE))
    earlier = _with_columns("visit_plan", frames["visit_plan"], columns).filter(pl.col(c.DATE) < made.first_day)
    rows = pl.concat([earlier.select(*columns), new])
    return rows.join(named, on=c.CUSTOMER_CODE, how="left", maintain_order="left")


def _with_done(rows: pl.DataFrame, follow_ups: pl.DataFrame) -> pl.DataFrame:
    """The rows with the day on which each visit was made."""
    whole = rows.with_row_index("row").drop_nulls([c.DATE, c.CUSTOMER_CODE])
    days = fulfilled(whole.select(c.DATE, c.CUSTOMER_CODE).rows(), days_of_visits(follow_ups))
    done = whole.select("row", pl.Series(c.DONE_ON, days, dtype=pl.Date))
    without = rows.drop(c.DONE_ON, strict=False).with_row_index("row")
    return without.join(done, on="row", how="left", maintain_order="left").drop("row")


def _visits(rows: pl.DataFrame) -> list[Visit]:
    whole = rows.drop_nulls([c.DATE, c.CUSTOMER_CODE])
    return [Visit(*row) for row in whole.select(c.DATE, c.ROUTE, c.CUSTOMER_CODE, c.DONE_ON).iter_rows()]


def _adherence(rows: pl.DataFrame, routes: pl.DataFrame, settings: Settings, as_of: dt.date) -> pl.DataFrame:
    visits = _visits(rows)
    in_order = _routes_in_order(visits, routes, settings)
    made: pl.DataFrame = adherence_table(so_far(visits, as_of), in_order, text("plan.total", settings.language), rows)
    return made


def _routes_in_order(visits: Iterable[Visit], routes: pl.DataFrame, settings: Settings) -> list[str]:
    named = pl.DataFrame({c.ROUTE: sorted({visit.route for visit in visits if visit.route is not None})}, schema={c.ROUTE: pl.String})
    return routes_in_order(named, route_batches(routes, settings).position)


# --- What is said of it.


def _report(
    made: VisitPlan, last: Sequence[Planned], names: Mapping[str, str | None], kinds: Counter[tours.Order], without_routing: bool,
    calendar: Path | None,
) -> PlanReport:  # fmt: skip
    old, new = defaultdict(list), defaultdict(list)
    for visit in last:
        if made.first_day <= visit.date <= made.last_day:
            old[visit.code].append(visit.date)
    for day in made.days:
        for code in day.codes:
            new[code].append(day.date)
    until = max((date for dates in old.values() for date in dates), default=made.first_day - dt.timedelta(days=1))
    come = {code for code in new.keys() - old.keys() if new[code][0] <= until}
    moves = [
        Move(code, names.get(code) or "", *next((was, now) for was, now in zip(old[code], new[code], strict=False) if was != now))
        for code in sorted(old.keys() & new.keys())
        if any(was != now for was, now in zip(old[code], new[code], strict=False))
    ]
    minutes = [made.minutes(day) for day in made.days]
    return PlanReport(
        first_day=made.first_day, last_day=made.last_day, days=len(made.days), visits=sum(len(day.codes) for day in made.days),
        customers=len({code for day in made.days for code in day.codes}), least_minutes=min(minutes), most_minutes=max(minutes),
        had_plan=bool(old), moves=moves, come=len(come), gone=len(old.keys() - new.keys()),
        unrouted=made.unrouted, placed=made.placed, orders=kinds, without_routing=without_routing, calendar=calendar,
    )  # fmt: skip


def _calendar_days(made: VisitPlan, orders: Mapping[PlannedDay, Sequence[str]], customers: pl.DataFrame) -> list[CalendarDay]:
    from xlcrm.jobs.planfile import CalendarDay, CalendarStop

    known: dict[str, tuple[str, str]] = {}
    for code, name, address in customers.select(c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.ADDRESS).iter_rows():
        known.setdefault(code, (name or "", address or ""))
    days = []
    for day in made.days:
        stops = [CalendarStop(code, *known[code], made.stops[code].minutes) for code in orders[day]]
        routes = list(dict.fromkeys(made.stops[code].route for code in orders[day]))
        days.append(CalendarDay(day.date, day.person, routes, stops))
    return days
