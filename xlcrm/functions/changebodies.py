"""What the functions of grade change compute."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import polars as pl

from xlcrm.functions import answers, cells
from xlcrm.functions.catalog import Cell, Grid
from xlcrm.functions.faults import Fault
from xlcrm.functions.given import Given
from xlcrm.functions.tablegrids import empty, read, settings_of
from xlcrm.rules.changes import MARKS, changes_of_rows
from xlcrm.rules.frames import Frame, collected, lazy
from xlcrm.rules.routes import RouteBatches, route_batches, with_batch
from xlcrm.rules.statistics import COUNTED, change_statistics
from xlcrm.rules.summary import by_route, customers_per_size, route_summary
from xlcrm.settings import Settings
from xlcrm.tables import cleaning
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import ColumnKind
from xlcrm.texts import Language, has, text

_ROUTE_COLUMNS = (c.ROUTE, c.BATCH, c.ACCOUNT_MANAGER, c.POSITION)


def marked_grades(given: Given) -> Grid:
    """`CS1↑`."""
    return _of_pairs(given, c.SHOWN)


def arrows(given: Given) -> Grid:
    """`↑`; nothing where the grade is kept."""
    return _of_pairs(given, c.STATE, MARKS)


def states(given: Given) -> Grid:
    """`Promoted`, `提升`."""
    labels = TABLES["route_summary"].by_id
    return _of_pairs(given, c.STATE, {state: labels[state].label(given.language) for state in c.STATES})


def _of_pairs(given: Given, column: str, words: dict[str, str] | None = None) -> Grid:
    """One answer a row; there are few different pairs of grades, so the rule sees each of them once."""
    settings = settings_of(given)
    given_columns = given.columns("current", "previous")

    def answer(pairs: list[Sequence[Cell]]) -> list[Cell]:
        rows, faults = _changes(pairs, settings)
        found = answers.cells_of(collected(rows).get_column(column).to_native())
        shown = [words.get(str(value), value) for value in found] if words else found
        for row, what in faults.items():
            shown[row] = what
        return ["" if all(map(cells.is_blank, pair)) else value for pair, value in zip(zip(*pairs, strict=True), shown, strict=True)]

    return [[value] for value in cells.by_distinct(given_columns, answer)]


def _changes(pairs: Sequence[Sequence[Cell]], settings: Settings) -> tuple[Frame, answers.Texts]:
    """grade, previous_grade, their parts, state, shown of every row; and the rows whose grade is none."""
    current, previous = (cells.grades(column, settings.grammar) for column in pairs)
    faults = [
        answers.faulty(cleaned, cells.texts(column), "grade", settings.language)
        for cleaned, column in zip((current, previous), pairs, strict=True)
    ]
    frame = pl.DataFrame([current.values.alias(c.GRADE), previous.values.alias(c.PREVIOUS_GRADE)])
    return changes_of_rows(lazy(frame), settings.grammar), answers.merged(*faults)


def statistics_table(given: Given) -> Grid:
    """The change statistics with their heads, the sum of every column in the last row."""
    settings = settings_of(given)
    routes, *pairs = given.columns("routes", "current", "previous")
    changes, faults, _ = _customers(routes, pairs, settings)
    found = collected(change_statistics(with_batch(changes, _batches(given, changes, settings)), settings.batches)).to_native()
    if not found.height:
        raise Fault("no_rows")
    counts = [name for name in found.columns if name not in (c.BUSINESS_TYPE, c.SIZE, c.GRADE)]
    total = found.select(counts).sum()
    language = settings.language
    labels = TABLES["change_statistics"].by_id
    heads = [*(labels[name].label(language) for name in (c.BUSINESS_TYPE, c.GRADE)), *(_count_head(name, language) for name in counts)]
    columns = [[*found[c.BUSINESS_TYPE], text("print.total", language)], [*found[c.GRADE], ""]]
    columns += [[*found[name], *total[name]] for name in counts]
    return answers.headed(heads, columns, language, faults)


def _count_head(name: str, language: Language) -> str:
    """`mon_up` -> `Mon ↑`, `total_kept` -> `All batches –`, `new` -> `New`."""
    batch, _, state = name.rpartition("_")
    if state not in COUNTED:
        return TABLES["route_summary"].by_id[name].label(language)
    of_batch = f"choices.{batch}"
    day = text("print.head_all_batches", language) if batch == c.TOTAL else text(of_batch, language) if has(of_batch) else batch
    return f"{day} {MARKS[state] or '–'}"


def summary_table(given: Given) -> Grid:
    """The route summary with its heads, routes by number, customers on no route last."""
    settings = settings_of(given)
    figures = {
        c.QUANTITY: ColumnKind.QUANTITY, c.AMOUNT: ColumnKind.MONEY,
        c.PREVIOUS_QUANTITY: ColumnKind.QUANTITY, c.PREVIOUS_AMOUNT: ColumnKind.MONEY,
    }  # fmt: skip
    routes, current, previous, *figure_columns = given.columns("routes", "current", "previous", *figures)
    values, faults = [], {}
    for column, (name, kind) in zip(figure_columns, figures.items(), strict=True):
        cleaned = cells.numbers(column, kind)
        values.append(cleaned.values.alias(name))
        faults.update(answers.faulty(cleaned, cells.texts(column), "number", settings.language))
    changes, faults, good = _customers(routes, [current, previous], settings, faults)
    frame = pl.DataFrame([pl.int_range(len(routes), eager=True).cast(pl.String).alias(c.CUSTOMER_CODE), *values]).filter(good)
    totals = lazy(frame)
    now = totals.select(c.CUSTOMER_CODE, c.QUANTITY, c.AMOUNT)
    before = totals.select(c.CUSTOMER_CODE, c.PREVIOUS_QUANTITY, c.PREVIOUS_AMOUNT)
    batches = _batches(given, changes, settings)
    lines = collected(with_batch(changes, batches))
    summary = collected(route_summary(lines.lazy(), now, before))
    shown = by_route(summary.with_columns(customers_per_size(summary, lines, settings)), batches.position).to_native()
    if not shown.height:
        raise Fault("no_rows")
    batch = shown[c.BATCH].to_list()
    names = [text(f"choices.{day}", settings.language) if day and has(f"choices.{day}") else day for day in batch]
    shown = shown.with_columns(pl.Series(c.BATCH, names, dtype=pl.String))
    return answers.table_of(TABLES["route_summary"], shown, settings.language, faults)


def _customers(
    routes: Sequence[Cell], pairs: Sequence[Sequence[Cell]], settings: Settings, faults: answers.Texts | None = None
) -> tuple[Frame, answers.Texts, pl.Series]:
    """One row a customer: its place as code, route, state and the parts of its grades. Blank rows are none, faulty ones are named."""
    stated, bad_grades = _changes(pairs, settings)
    written = [cells.texts(column) for column in (routes, *pairs)]
    faults = answers.merged(bad_grades, faults or {})
    filled = pl.select(pl.any_horizontal(*((column.str.strip_chars() != "").fill_null(False) for column in written))).to_series()
    good = filled.scatter(sorted(faults), False) if faults else filled
    if not good.any() and not faults:
        raise Fault("no_rows")
    frame = collected(stated).to_native().with_columns(
        cleaning.clean_route(written[0]).values.alias(c.ROUTE),
        pl.int_range(len(routes), eager=True).cast(pl.String).alias(c.CUSTOMER_CODE),
    ).filter(good)  # fmt: skip
    return lazy(frame), faults, good


def _batches(given: Given, changes: Frame, settings: Settings) -> RouteBatches:
    """Batches and places of the routes: from the Routes table, or where there is none from the route's number."""
    if given.grid_or_none("route_table") is not None:
        routes = read(given, "route_table", _ROUTE_COLUMNS, settings).frame
    else:
        names = collected(changes.select(c.ROUTE).filter(~nw.col(c.ROUTE).is_null()).unique(c.ROUTE)).get_column(c.ROUTE).to_list()
        blank = empty("routes", _ROUTE_COLUMNS)
        routes = pl.concat([blank, pl.DataFrame({c.ROUTE: names}, schema={c.ROUTE: pl.String})], how="diagonal")
    return route_batches(routes, settings)
