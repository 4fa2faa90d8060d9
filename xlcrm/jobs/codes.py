"""Codes of customers: one that nobody has, and one that was merged away and comes again with an import."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from xlcrm.jobs.duplicates import decisions, listed_pairs, merges
from xlcrm.jobs.store import Store
from xlcrm.problems import Problem
from xlcrm.rules import merging as rule
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES

Frames = dict[str, pl.DataFrame]


def no_customer(code: str, codes: pl.Series) -> Problem:
    """That no customer has the code; names the one that was meant where only leading zeros differ."""
    similar = codes.filter(codes.str.strip_chars_start("0") == code.lstrip("0")).unique()
    if similar.len() == 1:
        return Problem("log_similar_customer", value=code, details={"similar": similar[0]})
    return Problem("log_unknown_customer", value=code)


def successors(store: Store) -> dict[str, str]:
    """Code that was merged away -> the customer that it went into, for rows that come with the old code.

    The table `duplicates` remembers it, so a workbook without that table knows none.
    """
    merged = {drop: keep for keep, drop in merges(decisions(listed_pairs(store)))}
    return rule.successors(merged, set(store.read("customers").frame[c.CUSTOMER_CODE])) if merged else {}


def under_new_codes(incoming: Frames, existing: Frames, into: Mapping[str, str]) -> tuple[Frames, int]:
    """Rows of an import with the code of a customer that was merged away, under the code that was kept; and how many those are.

    existing: the tables as they stand. The profile of a customer that is no more is left out, for what it said was decided upon when
    the two were merged; so is a grade of a quarter in which the kept customer has one.
    """
    changed, count = dict(incoming), 0
    if not into:
        return changed, count
    for table_id, frame in incoming.items():
        if c.CUSTOMER_CODE not in frame.columns or table_id not in TABLES:
            continue
        old = pl.col(c.CUSTOMER_CODE).is_in(list(into)).fill_null(False)
        found = frame.filter(old).height
        if not found:
            continue
        count += found
        if table_id == "customers":
            changed[table_id] = frame.filter(~old)
            continue
        renamed = frame.with_columns(pl.col(c.CUSTOMER_CODE).replace(dict(into)))
        if table_id == "grades":
            key = list(TABLES[table_id].key)
            graded = pl.concat([existing[table_id].select(key), frame.filter(~old).select(key)]).unique()
            taken = renamed.join(graded.with_columns(pl.lit(True).alias("__taken")), on=key, how="left", maintain_order="left")["__taken"]
            renamed = renamed.filter(~(frame.select(old).to_series() & taken.fill_null(False)))
        changed[table_id] = renamed
    return changed, count
