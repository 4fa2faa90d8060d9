"""Which row of a table becomes which: rows of a frame matched to the rows that stand on the sheet."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl


def key_texts(columns: Sequence[pl.Series]) -> pl.Series:
    """One text a row for a key of several columns; blank counts as empty text."""
    if not columns:
        return pl.Series("key", [], dtype=pl.String)
    parts = [column.cast(pl.String).fill_null("").alias(str(place)) for place, column in enumerate(columns)]
    return pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator="\x1f")).to_series().alias("key")


@dataclass(frozen=True, slots=True)
class Matching:
    """frame_rows: for each new row its place in the frame (null: a kept row). scan_rows: its place among the scanned rows (null: new)."""

    frame_rows: pl.Series | None
    scan_rows: pl.Series
    unmoved: bool
    kept: frozenset[int]

    @property
    def height(self) -> int:
        """Number of rows to write."""
        return self.scan_rows.len()

    def gather(self, values: pl.Series, height: int) -> pl.Series:
        """A column of the frame in the order of the new rows; nulls for kept rows and for the one blank row of an empty table."""
        if not self.height:
            return pl.Series(values.name, [None] * height, dtype=values.dtype)
        return values if self.frame_rows is None else values.gather(self.frame_rows)

    def spread(self, height: int) -> pl.Series:
        """For each new row the scanned row that it continues; an empty table's blank row is new."""
        return self.scan_rows if self.height else pl.Series("scan", [None] * height, dtype=pl.Int64)

    def positions(self, numbers: pl.Series, top: int, height: int) -> pl.Series:
        """For each new row the scanned row that stands in its place."""
        return places_of(pl.int_range(top, top + height, eager=True), numbers)

    def kept_rows(self, numbers: pl.Series, height: int) -> pl.Series:
        """Which new rows are left as they are."""
        if not self.kept:
            return pl.repeat(False, height, dtype=pl.Boolean, eager=True)
        return numbers.is_in(list(self.kept)).gather(self.spread(height)).fill_null(False)

    def row_moves(self, numbers: pl.Series, top: int) -> dict[int, int]:
        """Old row number -> new row number, for every old row that goes on."""
        old = numbers.gather(self.scan_rows).to_list()
        return {number: top + place for place, number in enumerate(old) if number is not None}


def places_of(wanted: pl.Series, numbers: pl.Series) -> pl.Series:
    """Where each number stands in an ascending series; null where it does not."""
    if not numbers.len():
        return pl.Series("scan", [None] * wanted.len(), dtype=pl.Int64)
    places = numbers.search_sorted(wanted).cast(pl.Int64)
    inside = places.set(places >= numbers.len(), 0)
    found = numbers.gather(inside) == wanted
    return places.set(~found, None).alias("scan")


def match_rows(
    numbers: pl.Series, old: pl.Series, new: pl.Series, height: int, kept: Sequence[int], by_key: bool, origins: pl.Series | None = None
) -> Matching:
    """Matches new rows to old ones.

    numbers: row numbers of the old rows; old, new: keys as text. Rows of the same key are matched in their order. Without a key the
    place decides. kept: row numbers that are to stay as they are, unless a new row continues them. origins: the row numbers that the new
    rows continue, where that is known; the keys then say nothing.
    """
    if origins is not None:
        scan_rows = places_of(origins.fill_null(0), numbers)
    elif not by_key:
        first = pl.int_range(0, height, eager=True)
        scan_rows = first.set(first >= numbers.len(), None)
    elif old.len() == new.len() and (old == new).all():
        scan_rows = pl.int_range(0, height, eager=True)
    elif not new.is_in(old.unique().implode()).any():  # as in a table that is filled for the first time
        scan_rows = pl.Series("scan", [None], dtype=pl.Int64).new_from_index(0, new.len())
    else:
        was = pl.DataFrame({"key": old}).with_row_index("scan").with_columns(nth=pl.int_range(pl.len()).over("key"))
        now = pl.DataFrame({"key": new}).with_columns(nth=pl.int_range(pl.len()).over("key"))
        scan_rows = now.join(was, on=["key", "nth"], how="left", maintain_order="left")["scan"].cast(pl.Int64)
    continued = set(numbers.gather(scan_rows).drop_nulls().to_list()) if kept else set()
    staying = sorted(set(kept) - continued)
    frame_rows = None
    if staying:
        frame_rows, scan_rows = _with_kept(numbers, scan_rows, staying)
    unmoved = scan_rows.len() == numbers.len() and bool((scan_rows == pl.int_range(0, scan_rows.len(), eager=True)).all())
    unmoved = unmoved and scan_rows.null_count() == 0
    return Matching(frame_rows, scan_rows.alias("scan"), unmoved, frozenset(staying))


def _with_kept(numbers: pl.Series, scan_rows: pl.Series, staying: Sequence[int]) -> tuple[pl.Series, pl.Series]:
    """Puts each kept row behind the row that it stood behind."""
    known = sorted((scan, place) for place, scan in enumerate(scan_rows.to_list()) if scan is not None)
    order: list[tuple[float, int | None, int | None]] = [(place, place, scan) for place, scan in enumerate(scan_rows.to_list())]
    for number in staying:
        scan = numbers.index_of(number)
        if scan is None:
            continue
        before = bisect_left(known, (scan, -1)) - 1
        order.append((known[before][1] + 0.5 if before >= 0 else -0.5, None, scan))
    order.sort(key=lambda entry: entry[0])
    return pl.Series("frame", [entry[1] for entry in order], dtype=pl.Int64), pl.Series(
        "scan", [entry[2] for entry in order], dtype=pl.Int64
    )
