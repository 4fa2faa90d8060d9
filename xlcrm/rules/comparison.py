"""Two quarters compared: every result of grading.md 3-7 from the record tables, computed once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from xlcrm.problems import Problem
from xlcrm.rules.advice import DROPPED_PRODUCT, advise, is_near_next, share_missing
from xlcrm.rules.changes import grade_changes
from xlcrm.rules.followups import last_follow_ups
from xlcrm.rules.frames import Frame, collected, lazy, mapped, of_quarters, records, tuples
from xlcrm.rules.gaps import gaps
from xlcrm.rules.grades import graded
from xlcrm.rules.links import repeated_keys, route_conflicts
from xlcrm.rules.minimums import holders, minimums, tier_minimums
from xlcrm.rules.reconcile import listed_customers, reconciliation
from xlcrm.rules.routes import RouteBatches, route_batches, route_places, with_batch
from xlcrm.rules.statistics import COUNTED, change_statistics
from xlcrm.rules.summary import by_route, customers_per_size, route_summary, share_of_change
from xlcrm.rules.totals import PURCHASES_COUNT, quarter_totals, totals_of
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES

TOP_GAPS_SHOWN = 3

Rows = Sequence[Mapping[str, Any]]
"""The visit lines as plain values."""


@dataclass(frozen=True)
class Comparison:
    """The results, as native frames of the engine that the tables came in.

    changes, statistics, minimums, gaps, route_summary: the columns of `tables/results.py`. reconciliation: one row a route,
    with `sum` and `ok`. visit_lines: one row a customer in the order of the visits, with everything a route sheet shows.
    """

    current: str
    previous: str
    as_of: dt.date
    changes: Any
    statistics: Any
    minimums: Any
    gaps: Any
    route_summary: Any
    reconciliation: Any
    visit_lines: Any
    problems: list[Problem]


def compare(
    customers: Any,
    routes: Any,
    grades: Any,
    purchases: Any,
    follow_ups: Any,
    settings: Settings,
    current: str,
    previous: str,
    as_of: dt.date,
) -> Comparison:
    """Compares two quarters. Frames are typed tables (eager), `purchases` with its quarter column filled.

    as_of: the day that visits are due against. Quarters as 2017Q1; any two may be compared.
    """
    basis = _basis(customers, routes, grades, purchases, settings, current, previous)
    known, changes, now, before, tiers, customer_gaps = basis.customers, basis.changes, basis.now, basis.before, basis.tiers, basis.gaps
    batches, parts = basis.batches, basis.graded
    last = last_follow_ups(follow_ups)
    dropped = _dropped_products(purchases, changes, current, previous)
    lines = _visit_lines(known, changes, now, before, customer_gaps, last, dropped, batches.position)
    rows = records(lines)
    lines = _with_advice(lines, rows, settings)
    summary = collected(route_summary(changes, now, before))
    reconciled = reconciliation(summary, listed_customers(known, parts.get_column(c.CUSTOMER_CODE).to_list()))
    return Comparison(
        current=current, previous=previous, as_of=as_of,
        changes=_native(changes.select(*TABLES["grade_changes"].column_ids).sort(c.CUSTOMER_CODE)),
        statistics=_native(change_statistics(changes, settings.batches)),
        minimums=_with_holders(collected(minimums(tiers)), collected(holders(changes, now, tiers))).to_native(),
        gaps=_native(customer_gaps.select(*TABLES["gaps"].column_ids).sort(c.CUSTOMER_CODE)),
        route_summary=by_route(_with_visits(summary, lines, rows, settings, as_of), batches.position).to_native(),
        reconciliation=by_route(reconciled, batches.position).to_native(),
        visit_lines=lines.to_native(),
        problems=[
            *_repeated(known, of_quarters(lazy(grades), current, previous), settings), *_problems(known, lines),
            *_without_batch(lines, settings),
        ],
    )  # fmt: skip


def visit_line(
    code: str, customers: Any, routes: Any, grades: Any, purchases: Any, follow_ups: Any, settings: Settings, current: str, previous: str
) -> dict[str, Any] | None:
    """The visit line of one customer with its advice, as `compare` gives it for everyone; None where no table knows the code."""
    basis = _basis(customers, routes, grades, purchases, settings, current, previous)
    own = nw.col(c.CUSTOMER_CODE) == code
    changes = basis.changes.filter(own)
    dropped = _dropped_products(lazy(purchases).filter(own), changes, current, previous)
    last = last_follow_ups(lazy(follow_ups).filter(own))
    lines = _visit_lines(
        basis.customers.filter(own), changes, basis.now, basis.before, basis.gaps.filter(own), last, dropped, basis.batches.position
    )
    for line in records(lines):
        return {**line, c.ADVICE: advise(line, settings).text(settings)}
    return None


@dataclass(frozen=True)
class _Basis:
    """What every result of a comparison starts from. graded: the grades of both quarters with their parts."""

    customers: nw.DataFrame[Any]
    batches: RouteBatches
    graded: nw.DataFrame[Any]
    changes: Frame
    now: Frame
    before: Frame
    tiers: Frame
    gaps: Frame


def _basis(customers: Any, routes: Any, grades: Any, purchases: Any, settings: Settings, current: str, previous: str) -> _Basis:
    known = nw.from_native(customers, eager_only=True)
    parts = collected(of_quarters(graded(grades, settings.grammar), current, previous))
    batches = route_batches(routes, settings)
    changes = collected(with_batch(grade_changes(known, parts.lazy(), current, previous), batches)).lazy()
    totals = collected(quarter_totals(purchases, (current, previous))).lazy()
    now, before = totals_of(totals, current), totals_of(totals, previous, "previous_")
    tiers = collected(tier_minimums(changes, now, len(settings.grammar.sizes) - 1)).lazy()
    customer_gaps = collected(gaps(changes, now, tiers)).lazy()
    return _Basis(known, batches, parts, changes, now, before, tiers, customer_gaps)


def _native(frame: Frame) -> Any:
    return collected(frame).to_native()


def _visit_lines(
    customers: nw.DataFrame[Any],
    changes: Frame,
    now: Frame,
    before: Frame,
    customer_gaps: Frame,
    last: Frame,
    dropped: Frame,
    positions: Mapping[str, int],
) -> nw.DataFrame[Any]:
    """Everyone with profile, state, figures of both quarters, gaps and last follow-up; by route, visit order, code."""
    wanted = (c.CUSTOMER_NAME, c.CONTACT, c.PHONE, c.ADDRESS, c.VISIT_ORDER, c.OWNER)
    profile_columns = [name for name in wanted if name in customers.columns]
    profile = customers.select(c.CUSTOMER_CODE, *profile_columns).unique(c.CUSTOMER_CODE, keep="first", maintain_order=True).lazy()
    joined = changes.select(
        c.CUSTOMER_CODE, c.ROUTE, c.BATCH, c.ACCOUNT_MANAGER, c.BUSINESS_TYPE, c.SIZE, c.GRADE, c.PREVIOUS_GRADE, c.STATE, c.SHOWN
    )
    without_grade = (
        c.NEXT_GRADE, c.NEXT_MIN_QUANTITY, c.NEXT_MIN_AMOUNT, c.GAP_QUANTITY, c.GAP_AMOUNT, c.CUSHION_QUANTITY, c.CUSHION_AMOUNT,
        c.SKIPPED_TIERS,
    )  # fmt: skip
    for other in (profile, now, before, customer_gaps.select(c.CUSTOMER_CODE, *without_grade), last, dropped):
        joined = joined.join(other, on=c.CUSTOMER_CODE, how="left")
    full = joined.with_columns(share_of_change(c.QUANTITY, c.PREVIOUS_QUANTITY).alias(c.CHANGE))
    manager = nw.col(c.ACCOUNT_MANAGER)
    if c.OWNER in profile_columns:
        manager = nw.when(manager.is_null()).then(nw.col(c.OWNER)).otherwise(manager)
    named = collected(full.with_columns(manager.alias(c.ACCOUNT_MANAGER)))
    placed = named.with_columns(mapped(c.ROUTE, route_places(named, positions), like=0).alias("_route"))
    order = [name for name in (c.VISIT_ORDER,) if name in profile_columns]
    return placed.sort("_route", *order, c.CUSTOMER_CODE, nulls_last=True).drop("_route")


def _dropped_products(purchases: Any, changes: Frame, current: str, previous: str) -> Frame:
    """customer_code, dropped_product: for the demoted, the largest product of the earlier quarter that is bought no more."""
    rows = lazy(purchases)
    if c.PRODUCT_CODE not in rows.collect_schema().names():
        rows = rows.with_columns(nw.lit(None).cast(nw.String).alias(c.PRODUCT_CODE))
    demoted = changes.filter(nw.col(c.STATE) == c.DOWN).select(c.CUSTOMER_CODE)
    bought = rows.filter(~nw.col(c.PRODUCT_CODE).is_null()).join(demoted, on=c.CUSTOMER_CODE, how="inner")
    sums = bought.group_by(c.CUSTOMER_CODE, c.PRODUCT_CODE, c.QUARTER).agg(nw.col(c.QUANTITY).sum()).filter(nw.col(c.QUANTITY) > 0)
    earlier = sums.filter(nw.col(c.QUARTER) == previous)
    still = sums.filter(nw.col(c.QUARTER) == current).select(c.CUSTOMER_CODE, c.PRODUCT_CODE)
    gone = earlier.join(still, on=[c.CUSTOMER_CODE, c.PRODUCT_CODE], how="anti")
    largest = gone.group_by(c.CUSTOMER_CODE).agg(nw.col(c.QUANTITY).max().alias("largest"))
    chosen = gone.join(largest, on=c.CUSTOMER_CODE, how="inner").filter(nw.col(c.QUANTITY) == nw.col("largest"))
    return chosen.group_by(c.CUSTOMER_CODE).agg(nw.col(c.PRODUCT_CODE).min().alias(DROPPED_PRODUCT))


def _with_advice(lines: nw.DataFrame[Any], rows: Rows, settings: Settings) -> nw.DataFrame[Any]:
    advice = [advise(line, settings).text(settings) for line in rows]
    return lines.with_columns(nw.new_series(c.ADVICE, advice, nw.String(), backend=lines.implementation))


def _with_holders(table: nw.DataFrame[Any], held: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """The minimums with `quantity_holders` and `amount_holders`: codes with commas between them, in order."""
    codes: dict[tuple[str, str], list[str]] = {}
    for grade, code, by_quantity, by_amount in tuples(held.sort(c.GRADE, c.CUSTOMER_CODE)):
        for column, holds in ((c.QUANTITY_HOLDERS, by_quantity), (c.AMOUNT_HOLDERS, by_amount)):
            if holds:
                codes.setdefault((column, grade), []).append(code)
    grades = table.get_column(c.GRADE).to_list()
    return table.with_columns(
        *(
            nw.new_series(column, [",".join(codes.get((column, grade), ())) for grade in grades], nw.String(), backend=table.implementation)
            for column in (c.QUANTITY_HOLDERS, c.AMOUNT_HOLDERS)
        )
    )


def _with_visits(summary: nw.DataFrame[Any], lines: nw.DataFrame[Any], rows: Rows, settings: Settings, as_of: dt.date) -> nw.DataFrame[Any]:
    """The summary with visits due and overdue, customers per size, and the gaps most worth closing."""
    found: dict[str | None, list[Mapping[str, object]]] = {}
    for line in rows:
        found.setdefault(line[c.ROUTE], []).append(line)
    due, overdue, top = [], [], []
    for (route,) in tuples(summary.select(c.ROUTE)):
        here = found.get(route, [])
        ages = [(as_of - last).days if isinstance(last := line.get(c.LAST_FOLLOW_UP), dt.date) else None for line in here]
        due.append(sum(age is None or age >= settings.visit_interval_days for age in ages))
        overdue.append(sum(age is not None and age > settings.visit_interval_days for age in ages))
        near = [line for line in here if line.get(c.NEXT_GRADE) and is_near_next(line, settings)]
        near.sort(key=lambda line: (share_missing(line), str(line[c.CUSTOMER_CODE])))
        top.append(
            "; ".join(f"{line.get(c.CUSTOMER_NAME) or line[c.CUSTOMER_CODE]} → {line[c.NEXT_GRADE]}" for line in near[:TOP_GAPS_SHOWN])
        )
    backend = summary.implementation
    return summary.with_columns(
        nw.new_series(c.DUE, due, nw.Int64(), backend=backend), nw.new_series(c.OVERDUE, overdue, nw.Int64(), backend=backend),
        customers_per_size(summary, lines, settings), nw.new_series(c.TOP_GAPS, top, nw.String(), backend=backend),
    )  # fmt: skip


def _repeated(customers: nw.DataFrame[Any], grades: Frame, settings: Settings) -> list[Problem]:
    """Customers on two routes, customers listed twice, and two grades of one customer in one quarter: each counts once."""
    problems = []
    sheets = {table: TABLES[table].label(settings.language) for table in ("customers", "grades")}
    for code, routes in tuples(nw.from_native(route_conflicts(customers.to_native()), eager_only=True)):
        problems.append(Problem("customer_on_two_routes", sheet=sheets["customers"], value=code, details={"routes": routes}))
    tables: tuple[tuple[str, nw.DataFrame[Any]], ...] = (("customers", customers), ("grades", collected(grades)))
    for table, frame in tables:
        found = nw.from_native(repeated_keys(frame.to_native(), TABLES[table].key), eager_only=True)
        for key, count in tuples(found):
            problems.append(Problem("repeated_key", sheet=sheets[table], value=key, details={"count": count}))
    return problems


def _problems(customers: nw.DataFrame[Any], lines: nw.DataFrame[Any]) -> list[Problem]:
    """Graded codes that Customers does not hold, graded customers without a purchase record, recorded zeros."""
    codes = {code for (code,) in tuples(customers.select(c.CUSTOMER_CODE))}
    problems = [Problem("graded_without_customer", value=code) for (code,) in tuples(lines.select(c.CUSTOMER_CODE)) if code not in codes]
    with_grade = lines.filter(~nw.col(c.GRADE).is_null())
    unknown = nw.col(PURCHASES_COUNT).is_null()
    without, zeros = (
        [code for (code,) in tuples(with_grade.filter(which).select(c.CUSTOMER_CODE))]
        for which in (unknown, ~unknown & ((nw.col(c.QUANTITY) == 0) | (nw.col(c.AMOUNT) == 0)))
    )
    for name, found in (("graded_without_purchases", without), ("recorded_zero", zeros)):
        if found:
            shown = ", ".join(found[:5]) + (" …" if len(found) > 5 else "")
            problems.append(Problem(name, value=shown, details={"count": len(found)}))
    return problems


def _without_batch(lines: nw.DataFrame[Any], settings: Settings) -> list[Problem]:
    """Routes whose batch the change statistics do not show: their promoted, kept and demoted stand in the totals alone."""
    found: dict[str, int] = {}
    for route, batch, state in tuples(lines.select(c.ROUTE, c.BATCH, c.STATE)):
        if route is not None and state in COUNTED and batch not in settings.batches:
            found[route] = found.get(route, 0) + 1
    if not found:
        return []
    return [Problem("routes_without_batch", value=", ".join(sorted(found)), details={"count": sum(found.values())})]
