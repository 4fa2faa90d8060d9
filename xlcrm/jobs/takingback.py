"""Puts earlier values back into tables: a field, a row that came, a row that went, and only where nobody changed it since."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from xlcrm.jobs.rowtexts import key_texts, texts_of, values_of
from xlcrm.jobs.runs import Change, ChangedField, ChangedRows, Unknown
from xlcrm.jobs.store import Store
from xlcrm.jobs.telling import WHOLE_ROWS, told_columns
from xlcrm.problems import Problem
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import TableSpec

_PLACE, _TWIN, _KEY, _GIVEN, _ENTRY = "\x01place", "\x01twin", "\x01key", "\x01given", "\x01entry"
_MARKED = {"visit_plan": (c.DONE_ON,)}
"""Columns that later follow-ups fill of themselves: a row of which no more was changed since is as it came."""
_MOST_SHOWN = 120
NOTHING = "–"
_Content = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class TakingBack:
    """The tables of a workbook while changes are taken back. stayed: what could not be, each with what stands there now."""

    store: Store
    settings: Settings
    frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    before: dict[str, pl.DataFrame] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    stayed: list[Problem] = field(default_factory=list)
    fields: int = 0
    rows_out: int = 0
    rows_back: int = 0
    moves: bool = False
    """Whether the run gave rows another customer (a merge): such a row comes back only where the one that it became went again."""
    again: bool = False
    """Whether the run was taken back in part before: rows that came back then do not come a second time."""
    _kept_keys: dict[str, set[str]] = field(default_factory=dict)
    _kept_rows: dict[str, Counter[_Content]] = field(default_factory=dict)

    def frame(self, table_id: str) -> pl.DataFrame | None:
        """A table as it is by now; None where the workbook does not have it."""
        if table_id not in self.frames:
            if not self.store.has(table_id):
                return None
            self.before[table_id] = self.frames[table_id] = self.store.read(table_id).frame
        return self.frames[table_id]

    def take_back(self, changes: Sequence[Change]) -> None:
        """Takes back changes of one kind in one table."""
        unknown = [each for each in changes if isinstance(each, Unknown)]
        for each in unknown:
            details = {"row": each.row_key or each.table, "entry": each.entry}
            self.stayed.append(Problem(each.problem, sheet=each.table, value=each.row_key, details=details))
        fields = [each for each in changes if isinstance(each, ChangedField)]
        rows = [each for each in changes if isinstance(each, ChangedRows)]
        told: Sequence[ChangedField | ChangedRows] = [*fields, *rows]
        frame = self.frame(told[0].table_id) if told else None
        if frame is None:
            for missing in told:
                self._stays("undo_row_gone", missing)
        elif fields:
            self._fields(fields, frame)
        else:
            # Newest first for fields; rows come back in the order in which they stood.
            (self._rows_out if rows[0].added else self._rows_back)(rows[::-1], frame)

    # -- the three kinds

    def _fields(self, changes: Sequence[ChangedField], frame: pl.DataFrame) -> None:
        spec = TABLES[changes[0].table_id]
        places = _places(frame, key_texts(frame, spec), {each.row_key for each in changes})
        by_column: dict[str, list[ChangedField]] = {}
        for each in changes:
            found = places.get(each.row_key, ())
            if len(found) != 1 or each.column not in frame.columns:
                self._stays("undo_row_gone" if not found else "undo_row_unclear", each)
            else:
                by_column.setdefault(each.column, []).append(each)
        for column, of_column in by_column.items():
            texts = pl.DataFrame({"old": [each.old or None for each in of_column], "new": [each.new or None for each in of_column]})
            old, unreadable = values_of(texts["old"].cast(pl.String).alias(column), spec, self.settings)
            new, _ = values_of(texts["new"].cast(pl.String).alias(column), spec, self.settings)
            where = pl.Series([places[each.row_key][0] for each in of_column], dtype=pl.UInt32)
            now = frame[column].gather(where)
            old, new = old.cast(now.dtype), new.cast(now.dtype)
            free = now.eq_missing(new) & ~unreadable
            shown = texts_of(now, spec).to_list()
            for each, is_free, is_old, stands in zip(of_column, free, now.eq_missing(old), shown, strict=True):
                if not is_free and not is_old:
                    self._stays("undo_changed_since", each, stands)
            moved = free & ~old.eq_missing(new)
            if moved.any():
                # Older polars takes the places in order only.
                put = pl.DataFrame({"at": where, "old": old}).filter(moved).sort("at", maintain_order=True)
                frame = frame.with_columns(frame[column].scatter(put["at"], put["old"]))
                self.fields += int(moved.sum())
                self._put(spec.id, frame)

    def _rows_out(self, changes: Sequence[ChangedRows], frame: pl.DataFrame) -> None:
        """Rows that came go again, where each of their fields is what came."""
        spec = TABLES[changes[0].table_id]
        marked = _MARKED.get(spec.id, ())
        names = [name for name in told_columns(spec, frame) if name not in marked]
        given = self._given(changes, spec)
        keys = key_texts(given, spec)
        lacking = [name for name in given.columns if name not in (*names, *marked) and not name.startswith("\x01")]
        own = frame.with_row_index(_PLACE).with_columns(key_texts(frame, spec).alias(_KEY)).filter(pl.col(_KEY).is_in(keys.implode()))
        twin = pl.int_range(pl.len()).over(names).alias(_TWIN)
        wanted = given.with_columns(
            pl.lit(None, frame.schema[name]).alias(name) if name not in given.columns else pl.col(name).cast(frame.schema[name])
            for name in names
        )
        if lacking:
            wanted = wanted.filter(pl.all_horizontal(pl.col(lacking).is_null()))
        found = (
            wanted.with_columns(twin).join(own.with_columns(twin), on=[*names, _TWIN], how="inner", nulls_equal=True).select(_GIVEN, _PLACE)
        )
        gone = found[_PLACE]
        if gone.len():
            self._put(spec.id, frame.filter(~pl.int_range(pl.len()).is_in(gone.implode())))
            self.rows_out += gone.len()
        missed = (~given[_GIVEN].is_in(found[_GIVEN].implode())).to_list()
        if any(missed):
            self._kept_rows.setdefault(spec.id, Counter()).update(itertools.compress(_contents(given, spec), missed))
            standing = own.filter(~pl.col(_PLACE).is_in(gone.implode()))
            now = {key: _shown(row) for key, row in zip(standing[_KEY], _texts(standing.select(names), spec), strict=True)}
            for key, entry, stays in zip(keys, given[_ENTRY], missed, strict=True):
                if stays:
                    self._kept_keys.setdefault(spec.id, set()).add(key)
                    row = ChangedRows(entry, spec.id, key, (), added=True)
                    self._stays("undo_row_changed" if key in now else "undo_row_gone", row, now.get(key))

    def _rows_back(self, changes: Sequence[ChangedRows], frame: pl.DataFrame) -> None:
        """Rows that went come back, unless another one with their key has taken their place."""
        spec = TABLES[changes[0].table_id]
        given = self._given(changes, spec)
        if self.moves:
            given = self._without_moved(given, spec)
        if self.again and spec.id in WHOLE_ROWS:
            given = _without_standing(given, frame)
        keys = key_texts(given, spec)
        taken = self._kept_keys.get(spec.id, set()) if spec.id in WHOLE_ROWS else set(key_texts(frame, spec)) - {""}
        stays = keys.is_in(list(taken)) if taken else pl.repeat(False, keys.len(), dtype=pl.Boolean, eager=True)
        for key, entry in zip(keys.filter(stays), given[_ENTRY].filter(stays), strict=True):
            self._stays("undo_row_exists", ChangedRows(entry, spec.id, key, (), added=False))
        back = given.filter(~stays).drop(_GIVEN, _ENTRY)
        if back.height:
            back = back.with_columns(pl.col(name).cast(frame.schema[name]) for name in back.columns if name in frame.columns)
            self._put(spec.id, pl.concat([frame, back], how="diagonal_relaxed"))
            self.rows_back += back.height

    def _without_moved(self, given: pl.DataFrame, spec: TableSpec) -> pl.DataFrame:
        """Without the rows that stand, changed or moved on, under another customer: coming back as well they would count twice."""
        kept, moved = self._kept_rows.get(spec.id, Counter()), list[bool]()
        for content, key, entry in zip(_contents(given, spec), key_texts(given, spec), given[_ENTRY], strict=True):
            moved.append(kept[content] > 0)
            if moved[-1]:
                kept[content] -= 1
                self._stays("undo_row_moved", ChangedRows(entry, spec.id, key, (), added=False))
        return given.filter(~pl.Series(moved, dtype=pl.Boolean))

    def _given(self, changes: Sequence[ChangedRows], spec: TableSpec) -> pl.DataFrame:
        """The rows of entries as typed values, each with its number among them and its entry."""
        rows = [row for each in changes for row in each.rows]
        entries = [each.entry for each in changes for _ in each.rows]
        names = list(dict.fromkeys(name for row in rows for name in row))
        texts = [pl.Series(name, [row.get(name) for row in rows], dtype=pl.String) for name in names]
        values = [values_of(column, spec, self.settings)[0].alias(column.name) for column in texts]
        return pl.DataFrame([*values, pl.Series(_ENTRY, entries, dtype=pl.Int64)]).with_row_index(_GIVEN)

    # -- what comes of it

    def _put(self, table_id: str, frame: pl.DataFrame) -> None:
        self.frames[table_id] = frame
        self.changed.add(table_id)

    def _stays(self, code: str, change: ChangedField | ChangedRows, now: str | None = None) -> None:
        spec, language = TABLES[change.table_id], self.settings.language
        column = change.column if isinstance(change, ChangedField) else ""
        label = spec.by_id[column].label(language) if column in spec.by_id else column
        details = {"row": change.row_key, "column": label, "entry": change.entry, "now": (now or NOTHING)[:_MOST_SHOWN]}
        self.stayed.append(Problem(code, sheet=spec.label(language), value=change.row_key, details=details))


def _contents(rows: pl.DataFrame, spec: TableSpec) -> list[_Content]:
    """What rows say, whoever's they are."""
    names = sorted(name for name in rows.columns if name != c.CUSTOMER_CODE and not name.startswith("\x01"))
    texts = [texts_of(rows[name], spec).to_list() for name in names]
    return (
        [tuple((name, value) for name, value in zip(names, row, strict=True) if value is not None) for row in zip(*texts, strict=True)]
        if names
        else [()] * rows.height
    )


