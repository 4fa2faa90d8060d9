"""What the functions of one customer compute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from xlcrm.functions import answers, cells
from xlcrm.functions.catalog import Cell, Grid
from xlcrm.functions.faults import Fault
from xlcrm.functions.given import Given
from xlcrm.functions.tablegrids import Known, empty, read, read_routes, settings_of
from xlcrm.functions.tierbodies import GRADE_COLUMNS, PURCHASE_COLUMNS, RULE_COLUMNS, quarter_of
from xlcrm.rules import why as reasons
from xlcrm.rules.advice import DROPPED_PRODUCT, advise
from xlcrm.rules.card import card
from xlcrm.rules.changes import MARKS
from xlcrm.rules.comparison import visit_line
from xlcrm.rules.frames import collected, lazy
from xlcrm.rules.quarters import previous_quarter
from xlcrm.rules.summary import share_of_change
from xlcrm.rules.totals import PURCHASES_COUNT
from xlcrm.settings import Settings
from xlcrm.tables import cleaning
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.cleaning import Cleaned
from xlcrm.tables.schema import SCALE, ColumnKind, header_key
from xlcrm.texts import LANGUAGES, Language

_CUSTOMER_COLUMNS = (c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.ROUTE, c.VISIT_ORDER, c.OWNER, c.CONTACT, c.PHONE, c.ADDRESS)
_FOLLOW_UP_COLUMNS = (c.DATE, c.CUSTOMER_CODE, c.KIND, c.NEXT_ACTION, c.NEXT_ACTION_ON, c.FOLLOW_UP_ID)
_LABELS = {**TABLES["customers"].by_id, **{state: TABLES["route_summary"].by_id[state] for state in c.STATES}}


def card_block(given: Given) -> Grid:
    """Label and value of every line of the card; below them the customer's rows that could not be read."""
    settings = settings_of(given)
    code = _code(given)
    customers = read(given, "customers", _CUSTOMER_COLUMNS, settings)
    grades = read(given, "grades", GRADE_COLUMNS, settings)
    purchases = read(given, "purchases", (*PURCHASE_COLUMNS, c.PRODUCT_CODE), settings)
    follow_ups = empty("follow_ups", _FOLLOW_UP_COLUMNS)
    if given.grid_or_none("follow_ups") is not None:
        follow_ups = read(given, "follow_ups", _FOLLOW_UP_COLUMNS, settings).frame
    quarter = quarter_of(given, grades.frame, purchases.frame)
    routes = read_routes(given, customers.frame[c.ROUTE], settings)
    line = visit_line(
        code, customers.frame, routes, grades.frame, purchases.frame, follow_ups, settings, quarter, previous_quarter(quarter)
    )  # fmt: skip
    if line is None:
        raise Fault("unknown_code", value=code)
    block = [[_LABELS[name].label(given.language), _shown(name, value, given.language)] for name, value in card(line)]
    return [*block, *_unread(code, customers, grades, purchases)]


def _shown(name: str, value: object, language: Language) -> Cell:
    if value is None:
        return ""
    if name == c.STATE:
        return _LABELS[str(value)].label(language)
    if name == c.BATCH:
        return answers.batch_name(str(value), language)
    if isinstance(value, int) and _LABELS[name].kind in SCALE:
        return value / SCALE[_LABELS[name].kind]
    return value.isoformat() if isinstance(value, dt.date) else value


def why_block(given: Given) -> Grid:
    """Label and value of every line of the explanation; below them the customer's rows that could not be read."""
    settings = settings_of(given)
    code = _code(given)
    customers = read(given, "customers", (c.CUSTOMER_CODE, c.CUSTOMER_NAME), settings)
    grades = read(given, "grades", (*GRADE_COLUMNS, c.SOURCE), settings)
    purchases = read(given, "purchases", PURCHASE_COLUMNS, settings)
    quarter = quarter_of(given, grades.frame, purchases.frame)
    has_rules = given.grid_or_none("grade_rules") is not None
    rules = read(given, "grade_rules", RULE_COLUMNS, settings).frame if has_rules else None
    lines = reasons.why(code, customers.frame, _numbered(grades), _numbered(purchases), settings, quarter, rules)
    unread = _unread(code, customers, grades, purchases)
    if not lines and not unread:
        raise Fault("unknown_code", value=code)
    return [*([line.label_text(given.language), line.value] for line in lines), *unread]


def _numbered(known: Known) -> pl.DataFrame:
    return known.frame.with_columns(known.rows.alias(reasons.ROW))


def _unread(code: str, *tables: Known) -> list[list[Cell]]:
    return [[known.left_out[code], ""] for known in tables if code in known.left_out]


def _code(given: Given) -> str:
    cell = given.value("code")
    if cells.is_blank(cell):
        raise Fault("no_code")
    cleaned = cells.codes([cell])
    code = cleaned.values[0]
    if code is None:
        raise Fault("code", value=str(cell))
    return str(code)


