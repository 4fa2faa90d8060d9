"""What the functions of grade change compute."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from xlcrm.functions import answers, cells
from xlcrm.functions.catalog import Cell, Grid
from xlcrm.functions.faults import Fault
from xlcrm.functions.given import Given
from xlcrm.functions.tablegrids import read_routes, settings_of
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
from xlcrm.texts import Language, text


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
    given_columns, asked = given.columns("current", "previous"), given.long("current", "previous")

    def answer(pairs: list[Sequence[Cell]]) -> list[Cell]:
        rows, faults = _changes(pairs, settings)
        found = answers.cells_of(collected(rows).get_column(column).to_native())
        shown = [words.get(str(value), value) for value in found] if words else found
        for row, what in faults.items():
            shown[row] = what
        blank = answers.blank_rows(pairs, asked)
        return ["" if nothing else value for nothing, value in zip(blank, shown, strict=True)]

    return [[value] for value in cells.by_distinct(given_columns, answer)]


def _changes(pairs: Sequence[Sequence[Cell]], settings: Settings) -> tuple[Frame, answers.Texts]:
    """grade, previous_grade, their parts, state, shown of every row; and the rows whose grade is none."""
    current, previous = (cells.grades(column, settings.grammar) for column in pairs)
    faults = [
        answers.faulty(cleaned, column, "grade", settings.language) for cleaned, column in zip((current, previous), pairs, strict=True)
    ]
    frame = pl.DataFrame([current.values.alias(c.GRADE), previous.values.alias(c.PREVIOUS_GRADE)])
    return changes_of_rows(lazy(frame), settings.grammar), answers.merged(*faults)


def statistics_table(given: Given) -> Grid:
    """The change statistics with their heads, the sum of every column in the last row."""
    settings = settings_of(given)
    names = ("routes", "current", "previous")
    changes, faults, _ = _customers(given.columns(*names), given.long(*names), settings)
    found = collected(change_statistics(with_batch(changes, _batches(given, changes, settings)), settings.batches)).to_native()
    if not found.height and not faults:
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
    day = text("print.head_all_batches", language) if batch == c.TOTAL else answers.batch_name(batch, language)
    return f"{day} {MARKS[state] or '–'}"


def summary_table(given: Given) -> Grid:
    """The route summary with its heads, routes by number, customers on no route last."""
    settings = settings_of(given)
    figures = {
        c.QUANTITY: ColumnKind.QUANTITY, c.AMOUNT: ColumnKind.MONEY,
        c.PREVIOUS_QUANTITY: ColumnKind.QUANTITY, c.PREVIOUS_AMOUNT: ColumnKind.MONEY,
    }  # fmt: skip
    names = ("routes", "current", "previous", *figures)
    columns = given.columns(*names)
    values, faults = [], {}
    for column, (name, kind) in zip(columns[3:], figures.items(), strict=True):
        cleaned = cells.numbers(column, kind)
        values.append(cleaned.values.alias(name))
        faults.update(answers.faulty(cleaned, column, "number", settings.language))
    changes, faults, good = _customers(columns, given.long(*names), settings, faults)
    frame = pl.DataFrame([pl.int_range(len(good), eager=True).cast(pl.String).alias(c.CUSTOMER_CODE), *values]).filter(good)
    totals = lazy(frame)
    now = totals.select(c.CUSTOMER_CODE, c.QUANTITY, c.AMOUNT)
    before = totals.select(c.CUSTOMER_CODE, c.PREVIOUS_QUANTITY, c.PREVIOUS_AMOUNT)
    batches = _batches(given, changes, settings)
    lines = collected(with_batch(changes, batches))
    summary = collected(route_summary(lines.lazy(), now, before))
    shown = by_route(summary.with_columns(customers_per_size(summary, lines, settings)), batches.position).to_native()
    if not shown.height and not faults:
        raise Fault("no_rows")
    days = [day and answers.batch_name(day, settings.language) for day in shown[c.BATCH]]
    shown = shown.with_columns(pl.Series(c.BATCH, days, dtype=pl.String))
    return answers.table_of(TABLES["route_summary"], shown, settings.language, faults)


def _customers(
    columns: Sequence[Sequence[Cell]], asked: Sequence[bool], settings: Settings, faults: answers.Texts | None = None
) -> tuple[Frame, answers.Texts, pl.Series]:
    """One row a customer: its place as code, route, state and the parts of its grades. Blank rows are none, faulty ones are named."""
    routes = columns[0]
    stated, bad_grades = _changes(columns[1:3], settings)
    faults = answers.merged(bad_grades, faults or {})
    filled = ~pl.Series(answers.blank_rows(columns, asked), dtype=pl.Boolean)
    good = filled.scatter(sorted(faults), False) if faults else filled
    if not good.any() and not faults:
        raise Fault("no_rows")
    frame = collected(stated).to_native().with_columns(
        cleaning.clean_route(cells.texts(routes)).values.alias(c.ROUTE),
        pl.int_range(len(routes), eager=True).cast(pl.String).alias(c.CUSTOMER_CODE),
    ).filter(good)  # fmt: skip
    return lazy(frame), faults, good


def _batches(given: Given, changes: Frame, settings: Settings) -> RouteBatches:
    """Batches and places of the routes: from the Routes table, or where there is none from the route's number."""
    return route_batches(read_routes(given, collected(changes.select(c.ROUTE)).get_column(c.ROUTE).to_native(), settings), settings)
