"""A frame into a table of an open workbook: whole columns of ours, only where something changed, the user's columns with their rows.

Where rows change their places and the user has something in them, the program itself sorts the table, so that his formulas and
formats go along; our columns are then set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from xlcrm.problems import CannotDo, Problem
from xlcrm.settings import Settings
from xlcrm.sheets.livegrid import LiveBook, LiveTable
from xlcrm.sheets.livevalues import LiveValue, column_texts, column_values, stands
from xlcrm.sheets.rowmatch import Matching, key_texts, match_rows
from xlcrm.sheets.storereading import ids_of_headers
from xlcrm.sheets.tablerows import Kept, typed
from xlcrm.sheets.template_formulas import excel_formula
from xlcrm.sheets.xmlbits import MAX_ROWS, Area
from xlcrm.tables.check import clean_column
from xlcrm.tables.cleaning import clean_text
from xlcrm.tables.schema import ColumnKind, TableSpec, header_key

MOST_RUNS = 20
"""A user's own column that changed in more places than this is set as a whole."""
NUMBERS_DIFFER = 1e-9


@dataclass(frozen=True, slots=True)
class Plan:
    """One table's write, thought through: nothing in it can fail any more.

    named: columns by id, new ones too. added: heads of new columns at the right end. old: how many data rows stand there, the blank
    one of an empty table included. height: how many there will be. sorted: rows have to change places with what the user has in them.
    """

    table: LiveTable
    spec: TableSpec
    frame: pl.DataFrame
    kept: Kept
    named: Mapping[str, int]
    added: Sequence[str]
    matching: Matching
    old: int
    height: int
    sorted: bool
    make_room: int


