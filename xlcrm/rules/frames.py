"""What every rule needs of a frame library, written once against narwhals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import narwhals as nw

Frame: TypeAlias = "nw.LazyFrame[Any]"
"""A frame of any engine; rules are written so that none of them needs its rows before the end."""


def lazy(native: Any) -> Frame:
    """A narwhals frame over a native frame (pandas, polars, DuckDB, Spark) or over a narwhals frame."""
    frame = nw.from_native(native, pass_through=False)
    return frame.lazy() if isinstance(frame, nw.DataFrame) else frame


def collected(frame: Frame) -> nw.DataFrame[Any]:
    """The rows of a frame, in memory."""
    return frame.collect()


def mapped(column: str, values: Mapping[str, Any], otherwise: Any = None) -> nw.Expr:
    """`column` with each known text replaced by its value; for a handful of distinct values only (it grows with them)."""
    found: nw.Expr = nw.lit(otherwise)
    for old, new in values.items():
        found = nw.when(nw.col(column) == nw.lit(old)).then(nw.lit(new)).otherwise(found)
    return found


def count_where(condition: nw.Expr) -> nw.Expr:
    """1 where the condition holds, else 0, to be summed: sums of booleans differ between engines."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64)
