"""Upsert by key: what a table is after an import. The same import twice changes nothing the second time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from xlcrm.imports.origins import Origins
from xlcrm.imports.overlaps import Overlap, overlaps
from xlcrm.problems import Problem
from xlcrm.tables import columns as c
from xlcrm.tables.schema import SCALE, TableSpec

_PLACE, _COPY, _SOURCE = "__place", "__copy", "__source"


@dataclass(frozen=True, slots=True)
class Change:
    """One changed value, as a person reads it (money in units of currency). `key`: the row's key values."""

    key: tuple[str, ...]
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Merged:
    """frame: the table after the import. new, changed, unchanged: rows of the import; removed: rows of the table that a corrected
    group no longer has. problems: rows of the import that were left out."""

    frame: pl.DataFrame
    new: int
    changed: list[Change]
    unchanged: int
    removed: int
    problems: list[Problem] = field(default_factory=list)
    changed_rows: int = 0

    @property
    def changes(self) -> list[Change]:
        """Every changed value."""
        return self.changed


def merge(table: TableSpec, existing: pl.DataFrame, incoming: pl.DataFrame, origins: Origins | None = None) -> Merged:
    """Puts the rows of an import into a table.

    Rows that are there keep their place, new ones are appended; a column that the import lacks, and a blank cell of it, leave the
    value that is there. Purchases: all rows of one customer, order, date and period are replaced together; totals and single
    purchases of the same time do not mix (see `overlaps`). `origins` names the places for problems.
    """
    problems: list[Problem] = []
    grouped = table.id == "purchases"
    existing, incoming = _aligned(existing, incoming)
    if not grouped:
        incoming = incoming.unique(list(table.key), keep="first", maintain_order=True)
    if grouped:
        found = overlaps(existing, incoming)
        problems = [_overlap_problem(overlap, incoming, origins) for overlap in found]
        incoming = incoming.filter(~pl.int_range(pl.len()).is_in([overlap.index for overlap in found]))
    if existing.is_empty():
        return Merged(pl.concat([existing, incoming], how="diagonal"), incoming.height, [], 0, 0, problems)
    own = [name for name in incoming.columns if name in existing.columns]
    old = existing.with_row_index(_PLACE).with_columns(_copy_number(table, existing, grouped))
    new = incoming.with_row_index(_SOURCE).with_columns(_copy_number(table, incoming, grouped))
    if grouped:
        old, new = _equal_rows_paired(table, old, new, own)
    on = [*table.key, _COPY]
    pairs = (
        old.select(_PLACE, *on)
        .join(new.select(_SOURCE, *on), on=on, how="left", nulls_equal=grouped, maintain_order="left")
        .select(_PLACE, _SOURCE)
    )
    updated, changes, changed_rows = _updated(table, existing, incoming, pairs, blank_erases=grouped)
    removed = _surplus(table, old, new, pairs) if grouped else pl.Series(dtype=pl.UInt32)
    appended = incoming.filter(~pl.int_range(pl.len()).is_in(pairs[_SOURCE].drop_nulls().implode()))
    if len(removed):
        updated = updated.filter(~pl.int_range(pl.len()).is_in(removed.implode()))
    frame = pl.concat([updated, appended], how="diagonal")
    unchanged = incoming.height - appended.height - changed_rows
    return Merged(frame, appended.height, changes, unchanged, len(removed), problems, changed_rows)


