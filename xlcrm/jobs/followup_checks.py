"""What must hold of a follow-up beside the types of its cells, whoever writes it down: one by itself, or many on the Intake sheet."""

from __future__ import annotations

import datetime as dt

import polars as pl

from xlcrm.problems import Problem
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.choices import FOLLOW_UP_KINDS
from xlcrm.texts import text


def faults(rows: pl.DataFrame, codes: pl.Series, settings: Settings, as_of: dt.date) -> list[Problem | None]:
    """The first thing that is wrong with each row; None where nothing is.

    rows: typed follow-ups with date, code, kind and next date. codes: those of all customers. A date after `as_of` is in the future; the
    next date may be the day itself.
    """
    kinds = [text(f"choices.{kind}", settings.language) for kind in FOLLOW_UP_KINDS]
    wrong = rows.select(
        (~pl.col(c.KIND).is_in(kinds)).fill_null(True).alias("kind"),
        (~pl.col(c.CUSTOMER_CODE).is_in(codes.drop_nulls().implode())).fill_null(True).alias("code"),
        (pl.col(c.DATE) > as_of).fill_null(False).alias("ahead"),
        (pl.col(c.NEXT_ACTION_ON) < pl.col(c.DATE)).fill_null(False).alias("before"),
    )
    found: list[Problem | None] = [None] * rows.height
    picked = rows.select(c.KIND, c.CUSTOMER_CODE, c.DATE, c.NEXT_ACTION_ON)
    similar = _Similar(codes)
    for place in wrong.select(pl.any_horizontal(pl.all())).to_series().arg_true().to_list():
        kind, code, date, next_on = picked.row(place)
        bad_kind, bad_code, ahead, _ = wrong.row(place)
        if bad_kind:
            separator = ", " if settings.language == "en" else "、"
            found[place] = Problem("log_unknown_kind", value=kind or "", details={"kinds": separator.join(kinds)})
        elif bad_code:
            found[place] = similar.problem(code or "")
        elif ahead:
            found[place] = Problem("log_date_ahead", value=str(date), details={"today": as_of})
        else:
            found[place] = Problem("log_next_before", value=str(next_on), details={"date": date})
    return found


class _Similar:
    """Names the customer that was meant, where only leading zeros differ."""

    def __init__(self, codes: pl.Series) -> None:
        self._codes = codes
        self._by_tail: dict[str, list[str]] | None = None

    def problem(self, code: str) -> Problem:
        if self._by_tail is None:
            self._by_tail = {}
            for known in self._codes.drop_nulls().to_list():
                self._by_tail.setdefault(known.lstrip("0"), []).append(known)
        similar = self._by_tail.get(code.lstrip("0"), [])
        if len(similar) == 1:
            return Problem("log_similar_customer", value=code, details={"similar": similar[0]})
        return Problem("log_unknown_customer", value=code)