def _without_standing(given: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Without the rows of which an equal one stands in the table, counted."""
    names = [name for name in given.columns if name in frame.columns]
    twin = pl.int_range(pl.len()).over(names).alias(_TWIN)
    typed = given.with_columns(pl.col(name).cast(frame.schema[name]) for name in names)
    standing = frame.select(names).with_columns(twin)
    return typed.with_columns(twin).join(standing, on=[*names, _TWIN], how="anti", nulls_equal=True, maintain_order="left").drop(_TWIN)


def _places(frame: pl.DataFrame, keys: pl.Series, wanted: set[str]) -> dict[str, list[int]]:
    """Where rows with those keys stand."""
    found = pl.DataFrame({_KEY: keys, _PLACE: pl.int_range(frame.height, eager=True)}).filter(pl.col(_KEY).is_in(list(wanted)))
    places: dict[str, list[int]] = {}
    for key, place in found.iter_rows():
        places.setdefault(key, []).append(place)
    return places


def _texts(frame: pl.DataFrame, spec: TableSpec) -> Sequence[Mapping[str, str | None]]:
    return pl.DataFrame([texts_of(frame[name], spec) for name in frame.columns]).to_dicts()


def _shown(row: Mapping[str, str | None]) -> str:
    return json.dumps({name: value for name, value in row.items() if value is not None}, ensure_ascii=False)
