"""Write down one contact with a customer: a new row of Follow-ups, checked like an import, or nothing at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import polars as pl

from xlcrm.jobs.followup_checks import faults
from xlcrm.jobs.followup_effects import additions, known_customers, unused_id, with_lookups
from xlcrm.jobs.recording import author_of, save
from xlcrm.jobs.store import Store, today
from xlcrm.problems import CannotDo
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import TextTable, check
from xlcrm.texts import Language, text

_WRITTEN = (c.DATE, c.CUSTOMER_CODE, c.KIND, c.OUTCOME, c.NOTE, c.NEXT_ACTION, c.NEXT_ACTION_ON, c.AUTHOR)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up as a person writes it. kind: in either language or by its id. date: today where none is given; author: the
    workbook's user where none is given."""

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
    unknown kind, a day that is still to come, a next date before it, or a cell that an import would refuse.
    """
    as_of, settings = as_of or today(), store.settings()
    row = _checked(store, written, settings, as_of)
    customers = known_customers(store)
    fault = faults(row, customers[c.CUSTOMER_CODE], settings, as_of)[0]
    if fault is not None:
        raise CannotDo(fault)
    made = unused_id(row.row(0), lambda each: store.may_hold("follow_ups", each))
    new = with_lookups(row.with_columns(pl.lit(made).alias(c.FOLLOW_UP_ID)), customers)
    save(store, "log", additions(store, new, customers, settings, as_of))
    first = new.row(0, named=True)
    code, name = first[c.CUSTOMER_CODE], first[c.CUSTOMER_NAME] or ""
    return Logged(first[c.FOLLOW_UP_ID], first[c.DATE], first[c.KIND], code, name, first[c.NEXT_ACTION_ON])


def _checked(store: Store, written: FollowUp, settings: Settings, as_of: dt.date) -> pl.DataFrame:
    """The follow-up as a typed row. Raises CannotDo naming the first thing that is wrong with it."""
    spec = TABLES["follow_ups"]
    given = (
        written.date if written.date is not None else as_of.isoformat(), written.code, written.kind, written.outcome, written.note,
        written.next_action, written.next_action_on, written.author if written.author is not None else author_of(store) or None,
    )  # fmt: skip
    cells = pl.DataFrame([[value] for value in given], schema=dict.fromkeys(_WRITTEN, pl.String))
    checked = check(spec, TextTable(cells, store.name, "", [1], {}), settings)
    if checked.problems:
        raise CannotDo(replace(checked.problems[0], row_text=""))
    return checked.frame