class LiveTableWriter:
    """Writes tables of one open workbook."""

    def __init__(self, book: LiveBook, settings: Settings) -> None:
        self._book, self._settings = book, settings

    # -- before anything is written

    def planned(self, table: LiveTable, spec: TableSpec, frame: pl.DataFrame, kept: Kept, origins: pl.Series | None = None) -> Plan:
        """What writing the frame takes. Raises CannotDo where that would break something of the user's.

        origins: see `WorkbookChanges`.
        """
        named = ids_of_headers(table.headers, table.area.left, spec)
        added = self._new_columns(table, spec, frame, named)
        matching = self._matched(table, spec, frame, kept, named, origins)
        old, height = table.body.height, max(matching.height, 1)
        if table.body.top + height - 1 + table.has_totals > MAX_ROWS:
            raise CannotDo(Problem("too_many_rows", file=self._book.name, sheet=table.sheet, details={"table": table.name, "rows": height}))
        spread = matching.spread(height)
        same = min(old, height)
        moved = not (spread.head(same) == pl.int_range(0, same, eager=True)).fill_null(False).all()
        must_sort = moved and (bool(kept.rows or kept.cells) or self._has_own_cells(table, spec, named))
        needed = old + spread.null_count() if must_sort else height
        room = self._room_to_make(table, needed, table.area.right + len(added))
        return Plan(table, spec, frame, kept, named, added, matching, old, height, must_sort, room)

    def _new_columns(self, table: LiveTable, spec: TableSpec, frame: pl.DataFrame, named: dict[str, int]) -> list[str]:
        """The heads of the frame's columns that the table lacks; they are put into `named` too."""
        added: list[str] = []
        used = {header_key(header) for header in table.headers}
        for name in frame.columns:
            if name in named or (name in spec.by_id and spec.by_id[name].filled_by == "formula"):
                continue
            header = spec.by_id[name].label(self._settings.language) if name in spec.by_id else name
            number = table.area.right + len(added) + 1
            place = Area(number, table.area.top, number, table.area.bottom)
            taken = any(stands(row[0]) is not None for row in self._book.rows(table.sheet, place))
            if taken or any(_overlap(place, other.area) for other in self._others(table)):
                raise CannotDo(Problem("no_room_for_column", file=self._book.name, sheet=table.sheet, value=header))
            unique, count = header, 2
            while header_key(unique) in used:
                unique, count = f"{header} ({count})", count + 1
            used.add(header_key(unique))
            added.append(unique)
            named[name] = number
        return added

    def _matched(
        self, table: LiveTable, spec: TableSpec, frame: pl.DataFrame, kept: Kept, named: Mapping[str, int], origins: pl.Series | None
    ) -> Matching:
        keys = [name for name in spec.key if name in frame.columns and name in named]
        columns = self._book.columns(table.sheet, table.body, [named[name] for name in keys])
        old = []
        for name in keys:
            column = spec.by_id[name]
            texts = column_texts(columns[named[name]], column.kind == ColumnKind.DATE)
            old.append(clean_column(column, texts, self._settings).values)
        numbers = pl.int_range(table.body.top, table.body.bottom + 1, eager=True)
        new = key_texts([frame[name] for name in keys])
        return match_rows(numbers, key_texts(old), new, frame.height, kept.rows, bool(keys), origins)

    def _has_own_cells(self, table: LiveTable, spec: TableSpec, named: Mapping[str, int]) -> bool:
        """Whether the user has something in columns of his own."""
        own = [number for name, number in named.items() if name not in spec.by_id and number <= table.area.right]
        columns = self._book.columns(table.sheet, table.body, own)
        return any(stands(value) is not None for values in columns.values() for value in values)

    def _others(self, table: LiveTable) -> list[LiveTable]:
        return [other for other in self._book.tables.values() if other.sheet == table.sheet and other.name != table.name]

    def _room_to_make(self, table: LiveTable, rows: int, right: int) -> int:
        """How many cells have to be pushed down below the table, so that nothing there is overwritten. right: its last column then."""
        by, wide = rows - table.body.height, Area(table.area.left, table.area.top, right, table.area.bottom)
        if by <= 0:
            return 0
        if not table.has_totals:
            bottom = table.body.bottom
            below = self._book.rows(table.sheet, Area(wide.left, bottom + 1, wide.right, bottom + by + 1))
            if not any(stands(value) is not None for row in below for value in row) and not any(
                _overlap(Area(wide.left, bottom, wide.right, bottom + by), other.area) for other in self._others(table)
            ):
                return 0
        if any(other.area.bottom > table.body.bottom and _beside(other.area, wide) for other in self._others(table)):
            details = {"table": table.name, "rows": by}
            raise CannotDo(Problem("no_room_below_table", file=self._book.name, sheet=table.sheet, details=details))
        return by

    # -- the write

    def write(self, plan: Plan) -> None:
        """Puts the frame into the table."""
        table, body = plan.table, plan.table.body
        self._make_room(plan)
        for place, header in enumerate(plan.added, 1):
            number = table.area.right + place
            self._book.copy_formats(
                (table.sheet, Area(table.area.right, table.area.top, table.area.right, body.bottom)), table.sheet,
                Area(number, table.area.top, number, body.bottom),
            )  # fmt: skip
            self._book.write(table.sheet, table.area.top, number, [[header]])
        rows_now = plan.old
        if plan.sorted:
            rows_now = self._sort(plan)
        self._resize(plan, rows_now, plan.height)
        self._write_columns(plan)

    def _make_room(self, plan: Plan) -> None:
        if plan.make_room:
            table = plan.table
            # With a row of totals the cells come in above it, and the table grows by itself.
            first, last = table.body.bottom + 1, table.body.bottom + plan.make_room
            # Columns that come in a step of their own: cells are inserted into a table exactly from side to side.
            for left, right in ((table.area.left, table.area.right), (table.area.right + 1, table.area.right + len(plan.added))):
                if left <= right:
                    self._book.range(table.sheet, Area(left, first, right, last)).insert("down")

    def _sort(self, plan: Plan) -> int:
        """Lets the program move the old rows to their new places; rows that are gone come last. Returns how many rows there are then."""
        table, body = plan.table, plan.table.body
        spread = plan.matching.spread(plan.height)
        rows = plan.old + spread.null_count()
        self._resize(plan, plan.old, rows)
        places: list[int | None] = [None] * rows
        new = iter(range(plan.old, rows))
        for place, scan in enumerate(spread.to_list()):
            places[scan if scan is not None else next(new)] = place
        last = iter(range(plan.height, rows))
        numbers = [next(last) if place is None else place for place in places]
        column = _key_column(plan)
        # The place goes into a key column, which is set anew afterwards; as text of one length, since in cells formatted as text even
        # numbers would be ordered as text. Filters would keep rows from moving.
        self._book.write(table.sheet, body.top, column, [[f"{number:07d}"] for number in numbers])
        live = self._book.sheet(table.sheet).tables[table.name]
        filtered = live.show_autofilter
        if filtered:
            live.show_autofilter = False
        live.sort(column - table.area.left + 1)
        if filtered:
            live.show_autofilter = True
        return rows

    def _resize(self, plan: Plan, old: int, new: int) -> None:
        """Gives the table that many data rows; new ones look and calculate like the last one, left-over cells are emptied."""
        table, body = plan.table, plan.table.body
        right = table.area.right + len(plan.added)
        if new > old or (new == old and plan.added):
            self._resize_table(plan, right, new)
        if new > old:
            fresh = Area(table.area.left, body.top + old, right, body.top + new - 1)
            last = Area(table.area.left, body.top + old - 1, right, body.top + old - 1)
            self._book.copy_formats((table.sheet, last), table.sheet, fresh)
            for name, number in plan.named.items():
                column = plan.spec.by_id.get(name)
                if column is not None and column.filled_by == "formula":
                    cells = self._book.range(table.sheet, Area(number, fresh.top, number, fresh.bottom))
                    cells.formula = "=" + excel_formula(plan.spec, column, self._settings.language).replace("_xlfn.", "")
        elif new < old:
            gone = Area(table.area.left, body.top + new, right, body.top + old - 1)
            if table.has_totals:
                self._book.range(table.sheet, gone).delete("up")
            else:
                self._book.range(table.sheet, gone).clear_contents()
                self._resize_table(plan, right, new)

    def _resize_table(self, plan: Plan, right: int, rows: int) -> None:
        table = plan.table
        if table.has_totals and not plan.added:
            return  # it grew with the cells that came in above its totals
        bottom = table.body.top + rows - 1 + table.has_totals
        cells = self._book.range(table.sheet, Area(table.area.left, table.area.top, right, bottom))
        self._book.sheet(table.sheet).tables[table.name].resize(cells)

    def _write_columns(self, plan: Plan) -> None:
        written = {
            number: name for name, number in plan.named.items()
            if name in plan.frame.columns and (name not in plan.spec.by_id or plan.spec.by_id[name].filled_by != "formula")
        }  # fmt: skip
        old = self._book.columns(plan.table.sheet, plan.table.body, [number for number in written if number <= plan.table.area.right])
        key_column = _key_column(plan)
        changed: list[_Column] = []
        for number, name in sorted(written.items()):
            column = self._column(plan, number, name, old.get(number, []), was_key=number == key_column)
            if column is not None:
                changed.append(column)
        for group in _adjacent(changed):
            self._write_group(plan, group)

    def _column(self, plan: Plan, number: int, name: str, old: Sequence[object], was_key: bool) -> _Column | None:
        """What has to be set in one column; None where all of it stands there already."""
        spec = plan.spec.by_id.get(name)
        values, scale = typed(plan.frame[name], spec, self._settings.language)
        new = column_values(plan.matching.gather(values, plan.height), scale)
        standing: list[LiveValue] = [stands(value) for value in old[: plan.height]]
        if plan.sorted:
            before = [stands(value) for value in old]
            standing = [None if scan is None else before[scan] for scan in plan.matching.spread(plan.height).to_list()]
        standing += [None] * (plan.height - len(standing))
        stays = self._staying(plan, name)
        if plan.sorted and was_key:  # the numbers to sort by stand there now
            new = [standing[place] if place in stays else value for place, value in enumerate(new)]
            return _Column(number, new, [(0, plan.height)])
        if spec is None:
            # Perhaps a formula of his fills the cell: what shows the same text already is left alone.
            shown = clean_text(column_texts(standing, as_date=False))
            wanted = clean_text(column_texts(new, as_date=False))
            differs = (shown != wanted) | (shown.is_null() != wanted.is_null())
            places = [place for place in differs.fill_null(False).arg_true().to_list() if place not in stays]
            runs = _runs(places)
            if len(runs) > MOST_RUNS:
                runs = [(runs[0][0], runs[-1][1])]
            return _Column(number, new, runs, alone=True) if runs else None
        pairs = zip(new, standing, strict=True)
        counts = spec.kind == ColumnKind.COUNT
        places = [
            place for place, (value, there) in enumerate(pairs)
            # A count in a cell that is formatted as text stands there as text, whatever is set.
            if not _same(value, there) and not (counts and isinstance(there, str) and there == str(value)) and place not in stays
        ]  # fmt: skip
        if not places:
            return None
        first, last = places[0], places[-1] + 1
        return _Column(number, new, _between(first, last, sorted(stays)), alone=bool(stays))

    def _staying(self, plan: Plan, name: str) -> set[int]:
        """Places among the new rows whose cell of this column stays as it is."""
        kept = {*plan.kept.cells.get(name, ()), *plan.matching.kept}
        if not kept:
            return set()
        top = plan.table.body.top
        spread = plan.matching.spread(plan.height).to_list()
        bad = {number - top for number in plan.kept.cells.get(name, ())}
        whole = {number - top for number in plan.matching.kept}
        filled = plan.matching.gather(plan.frame[name], plan.height).is_not_null().to_list()
        return {place for place, scan in enumerate(spread) if scan is not None and (scan in whole or (scan in bad and not filled[place]))}

    def _write_group(self, plan: Plan, group: Sequence[_Column]) -> None:
        top = plan.table.body.top
        if len(group) == 1:
            for first, last in group[0].runs:
                rows = [[value] for value in group[0].values[first:last]]
                self._book.write(plan.table.sheet, top + first, group[0].number, rows)
            return
        first = min(column.runs[0][0] for column in group)
        last = max(column.runs[-1][1] for column in group)
        block = list(zip(*(column.values[first:last] for column in group), strict=True))
        self._book.write(plan.table.sheet, top + first, group[0].number, block)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column to write: its values for all new rows, and the runs of rows (first, one behind the last) that are set.

    alone: only those runs may be written, so that it cannot share a block with its neighbours.
    """

    number: int
    values: list[LiveValue]
    runs: list[tuple[int, int]]
    alone: bool = False


def _key_column(plan: Plan) -> int:
    """The first column that rows are matched by; 0 where their place decides."""
    return next((plan.named[name] for name in plan.spec.key if name in plan.named and name in plan.frame.columns), 0)


def _adjacent(columns: Sequence[_Column]) -> list[list[_Column]]:
    """Columns side by side in one block."""
    groups: list[list[_Column]] = []
    for column in columns:
        if groups and not column.alone and not groups[-1][-1].alone and groups[-1][-1].number + 1 == column.number:
            groups[-1].append(column)
        else:
            groups.append([column])
    return groups


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending places as runs: first, and one behind the last."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs


def _between(first: int, last: int, stays: Sequence[int]) -> list[tuple[int, int]]:
    """The run from first to last without the places that stay."""
    runs = []
    for place in stays:
        if first <= place < last:
            if first < place:
                runs.append((first, place))
            first = place + 1
    return [*runs, (first, last)] if first < last else runs


def _same(value: LiveValue, there: LiveValue) -> bool:
    """Whether a cell holds that value already. Reading rounds shares, so numbers may differ by that much."""
    if type(value) is type(there):
        return value == there or (isinstance(value, float) and isinstance(there, float) and abs(value - there) < NUMBERS_DIFFER)
    numbers = (
        isinstance(value, int | float) and isinstance(there, int | float) and not isinstance(value, bool) and not isinstance(there, bool)
    )
    return numbers and value == there


def _beside(one: Area, other: Area) -> bool:
    return one.left <= other.right and other.left <= one.right


def _overlap(one: Area, other: Area) -> bool:
    return _beside(one, other) and one.top <= other.bottom and other.top <= one.bottom
