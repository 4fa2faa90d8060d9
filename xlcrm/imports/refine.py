"""What a table's rows of one file still need once they are typed: keys filled in, one row a key, one row a route."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from xlcrm.imports.origins import Origins
from xlcrm.problems import Problem
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import CUSTOMERS, FOLLOW_UPS, GRADES, PRODUCTS, PURCHASES
from xlcrm.tables.catalog_voice import SURVEYS
from xlcrm.tables.schema import TableSpec
from xlcrm.tables.surveys import FAULTY_COLUMN, fault_of, kind_of, scale_of


@dataclass(frozen=True, slots=True)
class Refined:
    """A frame, where its rows came from, and the problems of rows that were left out."""

    frame: pl.DataFrame
    origins: Origins
    problems: list[Problem]


def refine(table_id: str, frame: pl.DataFrame, origins: Origins) -> Refined:
    """The rows of one file as the table wants them."""
    match table_id:
        case "routes":
            return Refined(_one_row_a_route(frame), Origins(origins.places.clear(), origins.parts), [])
        case "purchases":
            return _timed_purchases(frame, origins)
        case "follow_ups":
            return _unique(FOLLOW_UPS, with_follow_up_ids(frame), origins)
        case "surveys":
            good = _good_answers(_with_columns(frame, {c.SCORE: pl.Int64, c.FEEDBACK: pl.String}), origins)
            told = _unique(SURVEYS, _with_survey_ids(good.frame), good.origins)
            return Refined(told.frame, told.origins, [*good.problems, *told.problems])
        case "customers":
            return _unique(CUSTOMERS, frame, origins)
        case "grades":
            return _unique(GRADES, frame, origins)
        case _:
            return _unique(PRODUCTS, frame, origins)


def _one_row_a_route(frame: pl.DataFrame) -> pl.DataFrame:
    """The routes in their first order, each with the manager and the batch that most of its customers have. The place in the
    cycle is left open: it follows from the route's number unless the user has set it."""
    named = [name for name in (c.ACCOUNT_MANAGER, c.BATCH) if name in frame.columns]
    routes = frame.select(c.ROUTE).drop_nulls().unique(maintain_order=True)
    for name in named:
        votes = frame.drop_nulls([c.ROUTE, name]).group_by(c.ROUTE, name, maintain_order=True).len()
        winners = votes.sort("len", descending=True, maintain_order=True).unique(c.ROUTE, keep="first", maintain_order=True)
        routes = routes.join(winners.select(c.ROUTE, name), on=c.ROUTE, how="left", maintain_order="left")
    blank = [pl.lit(None, pl.String).alias(name) for name in (c.BATCH, c.ACCOUNT_MANAGER) if name not in named]
    return routes.with_columns(*blank, pl.lit(None, pl.Int64).alias(c.POSITION)).select(c.ROUTE, c.BATCH, c.ACCOUNT_MANAGER, c.POSITION)


def _timed_purchases(frame: pl.DataFrame, origins: Origins) -> Refined:
    """Key columns that the file lacks are blank; a row with a day needs no period, a row with neither is a problem."""
    for name, dtype in ((c.ORDER_NUMBER, pl.String), (c.DATE, pl.Date), (c.PERIOD, pl.String)):
        if name not in frame.columns:
            frame = frame.with_columns(pl.lit(None, dtype).alias(name))
    frame = frame.with_columns(pl.when(pl.col(c.DATE).is_null()).then(pl.col(c.PERIOD)).alias(c.PERIOD))
    timed = frame[c.DATE].is_not_null() | frame[c.PERIOD].is_not_null()
    problems = [origins.problem(index, "time_missing", c.DATE, {}) for index in (~timed).arg_true()]
    spec_order = [name for name in PURCHASES.column_ids if name in frame.columns]
    frame = frame.select(*spec_order, *(name for name in frame.columns if name not in spec_order))
    return Refined(frame.filter(timed), origins.filter(timed), problems)


def _with_columns(frame: pl.DataFrame, wanted: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """With the columns that a file lacks, blank."""
    return frame.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in wanted.items() if name not in frame.columns)


def _good_answers(frame: pl.DataFrame, origins: Origins) -> Refined:
    """Without the answers that are not on their scale or say nothing."""
    problems, stays = [], []
    for index, (kind, score, words) in enumerate(frame.select(c.KIND, c.SCORE, c.FEEDBACK).iter_rows()):
        known = kind_of(kind)
        fault = fault_of(known, score, words)
        stays.append(fault is None)
        if fault is not None:
            problems.append(origins.problem(index, fault, FAULTY_COLUMN[fault], scale_of(known)))
    mask = pl.Series(stays, dtype=pl.Boolean)
    return Refined(frame.filter(mask), origins.filter(mask), problems)


def _with_survey_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """Answers without an id get one made of customer, day, kind and author, see `with_follow_up_ids`."""
    return _with_ids(frame, c.SURVEY_ID, "S")


def with_follow_up_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """Follow-ups without an id get one made of customer, day, kind and author, and of their place among equal ones, so that the
    same file gives the same ids again and a corrected note is a correction."""
    return _with_ids(frame, c.FOLLOW_UP_ID, "F")


def _with_ids(frame: pl.DataFrame, column: str, letter: str) -> pl.DataFrame:
    parts = [name for name in (c.CUSTOMER_CODE, c.DATE, c.KIND, c.AUTHOR) if name in frame.columns]
    text = pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in parts], separator="\x1f")
    written = frame.select(text.alias("text")).with_columns(pl.int_range(pl.len()).over("text").alias("place"))
    made = [
        letter + hashlib.sha256(f"{text}\x1f{place}".encode()).hexdigest()[:12].upper() if known is None else known
        for (text, place), known in zip(written.rows(), _ids(frame, column), strict=True)
    ]
    return frame.with_columns(pl.Series(column, made, dtype=pl.String))


def _ids(frame: pl.DataFrame, column: str) -> list[str | None]:
    return frame[column].to_list() if column in frame.columns else [None] * frame.height


def _unique(spec: TableSpec, frame: pl.DataFrame, origins: Origins) -> Refined:
    """The first row of each key; each further one is a problem that names the first."""
    numbered = frame.select(*spec.key).with_row_index("index")
    first = pl.col("index").first().over(list(spec.key)).alias("first")
    repeated = numbered.with_columns(first).filter(pl.col("index") != pl.col("first"))
    if repeated.is_empty():
        return Refined(frame, origins, [])
    problems = []
    for index, kept in repeated.select("index", "first").iter_rows():
        later, earlier = frame.row(index, named=True), frame.row(kept, named=True)
        key = " ".join(str(later[name]) for name in spec.key)
        if later.get(c.ROUTE) != earlier.get(c.ROUTE):
            details = {"code": key, "first": earlier[c.ROUTE] or "–", "second": later[c.ROUTE] or "–"}
            problems.append(origins.problem(index, "two_routes", spec.key[0], details))
        else:
            details = {"key": key, "first": origins.cell(kept, spec.key[0])}
            problems.append(origins.problem(index, "duplicate_row", spec.key[0], details))
    stays = ~pl.Series(range(frame.height)).is_in(repeated["index"].to_list())
    return Refined(frame.filter(stays), origins.filter(stays), problems)
