"""What a run changed in a table, as the audit tells it: changed fields one by one, rows that came or went as a whole.

Told is what people and imports fill, and of other columns what no later run computes again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.jobs.rowtexts import key_texts, texts_of, values_of
from xlcrm.rules.ledger import Told
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.celltext import cell_text
from xlcrm.tables.schema import TableSpec

if TYPE_CHECKING:
    from xlcrm.settings import Settings
    from xlcrm.tables.check import Checked

NOT_TOLD = ("audit", "problems", "intake")
"""The audit itself; what an import could not take, which the next import says anew; a tray whose rows are told where they go."""
PACKED = ("purchases", "grades", "routes", "products", "visit_plan")
"""Tables without a person's data whose rows come in bulk: several in one entry."""
WHOLE_ROWS = ("purchases", "visit_plan")
"""Tables of which a changed row is told as one that went and one that came: several rows have the same key, or a run makes all anew."""
COMPUTED_BUT_TOLD = {"handovers": (c.DONE_ON, c.CUSTOMERS)}
"""Columns that a run fills and no later run would fill again."""
MOST_OF_ENTRY = 30_000
"""Characters of an entry's text; a cell holds a few more."""
_MOST_OF_PACKED_ROW = 4_000
_KEY, _PLACE, _TWIN, _ROW, _PACKET = "\x01key", "\x01place", "\x01twin", "\x01row", "\x01packet"


def told_columns(spec: TableSpec, frame: pl.DataFrame) -> list[str]:
    """The columns of a frame that the audit tells; those that are not ours are the user's own."""
    besides = COMPUTED_BUT_TOLD.get(spec.id, ())
    whole = spec.id == "visit_plan"

    def is_told(name: str) -> bool:
        column = spec.by_id.get(name)
        return column is None or column.filled_by == "user" or name in besides or (whole and column.filled_by != "formula")

    return [name for name in frame.columns if is_told(name)]


def tell_table(table_id: str, label: str, labels: dict[str, str], before: pl.DataFrame, after: pl.DataFrame, packet: str) -> Iterator[Told]:
    """The entries of one table. label, labels: what the table and its columns are called. packet: how many rows, with `{rows}` in it.

    A column that `after` lacks stays as it is in the workbook, so nothing is told of it.
    """
    spec = TABLES[table_id]
    names = told_columns(spec, after)
    if not names:
        return
    old, new = _alike(before, after, names, spec)
    old, new = _without_common_head(old, new)
    if old.is_empty() and new.is_empty():
        return
    changed: list[Told] = []
    if old.is_empty() or new.is_empty():
        gone, come = old, new
    elif table_id in WHOLE_ROWS:
        gone, come = _without_twins(old, new, names)
    else:
        repeated = _repeated_keys(before, spec) | _repeated_keys(after, spec)
        gone, come, changed = _by_key(old, new, names, spec, label, labels, repeated)
    packed = table_id in PACKED
    yield from _told_rows(gone, spec, label, labels, packet, packed, is_new=False)
    yield from _told_rows(come, spec, label, labels, packet, packed, is_new=True)
    yield from changed


def tell_decisions(label: str, labels: dict[str, str], before: pl.DataFrame, after: pl.DataFrame) -> Iterator[Told]:
    """What was decided of pairs of duplicates; all else of that table is computed, and its rows come and go."""
    spec = TABLES["duplicates"]
    if c.DECISION not in after.columns:
        return
    was, is_now = (
        dict(zip(key_texts(frame, spec), frame[c.DECISION], strict=True)) if c.DECISION in frame.columns else {}
        for frame in (before, after)
    )
    for key in dict.fromkeys([*is_now, *was]):
        if was.get(key) != is_now.get(key):
            yield Told(label, key, labels[c.DECISION], was.get(key) or "", is_now.get(key) or "")


