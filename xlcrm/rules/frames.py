"""What every rule needs of a frame library, written once against narwhals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any, TypeAlias

import narwhals as nw

from xlcrm.tables import columns as c

Frame: TypeAlias = "nw.LazyFrame[Any]"
"""A frame of any engine; rules are written so that none of them needs its rows before the end."""

NOWHERE = "\x01"
"""Stands for a null route inside a rule: a null would not find its own row in a join. No route is called so."""


def lazy(native: Any) -> Frame:
    """A narwhals frame over a native frame (pandas, polars, DuckDB, Spark) or over a narwhals frame."""
    frame = nw.from_native(native, pass_through=False)
    return frame.lazy() if isinstance(frame, nw.DataFrame) else frame


def collected(frame: Frame) -> nw.DataFrame[Any]:
    """The rows of a frame, in memory."""
    return frame.collect()


def records(frame: nw.DataFrame[Any]) -> list[dict[str, Any]]:
    """The rows as dicts of plain values: None where there is none, whole numbers as int, days as date, on every engine."""
    rows = frame.rows(named=True)
    if frame.implementation.is_polars():
        return rows
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def tuples(frame: nw.DataFrame[Any]) -> list[tuple[Any, ...]]:
    """The rows as tuples of plain values, see `records`."""
    if frame.implementation.is_polars():
        return frame.rows()
    return [tuple(_plain(value) for value in row) for row in frame.rows()]


def _plain(value: Any) -> Any:
    try:
        if value is None or value != value:
            return None
    except TypeError:  # pandas' NA is neither equal to itself nor not
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, bool) or not isinstance(value, Real):
        return value
    if isinstance(value, Integral):
        return int(value)
    # pandas makes floats of whole numbers where some are missing.
    return int(float(value)) if float(value).is_integer() else float(value)


def mapped(column: str, values: Mapping[str, Any], like: str | int = "") -> nw.Expr:
    """`column` with each known text replaced by its value, any other by null. For hundreds of values, not for millions.

    like: any value of the type that comes out, for the case that `values` is empty.
    """
    known = values or {NOWHERE: like}
    return nw.col(column).replace_strict(list(known), list(known.values()), default=None)


# Whole numbers with gaps keep their type only where nobody casts them: pandas has no missing value in its int64.


def where_null(column: str, value: Any) -> nw.Expr:
    """`column` with `value` where it is null."""
    return nw.when(nw.col(column).is_null()).then(nw.lit(value)).otherwise(nw.col(column)).alias(column)


def null_where(column: str, value: str) -> nw.Expr:
    """The text `column` with null where it is `value`."""
    return nw.when(nw.col(column) != value).then(nw.col(column)).alias(column)


def of_quarters(frame: Frame, *quarters: str) -> Frame:
    """The rows of these quarters only."""
    wanted = nw.col(c.QUARTER) == quarters[0]
    for quarter in quarters[1:]:
        wanted = wanted | (nw.col(c.QUARTER) == quarter)
    return frame.filter(wanted)


def count_where(condition: nw.Expr) -> nw.Expr:
    """1 where the condition holds, else 0, to be summed: sums of booleans differ between engines."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64)


def frame_of(rows: Sequence[tuple[Any, ...]], schema: Mapping[str, Any], like: nw.DataFrame[Any]) -> Any:
    """A native frame of the rows, in the engine of `like`. On pandas whole numbers with gaps become floats, as pandas itself makes them."""
    data = {name: [row[place] for row in rows] for place, name in enumerate(schema)}
    pandas = like.implementation.is_pandas_like()
    kinds = {
        name: nw.Float64() if pandas and kind == nw.Int64 and None in data[name] else kind for name, kind in schema.items()
    }  # fmt: skip
    return nw.from_dict(data, schema=kinds, backend=like.implementation).to_native()