def advice_lines(given: Given) -> Grid:
    """The line of advice of each row."""
    settings = settings_of(given)
    names = tuple(argument.name for argument in given.function.arguments if argument.name != "settings")
    columns = dict(zip(names, given.columns(*names), strict=True))
    frame, faults = _visit_lines(columns, settings)
    blank = answers.blank_rows(list(columns.values()), given.long(*names))
    lines = [
        "" if nothing else advise(line, settings).text(settings) for nothing, line in zip(blank, frame.iter_rows(named=True), strict=True)
    ]
    return answers.spilled(lines, faults=faults)


_KINDS = {
    c.GAP_QUANTITY: ColumnKind.QUANTITY, c.GAP_AMOUNT: ColumnKind.MONEY, c.CUSHION_QUANTITY: ColumnKind.QUANTITY,
    c.CUSHION_AMOUNT: ColumnKind.MONEY, c.QUANTITY: ColumnKind.QUANTITY, c.AMOUNT: ColumnKind.MONEY,
    c.PREVIOUS_QUANTITY: ColumnKind.QUANTITY,
}  # fmt: skip


def _visit_lines(columns: dict[str, Sequence[Cell]], settings: Settings) -> tuple[pl.DataFrame, answers.Texts]:
    """The columns of a visit line that advice looks at."""
    cleaned: dict[str, tuple[Cleaned, str]] = {
        c.STATE: (_states(columns["state"], settings), "state"),
        c.PREVIOUS_GRADE: (cells.grades(columns[c.PREVIOUS_GRADE], settings.grammar), "grade"),
        c.NEXT_GRADE: (cells.grades(columns[c.NEXT_GRADE], settings.grammar), "grade"),
        c.CHANGE: (cells.shares(columns[c.CHANGE]), "share"),
        DROPPED_PRODUCT: (cells.codes(columns["dropped_product"]), "code"),
        **{name: (cells.numbers(columns[name], kind), "number") for name, kind in _KINDS.items()},
        **{name: (cleaning.clean_count(cells.texts(columns[name])), "number") for name in (PURCHASES_COUNT, f"previous_{PURCHASES_COUNT}")},
    }
    faults = answers.merged(*(answers.faulty(found, columns[name], entry, settings.language) for name, (found, entry) in cleaned.items()))
    frame = pl.DataFrame([found.values.alias(name) for name, (found, _) in cleaned.items()])
    return _completed(frame), faults


def _completed(frame: pl.DataFrame) -> pl.DataFrame:
    """What follows from the given columns: the next tier's minimums, and of change and earlier quantity the one from the other."""
    quantity, change = pl.col(c.QUANTITY), pl.col(c.CHANGE)
    # A share of the earlier quantity says of it only whether it was more than nothing where nothing is bought now.
    # Not strict: older polars converts the branch that is not taken too, where 0 / 0 is no number.
    earlier = pl.when(change > -1).then((quantity / (1 + change)).round().cast(pl.Int64, strict=False)).otherwise(pl.lit(1))
    known = frame.with_columns(
        *(
            pl.when(pl.col(gap) > 0).then(pl.col(own).fill_null(0) + pl.col(gap)).alias(minimum)
            for gap, own, minimum in (
                (c.GAP_QUANTITY, c.QUANTITY, c.NEXT_MIN_QUANTITY), (c.GAP_AMOUNT, c.AMOUNT, c.NEXT_MIN_AMOUNT)
            )
        ),
        pl.coalesce(c.PREVIOUS_QUANTITY, pl.when(quantity.is_not_null() & change.is_not_null()).then(earlier)),
    )  # fmt: skip
    by_rule = collected(lazy(known).select(share_of_change(c.QUANTITY, c.PREVIOUS_QUANTITY).alias(c.CHANGE))).to_native()[c.CHANGE]
    return known.with_columns(pl.coalesce(change, by_rule).alias(c.CHANGE))


def _states(column: Sequence[Cell], settings: Settings) -> Cleaned:
    """State ids of states written as id, as word in either language, as mark, or as a grade with its mark; blank is kept, like its mark."""
    meant = {header_key(word): state for state in c.STATES for word in (state, *(_LABELS[state].label(language) for language in LANGUAGES))}

    def state(written: str) -> str | None:
        mark = next((state for state, mark in MARKS.items() if mark and written.endswith(mark)), None)
        return meant.get(header_key(written)) or mark or (c.KEPT if not written or settings.grammar.parse(written) else None)

    texts = [written.strip() for written in cells.texts(column).fill_null("").to_list()]
    known = {written: state(written) for written in set(texts)}
    values = pl.Series([known[written] for written in texts], dtype=pl.String)
    return Cleaned(values, values.is_null())