def _aligned(existing: pl.DataFrame, incoming: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both with the same type for each shared column; columns new to the table are added to it, blank."""
    for name, dtype in incoming.schema.items():
        if name not in existing.columns:
            existing = existing.with_columns(pl.Series(name, [None] * existing.height, dtype=dtype))
        elif existing.schema[name] != dtype:
            if existing.schema[name] == pl.Null:
                existing = existing.with_columns(pl.col(name).cast(dtype))
            else:
                incoming = incoming.with_columns(pl.col(name).cast(existing.schema[name], strict=False))
    return existing, incoming


def _copy_number(table: TableSpec, frame: pl.DataFrame, grouped: bool) -> pl.Expr:
    """Which of several rows with the same key a row is, from 0; with a single row a key, all rows of it are the first."""
    return (pl.int_range(pl.len()).over(list(table.key)) if grouped else pl.lit(0, pl.Int64)).cast(pl.Int64).alias(_COPY)


def _equal_rows_paired(table: TableSpec, old: pl.DataFrame, new: pl.DataFrame, own: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of a group that are equal on both sides get the same copy number, so that another order of rows is no change."""
    values = [name for name in own if name not in table.key]
    everything = [*table.key, *values]
    twin = pl.int_range(pl.len()).over(everything).alias("__twin")
    left, right = old.with_columns(twin), new.with_columns(twin)
    on = [*everything, "__twin"]
    matched = left.select(_PLACE, *on).join(right.select(_SOURCE, *on), on=on, how="inner", nulls_equal=True).select(_PLACE, _SOURCE)
    rest_old = old.filter(~pl.col(_PLACE).is_in(matched[_PLACE].implode()))
    rest_new = new.filter(~pl.col(_SOURCE).is_in(matched[_SOURCE].implode()))
    number = pl.int_range(pl.len()).over(list(table.key)).cast(pl.Int64).alias(_COPY)
    # Pairs count downwards from -1, what is left counts upwards from 0.
    matched = matched.with_row_index("__pair").with_columns((-1 - pl.col("__pair").cast(pl.Int64)).alias(_COPY))
    pair_old = old.drop(_COPY).join(matched.select(_PLACE, _COPY), on=_PLACE, how="inner")
    pair_new = new.drop(_COPY).join(matched.select(_SOURCE, _COPY), on=_SOURCE, how="inner")
    old = pl.concat([pair_old, rest_old.with_columns(number).select(pair_old.columns)]).sort(_PLACE)
    new = pl.concat([pair_new, rest_new.with_columns(number).select(pair_new.columns)]).sort(_SOURCE)
    return old, new


def _updated(
    table: TableSpec, existing: pl.DataFrame, incoming: pl.DataFrame, pairs: pl.DataFrame, blank_erases: bool
) -> tuple[pl.DataFrame, list[Change], int]:
    """The table's rows with the import's values, each changed value, and how many rows of the import changed one."""
    found = pairs[_SOURCE].is_not_null()
    partner = incoming.select(pl.all().gather(pairs[_SOURCE]))
    any_change = pl.repeat(False, existing.height, dtype=pl.Boolean, eager=True)
    changes: list[tuple[int, Change]] = []
    replaced: list[pl.Series] = []
    for name in incoming.columns:
        if name in table.key:
            continue
        old, new = existing[name], partner[name]
        takes = found if blank_erases else found & new.is_not_null()
        changed = takes & old.ne_missing(new)
        if not changed.any():
            continue
        any_change |= changed
        replaced.append(pl.select(pl.when(changed).then(new).otherwise(old).alias(name)).to_series())
        scale = SCALE.get(table.by_id[name].kind, 1) if name in table.by_id else 1
        keys = existing.filter(changed).select(table.key).rows()
        for place, key, before, after in zip(changed.arg_true(), keys, old.filter(changed), new.filter(changed), strict=True):
            shown_key = tuple("" if part is None else str(part) for part in key)
            changes.append((place, Change(shown_key, name, _shown(before, scale), _shown(after, scale))))
    changes.sort(key=lambda entry: entry[0])
    rows = pairs.filter(any_change)[_SOURCE].n_unique()
    return existing.with_columns(replaced), [change for _, change in changes], rows


def _shown(value: object, scale: int) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and scale > 1:
        whole, part = divmod(abs(value), scale)
        digits = str(part).zfill(len(str(scale)) - 1)
        if scale > 100:
            digits = digits.rstrip("0")
        return f"{'-' if value < 0 else ''}{whole}" + (f".{digits}" if digits else "")
    return str(value)


def _surplus(table: TableSpec, old: pl.DataFrame, new: pl.DataFrame, pairs: pl.DataFrame) -> pl.Series:
    """Rows of the table whose group the import has, but without them."""
    key = list(table.key)
    unpaired = old.filter(pl.col(_PLACE).is_in(pairs.filter(pl.col(_SOURCE).is_null())[_PLACE].implode()))
    return unpaired.join(new.select(key).unique(), on=key, how="semi", nulls_equal=True)[_PLACE]


def _overlap_problem(overlap: Overlap, incoming: pl.DataFrame, origins: Origins | None) -> Problem:
    details: Mapping[str, object] = {"code": overlap.code, "period": overlap.time, "other": overlap.other}
    if origins is not None:
        return origins.problem(overlap.index, "purchase_overlap", c.CUSTOMER_CODE, details)
    row = " | ".join("" if value is None else str(value) for value in incoming.row(overlap.index))
    return Problem("purchase_overlap", value=overlap.code, row_text=row, details=details)
