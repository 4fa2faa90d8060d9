"""Typed columns as the text that the audit keeps of them, and such text as typed columns again: exact both ways."""

from __future__ import annotations

import polars as pl

from xlcrm.settings import Settings
from xlcrm.tables import cleaning
from xlcrm.tables.check import DTYPES, clean_column
from xlcrm.tables.schema import SCALE, TableSpec

BETWEEN_KEYS = " · "
_FINEST = 10**9
"""Parts of a share or a coordinate that reading a sheet keeps."""
_MOST_OF_KEY = 255


def texts_of(values: pl.Series, spec: TableSpec) -> pl.Series:
    """A typed column as a person writes it: `12.50`, `2017-05-10`, `0.125`; blank is null."""
    column = spec.by_id.get(values.name)
    scale = SCALE.get(column.kind, 1) if column is not None and values.dtype.is_integer() else 1
    if scale != 1:
        return _decimals(values, scale, len(str(scale)) - 1 if scale == 100 else 0)
    if values.dtype.is_float():
        small = (values.is_finite() & (values.abs() < 9e9)).fill_null(True)
        if small.all():
            return _decimals((values * _FINEST).round().cast(pl.Int64), _FINEST, 0)
    return values.cast(pl.String)


def _decimals(parts: pl.Series, scale: int, least: int) -> pl.Series:
    """Whole numbers of parts as exact decimal text. least: decimals that stay though they are zero."""
    size = parts.abs()
    rest = (size % scale).cast(pl.String).str.zfill(len(str(scale)) - 1)
    if not least:
        rest = rest.str.strip_chars_end("0")
    frame = pl.DataFrame({"parts": parts, "whole": (size // scale).cast(pl.String), "rest": rest})
    sign = pl.when(pl.col("parts") < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    point = pl.when(pl.col("rest") == "").then(pl.lit("")).otherwise(pl.lit("."))
    return frame.select(pl.concat_str(sign, "whole", point, "rest").alias(parts.name)).to_series()


def values_of(texts: pl.Series, spec: TableSpec, settings: Settings) -> tuple[pl.Series, pl.Series]:
    """The typed column that such texts mean, and which of them mean nothing (any more)."""
    column = spec.by_id.get(texts.name)
    if column is None:
        values = cleaning.clean_text(texts)
        return values, pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True)
    cleaned = clean_column(column, texts, settings)
    return cleaned.values.alias(texts.name).cast(DTYPES[column.kind]), cleaned.bad


def key_texts(frame: pl.DataFrame, spec: TableSpec) -> pl.Series:
    """What names a row in the audit: the filled parts of its key in a line."""
    parts = [texts_of(frame[name], spec) for name in spec.key if name in frame.columns]
    if not parts:
        return pl.repeat("", frame.height, dtype=pl.String, eager=True)
    joined = parts[0].fill_null("")
    if len(parts) > 1:
        joined = pl.select(pl.concat_str(parts, separator=BETWEEN_KEYS, ignore_nulls=True)).to_series()
    return joined.str.slice(0, _MOST_OF_KEY).str.replace_all(r"\s+", " ").str.strip_chars()
