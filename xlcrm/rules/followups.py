"""The last follow-up of each customer, and what was agreed then; and which follow-ups are none, but tasks."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from xlcrm.rules.frames import Frame, lazy
from xlcrm.tables import columns as c

LAST_KIND = "kind"
"""How the customer was reached last."""
TASK_MARK = "PB-"
"""The id of a task begins so: a row that the Playbook made. It says what is to be done; nobody was contacted."""


_IS_TASK = nw.when(nw.col(c.FOLLOW_UP_ID).is_null()).then(nw.lit(False)).otherwise(nw.col(c.FOLLOW_UP_ID).str.starts_with(TASK_MARK))


def contacts(follow_ups: Any) -> Frame:
    """The follow-ups without the tasks."""
    return lazy(follow_ups).filter(~_IS_TASK)


def tasks(follow_ups: Any) -> Frame:
    """The tasks alone."""
    return lazy(follow_ups).filter(_IS_TASK)


def last_follow_ups(follow_ups: Any) -> Frame:
    """customer_code, last_follow_up (its date), kind, next_action, next_action_on; the latest row of the latest day counts, no task."""
    rows = contacts(follow_ups).select(c.CUSTOMER_CODE, c.DATE, c.KIND, c.NEXT_ACTION, c.NEXT_ACTION_ON, c.FOLLOW_UP_ID)
    rows = rows.filter(~nw.col(c.CUSTOMER_CODE).is_null() & ~nw.col(c.DATE).is_null())
    latest = rows.group_by(c.CUSTOMER_CODE).agg(nw.col(c.DATE).max().alias(c.LAST_FOLLOW_UP))
    of_day = rows.join(latest, on=c.CUSTOMER_CODE, how="inner").filter(nw.col(c.DATE) == nw.col(c.LAST_FOLLOW_UP))
    named = of_day.with_columns(
        nw.when(nw.col(c.FOLLOW_UP_ID).is_null()).then(nw.lit("")).otherwise(nw.col(c.FOLLOW_UP_ID)).alias(c.FOLLOW_UP_ID)
    )
    last_id = named.group_by(c.CUSTOMER_CODE).agg(nw.col(c.FOLLOW_UP_ID).max().alias("last_id"))
    chosen = named.join(last_id, on=c.CUSTOMER_CODE, how="inner").filter(nw.col(c.FOLLOW_UP_ID) == nw.col("last_id"))
    return chosen.unique(c.CUSTOMER_CODE, keep="any").select(c.CUSTOMER_CODE, c.LAST_FOLLOW_UP, c.KIND, c.NEXT_ACTION, c.NEXT_ACTION_ON)
