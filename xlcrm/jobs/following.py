"""What follows from changed record tables: the values of lookup columns, what was agreed last, and what Home says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import polars as pl

from xlcrm.jobs import lookups
from xlcrm.jobs.followup_effects import visits_due
from xlcrm.jobs.results import RECORDS, Values, home_changes, quarters_of
from xlcrm.jobs.store import Store
from xlcrm.settings import Settings
from xlcrm.tables import columns as c

Frames = dict[str, pl.DataFrame]

COMPARED = {"customers", "routes", "grades", "purchases"}
"""Tables whose change makes the last comparison of quarters an old one."""


def following(store: Store, frames: Frames, changed: Collection[str], settings: Settings) -> tuple[Frames, Frames]:
    """All tables with their lookup columns filled, and of them those to write: the changed ones and those that show a value of them.

    frames: the tables as they shall be; records that are missing are read into it. What is not written stays byte for byte.
    """
    from xlcrm.sheets.home import quarter_rows

    for table_id in RECORDS:
        if table_id not in frames:
            frames[table_id] = store.read(table_id).frame
    filled = lookups.fill(frames, settings.current_quarter)
    touched = {*changed} | {shows for table_id in changed for shows in lookups.SHOWN_IN.get(table_id, ()) if not filled[shows].is_empty()}
    written = {table_id: filled[table_id] for table_id in filled if table_id in touched}
    return filled, written | {"quarters": quarter_rows(quarters_of(filled))}


def home_after(store: Store, filled: Frames, changed: Collection[str], settings: Settings, as_of: dt.date) -> Values:
    """What Home says after a change that is no import: figures of a comparison wait for a new one only where a table of it changed."""
    from xlcrm.sheets.home import visit_values

    if COMPARED & set(changed):
        return home_changes(store, filled, settings, as_of)
    if "follow_ups" not in changed:
        return {}
    customers = filled["customers"]
    last = dict(customers.select(c.CUSTOMER_CODE, c.LAST_FOLLOW_UP).drop_nulls().iter_rows())
    return visit_values(*visits_due(store, customers, last, settings, as_of), settings, as_of)


def with_next_actions(customers: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Customers with what was agreed last, where that is no longer what it was. before, after: the follow-ups."""
    if c.NEXT_ACTION not in customers.columns:
        return customers
    was, is_now = _agreed(before), _agreed(after)
    differing = {code for code in {*was, *is_now} if was.get(code) != is_now.get(code)}
    rows = customers.select(c.CUSTOMER_CODE, c.NEXT_ACTION).iter_rows()
    new = [is_now.get(code) if code in differing else action for code, action in rows]
    return customers.with_columns(pl.Series(c.NEXT_ACTION, new, dtype=pl.String)) if differing else customers


def _agreed(follow_ups: pl.DataFrame) -> dict[str, str | None]:
    from xlcrm.rules.followups import last_follow_ups
    from xlcrm.rules.frames import collected, tuples

    return dict(tuples(collected(last_follow_ups(follow_ups).select(c.CUSTOMER_CODE, c.NEXT_ACTION))))