def tell_cells(
    table_id: str, label: str, labels: dict[str, str], read: Checked, cells: Sequence[tuple[int, str, object]], settings: Settings
) -> Iterator[Told]:
    """The entries of single cells, each with its row's number on the sheet, its column and what a person shall read there."""
    spec, table = TABLES[table_id], read.frame
    places = dict(zip(read.rows.to_list(), range(table.height), strict=True))
    keys = key_texts(table, spec)
    for row, name, value in cells:
        if row in places and name in table.columns:
            there = table[name].slice(places[row], 1)
            new, _ = values_of(pl.Series(name, [cell_text(value) or None], dtype=pl.String), spec, settings)
            old, now = (texts_of(each, spec)[0] or "" for each in (there, new))
            if old != now:
                yield Told(label, keys[places[row]], labels.get(name, name), old, now)


def _alike(before: pl.DataFrame, after: pl.DataFrame, names: list[str], spec: TableSpec) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both with the same columns of the same types; one that was not there before was blank. The rows of before keep what else is told
    of them, for those that go."""
    new = after.select(names)
    columns = []
    for name in names:
        theirs = new[name]
        if name not in before.columns:
            columns.append(pl.Series(name, [None], dtype=theirs.dtype).new_from_index(0, before.height))
        elif before[name].dtype == theirs.dtype:
            columns.append(before[name])
        elif before[name].dtype == pl.Null or theirs.dtype == pl.Null:
            kind = theirs.dtype if before[name].dtype == pl.Null else before[name].dtype
            columns.append(before[name].cast(kind))
            new = new.with_columns(theirs.cast(kind))
        else:
            columns.append(texts_of(before[name], spec))
            new = new.with_columns(texts_of(theirs, spec))
    besides = [before[name] for name in told_columns(spec, before) if name not in names]
    return pl.DataFrame([*columns, *besides]), new


def _without_common_head(old: pl.DataFrame, new: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Without the rows that are the same at the same place on both sides: nearly all, of most runs."""
    height = min(old.height, new.height)
    if not height:
        return old, new
    one, other = old.head(height), new.head(height)
    differs = pl.repeat(False, height, dtype=pl.Boolean, eager=True)
    for name in new.columns:
        differs |= one[name].ne_missing(other[name])
    return pl.concat([one.filter(differs), old.slice(height)]), pl.concat([other.filter(differs), new.slice(height)])


