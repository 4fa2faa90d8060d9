"""Write down one contact with a customer: a new row of Follow-ups, checked like an import, or nothing at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from dataclasses import dataclass, replace

import polars as pl

from xlcrm.jobs.store import Store, today
from xlcrm.problems import CannotDo, Problem
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import TextTable, check
from xlcrm.tables.choices import FOLLOW_UP_KINDS
from xlcrm.texts import Language, text

_ROW = "\x01row"
_WRITTEN = (c.DATE, c.CUSTOMER_CODE, c.KIND, c.OUTCOME, c.NOTE, c.NEXT_ACTION, c.NEXT_ACTION_ON, c.AUTHOR)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up as a person writes it. kind: in either language or by its id. date: today where none is given."""

    code: str
    kind: str
    note: str
    outcome: str | None = None
    next_action: str | None = None
    next_action_on: str | None = None
    author: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """The follow-up that was written down. kind: as the workbook's language says it."""

    follow_up_id: str
    date: dt.date
    kind: str
    code: str
    name: str
    next_action_on: dt.date | None

    def line(self, language: Language) -> str:
        """For a terminal."""
        places = {"id": self.follow_up_id, "day": self.date, "kind": self.kind, "code": self.code, "name": self.name}
        if self.next_action_on is None:
            return text("cli.logged", language, **places).rstrip()
        return text("cli.logged_next", language, **places, next=self.next_action_on)


def log_follow_up(store: Store, written: FollowUp, as_of: dt.date | None = None) -> Logged:
    """Adds one follow-up, and brings up to date what the workbook shows of the last one: on Customers and on Home.

    as_of: the day of the run, today if none is given. Raises CannotDo, with nothing changed, for a code that no customer has, an
    unknown kind, or a cell that an import would refuse.
    """
    from xlcrm.sheets.changes import CellChange, WorkbookChanges
    from xlcrm.sheets.home import visit_values

    as_of, settings = as_of or today(), store.settings()
    row = _checked(store, written, settings, as_of)
    known = store.read("customers", only=(c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.SHOWN, c.LAST_FOLLOW_UP))
    customers = known.frame.with_columns(known.rows.alias(_ROW))
    code = row[c.CUSTOMER_CODE][0]
    found = customers.filter(pl.col(c.CUSTOMER_CODE) == code)
    if found.is_empty():
        raise CannotDo(_no_customer(code, customers[c.CUSTOMER_CODE]))
    customer = found.row(0, named=True)
    new = row.with_columns(
        pl.lit(_unused_id(store, row)).alias(c.FOLLOW_UP_ID),
        pl.lit(customer.get(c.CUSTOMER_NAME), pl.String).alias(c.CUSTOMER_NAME),
        pl.lit(customer.get(c.SHOWN), pl.String).alias(c.GRADE), pl.lit(f"{code}|").alias(c.LINK_KEY),
    )  # fmt: skip
    last, calculated = _last_days(store, customers)
    last[code] = max(new[c.DATE][0], last.get(code, new[c.DATE][0]))
    shown: dict[str, str | dt.date | None] = {c.LAST_FOLLOW_UP: last[code]} if calculated else {}
    if new[c.DATE][0] == last[code]:
        shown[c.NEXT_ACTION] = new[c.NEXT_ACTION][0]
    cells = [CellChange("customers", number, name, value) for number in found[_ROW] for name, value in shown.items()]
    values = visit_values(*_visits(store, customers, last, settings, as_of), settings, as_of)
    store.save(WorkbookChanges(added={"follow_ups": new}, cells=cells, values=values))
    first = new.row(0, named=True)
    return Logged(first[c.FOLLOW_UP_ID], first[c.DATE], first[c.KIND], code, first[c.CUSTOMER_NAME] or "", first[c.NEXT_ACTION_ON])


def _checked(store: Store, written: FollowUp, settings: Settings, as_of: dt.date) -> pl.DataFrame:
    """The follow-up as a typed row. Raises CannotDo naming the first thing that is wrong with it."""
    spec = TABLES["follow_ups"]
    given = (
        written.date if written.date is not None else as_of.isoformat(), written.code, written.kind, written.outcome, written.note,
        written.next_action, written.next_action_on, written.author,
    )  # fmt: skip
    cells = pl.DataFrame([[value] for value in given], schema=dict.fromkeys(_WRITTEN, pl.String))
    checked = check(spec, TextTable(cells, store.name, "", [1], {}), settings)
    if checked.problems:
        raise CannotDo(replace(checked.problems[0], row_text=""))
    kinds = [text(f"choices.{kind}", settings.language) for kind in FOLLOW_UP_KINDS]
    if checked.frame[c.KIND][0] not in kinds:
        separator = ", " if settings.language == "en" else "、"
        raise CannotDo(Problem("log_unknown_kind", store.name, value=written.kind, details={"kinds": separator.join(kinds)}))
    return checked.frame


def _no_customer(code: str, codes: pl.Series) -> Problem:
    """Names the customer that was meant, where only leading zeros differ."""
    similar = codes.filter(codes.str.strip_chars_start("0") == code.lstrip("0"))
    if similar.len() == 1:
        return Problem("log_similar_customer", value=code, details={"similar": similar[0]})
    return Problem("log_unknown_customer", value=code)


def _last_days(store: Store, customers: pl.DataFrame) -> tuple[dict[str, dt.date], bool]:
    """The day of each customer's last follow-up, as Customers shows it, and whether it shows them all.

    Where it shows none though there are some, no program has calculated its formulas: then the follow-ups themselves are read, and
    Customers goes on showing none, lest a single day among blank ones be taken for all that there is.
    """
    if c.LAST_FOLLOW_UP in customers.columns and customers[c.LAST_FOLLOW_UP].count():
        return _latest(customers.select(c.CUSTOMER_CODE, c.LAST_FOLLOW_UP)), True
    last = _latest(store.read("follow_ups", only=(c.CUSTOMER_CODE, c.DATE)).frame.select(c.CUSTOMER_CODE, c.DATE))
    return last, not last


def _latest(days: pl.DataFrame) -> dict[str, dt.date]:
    """Of two columns, code and day, the latest day of each code."""
    code, day = days.columns
    return dict(days.drop_nulls().group_by(code).agg(pl.col(day).max()).iter_rows())


def _unused_id(store: Store, row: pl.DataFrame) -> str:
    """An id of its own. It does not begin as one that an import makes: a later import of the same day is no correction of this row."""
    content = "\x1f".join("" if value is None else str(value) for value in row.row(0))
    made = ("L" + hashlib.sha256(f"{content}\x1f{place}".encode()).hexdigest()[:12].upper() for place in itertools.count())
    return next(each for each in made if not store.may_hold("follow_ups", each))


def _visits(store: Store, customers: pl.DataFrame, last: dict[str, dt.date], settings: Settings, as_of: dt.date) -> tuple[int, int]:
    """Visits due and overdue as the comparison counts them: of every customer, and of everybody graded in the quarters compared."""
    if not settings.current_quarter:
        return 0, 0
    grades = store.read("grades", only=(c.CUSTOMER_CODE, c.QUARTER)).frame
    graded = grades.filter(pl.col(c.QUARTER).is_in([settings.current_quarter, settings.previous_quarter]))
    codes = {*customers[c.CUSTOMER_CODE], *graded[c.CUSTOMER_CODE]} - {None}
    ages = [(as_of - last[code]).days if code in last else None for code in codes]
    due = sum(age is None or age >= settings.visit_interval_days for age in ages)
    return due, sum(age is not None and age > settings.visit_interval_days for age in ages)