def _without_twins(old: pl.DataFrame, new: pl.DataFrame, names: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of either side that have no equal one on the other, counted."""
    if old.is_empty() or new.is_empty():
        return old, new
    twin = pl.int_range(pl.len()).over(names).alias(_TWIN)
    left, right = old.with_columns(twin), new.with_columns(twin)
    on = [*names, _TWIN]
    gone = left.join(right, on=on, how="anti", nulls_equal=True, maintain_order="left")
    come = right.join(left, on=on, how="anti", nulls_equal=True, maintain_order="left")
    return gone.select(old.columns), come.select(names)


def _repeated_keys(frame: pl.DataFrame, spec: TableSpec) -> set[str]:
    keys = key_texts(frame, spec)
    return {"", *keys.filter(keys.is_duplicated())}


def _by_key(
    old: pl.DataFrame, new: pl.DataFrame, names: list[str], spec: TableSpec, label: str, labels: dict[str, str], repeated: set[str]
) -> tuple[pl.DataFrame, pl.DataFrame, list[Told]]:
    """Rows that went, rows that came, and the changed fields of those that stayed. Keys that stand twice name no row."""
    old, new = old.with_columns(key_texts(old, spec).alias(_KEY)), new.with_columns(key_texts(new, spec).alias(_KEY))
    unclear = pl.col(_KEY).is_in(list(repeated))
    gone_twice, come_twice = _without_twins(old.filter(unclear).drop(_KEY), new.filter(unclear).drop(_KEY), names)
    old, new = old.filter(~unclear), new.filter(~unclear)
    gone = old.join(new, on=_KEY, how="anti", maintain_order="left").drop(_KEY)
    come = new.join(old, on=_KEY, how="anti", maintain_order="left").select(names)
    stayed = old.join(new, on=_KEY, how="semi", maintain_order="left")
    now = stayed.select(_KEY).join(new, on=_KEY, how="left", maintain_order="left")
    changed: list[tuple[int, Told]] = []
    for name in names:
        differs = stayed[name].ne_missing(now[name])
        if differs.any():
            values = (stayed[_KEY].filter(differs), *(texts_of(side[name].filter(differs), spec) for side in (stayed, now)))
            for place, key, was, is_now in zip(differs.arg_true(), *values, strict=True):
                changed.append((place, Told(label, key, labels.get(name, name), was or "", is_now or "")))
    changed.sort(key=lambda entry: entry[0])
    return pl.concat([gone, gone_twice]), pl.concat([come, come_twice]), [told for _, told in changed]


def _told_rows(
    rows: pl.DataFrame, spec: TableSpec, label: str, labels: dict[str, str], packet: str, packed: bool, is_new: bool
) -> Iterator[Told]:
    """Rows that came or went."""
    if rows.is_empty():
        return
    rows = rows.select([name for name in rows.columns if rows[name].null_count() < rows.height])
    if packed and rows.height > 1:
        packets, rest = _packets(rows, spec)
        for count, written in packets:
            sides = ("", written) if is_new else (written, "")
            yield Told(label, packet.format(rows=f"{count:,}"), "", *sides)
        rows = rows.filter(rest)
    texts = pl.DataFrame([texts_of(rows[name], spec) for name in rows.columns])
    keys = key_texts(rows, spec)
    for key, row in zip(keys, texts.iter_rows(named=True), strict=True):
        yield from _told_row(label, labels, key, {name: value for name, value in row.items() if value is not None}, is_new)


def _told_row(label: str, labels: dict[str, str], key: str, row: dict[str, str], is_new: bool) -> Iterator[Told]:
    """One row as JSON; fields that make it too long for a cell follow as entries of their own."""
    kept, long = dict(row), {}
    while len(_compact(kept)) > MOST_OF_ENTRY and len(kept) > 1:
        longest = max(kept, key=lambda name: len(kept[name]))
        long[longest] = kept.pop(longest)
    yield _side(label, key, "", _compact(kept), is_new)
    for name, value in long.items():
        yield _side(label, key, labels.get(name, name), value, is_new)


def _side(label: str, key: str, column: str, written: str, is_new: bool) -> Told:
    return Told(label, key, column, "" if is_new else written, written if is_new else "")


def _packets(rows: pl.DataFrame, spec: TableSpec) -> tuple[list[tuple[int, str]], pl.Series]:
    """Rows as lists of values below a list of heads, as many in a packet as fit an entry, with their count; and the rows that are too
    long for one."""
    heads = _compact(rows.columns)
    cells = pl.DataFrame([_json(rows[name], spec) for name in rows.columns])
    lines = cells.select(pl.concat_str(pl.lit("["), pl.concat_str(pl.all(), separator=","), pl.lit("]")).alias(_ROW))
    lines = lines.with_columns(pl.col(_ROW).str.len_bytes().cast(pl.Int64).alias(_PLACE))
    rest = lines[_PLACE] > _MOST_OF_PACKED_ROW
    room = MOST_OF_ENTRY - len(heads) - _MOST_OF_PACKED_ROW
    if room <= 0 or rest.all():
        return [], rest | True
    packet = ((pl.col(_PLACE) + 1).cum_sum() // room).alias(_PACKET)
    packed = lines.filter(~rest).group_by(packet, maintain_order=True).agg(pl.len().alias("rows"), pl.col(_ROW).str.join(","))
    return [(count, f"[{heads},{written}]") for count, written in packed.select("rows", _ROW).iter_rows()], rest


def _json(values: pl.Series, spec: TableSpec) -> pl.Series:
    """A column as JSON: texts and days in quotes, figures bare, blank as null."""
    texts = texts_of(values, spec)
    if values.dtype == pl.String and texts.str.contains(r'["\\\x00-\x1f]').any():
        return pl.Series(texts.name, ["null" if each is None else _compact(each) for each in texts.to_list()], dtype=pl.String)
    if values.dtype == pl.String or values.dtype == pl.Date:
        texts = texts.to_frame().select(pl.concat_str(pl.lit('"'), pl.all(), pl.lit('"')).alias(texts.name)).to_series()
    return texts.fill_null("null") if texts.null_count() else texts


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
