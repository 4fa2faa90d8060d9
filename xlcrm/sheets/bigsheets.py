"""A large table read from a sheet while the sheet is unpacked: some megabytes of rows at a time, and only the columns that are wanted.

Where all rows of a piece hold the same cells, as in a table that this program or a spreadsheet program wrote, every so-many-th
cell belongs to one column, and nothing of the other columns is looked at but its address. Other pieces are read row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from xlcrm.sheets.ahead import worked_ahead
from xlcrm.sheets.sheetcells import CellReader, scan
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.xmlbits import Area
from xlcrm.tables.addresses import column_letters

PIECE_BYTES = 8 << 20
LARGE_BYTES = 4 << 20
"""A sheet of more XML than this is better read here."""
_ROW, _ROW_END = b'<row r="', b"</row>"
_ROW_NUMBER = re.compile(rb'<row r="([0-9]+)"')
_ADDRESS = re.compile(rb'<c r="([A-Z]+)[0-9]+"')
_DATA = re.compile(rb"<sheetData\s*>")
_DIGITS = "0123456789"
BLANK = "/"
"""How the start tag of an empty cell ends."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """Some rows in columns: row numbers; by column what stands behind the address in each start tag, and what comes after the tag."""

    numbers: pl.Series
    attributes: Mapping[int, pl.Series]
    rest: Mapping[int, pl.Series]


def read_large(
    chunks: Iterable[bytes], part: str, file: str, body: Area, wanted: Mapping[int, bool], reader: CellReader
) -> tuple[pl.Series, dict[int, pl.Series]]:
    """Row numbers and the texts of the wanted columns, for the rows of `body` that stand in the sheet.

    chunks: the sheet's XML as it is unpacked; all of it is taken, so that its end is checked too. wanted: column -> whether its
    numbers are days. Raises CannotDo where the sheet is written in a way that cannot be read safely.
    """
    numbers = [pl.Series("number", [], dtype=pl.Int64)]
    texts: dict[int, list[pl.Series]] = {column: [pl.Series("text", [], dtype=pl.String)] for column in wanted}
    alike: list[_Cells] = []

    def read_alike() -> None:
        """Pieces of uniform rows are understood together: few large steps cost less than many small ones."""
        if alike:
            numbers.extend(cells.numbers for cells in alike)
            for column, as_date in wanted.items():
                texts[column].append(_texts(alike, column, as_date, reader))
            alike.clear()

    for rows, cells in worked_ahead(lambda rows: _uniform(rows, wanted, body.bottom), _rows_of(chunks, part, file, body)):
        if cells is not None:
            alike.append(cells)
            continue
        read_alike()
        sheet = SheetXml.parse(b"<sheetData>" + rows + b"</sheetData>", part, file)
        scanned = scan(sheet.index(), reader, wanted, None)
        numbers.append(scanned.numbers.alias("number"))
        for column, found in scanned.texts.items():
            texts[column].append(found)
    read_alike()
    return pl.concat(numbers), {column: pl.concat(parts) for column, parts in texts.items()}


def _texts(pieces: Sequence[_Cells], column: int, as_date: bool, reader: CellReader) -> pl.Series:
    """What the cells of one column mean."""
    height = sum(piece.numbers.len() for piece in pieces)
    if not any(column in piece.rest for piece in pieces):
        return pl.Series("text", [None], dtype=pl.String).new_from_index(0, height)
    attributes, rest = [], []
    for piece in pieces:
        blank = pl.Series([BLANK]).new_from_index(0, piece.numbers.len())
        attributes.append(piece.attributes.get(column, blank).alias("attrs"))
        rest.append(piece.rest.get(column, blank).alias("rest"))
    rows = pl.int_range(0, height, eager=True, dtype=pl.UInt32)
    return reader.texts(pl.DataFrame({"row": rows, "attrs": pl.concat(attributes), "rest": pl.concat(rest)}), height, as_date)


def _rows_of(chunks: Iterable[bytes], part: str, file: str, body: Area) -> Iterator[bytes]:
    """The rows of a table, whole rows, some megabytes at a time."""
    waiting: list[bytes] = []
    size = 0
    begun = done = False
    for chunk in chunks:
        if done:  # what stands below the table is only unpacked, to know that it is whole
            continue
        waiting.append(chunk)
        size += len(chunk)
        if begun and size < PIECE_BYTES:
            continue
        data = b"".join(waiting)
        start = 0 if begun else _place_of(data, body.top)
        end = data.rfind(_ROW_END) + len(_ROW_END)
        if start is not None and end > start:
            begun = True
            rows = _until(data[start:end], body.bottom)
            done = len(rows) < end - start
            data = data[end:]
            if rows:
                yield rows
        waiting, size = [data], len(data)
    data = b"".join(waiting)
    start = 0 if begun else _place_of(data, body.top)
    if start is None:
        SheetXml.parse(data, part, file)  # no row of the table, or none that was recognised; then this says so
    elif not done:
        rows = _until(data[start : data.rfind(_ROW_END) + len(_ROW_END)], body.bottom)
        if rows:
            yield rows


def _place_of(data: bytes, top: int) -> int | None:
    """Where the first row from that number on begins; None where it has not come yet."""
    head = _DATA.search(data)
    for match in _ROW_NUMBER.finditer(data, head.end() if head else len(data)):
        if int(match[1]) >= top:
            return match.start()
    return None


def _until(rows: bytes, bottom: int) -> bytes:
    """The rows up to a number; the ones behind it are few."""
    end = len(rows)
    while (start := rows.rfind(_ROW, 0, end)) >= 0:
        match = _ROW_NUMBER.match(rows, start)
        if match is None or int(match[1]) <= bottom:
            break
        end = start
    return rows[:end]


def _uniform(rows: bytes, wanted: Mapping[int, bool], bottom: int) -> _Cells | None:
    """The wanted columns, where every row holds cells of the same columns as the first one; None where one does not."""
    letters = [match.decode() for match in _ADDRESS.findall(rows, 0, rows.find(_ROW_END))]
    width = len(letters)
    cells = pl.Series("cell", [rows], dtype=pl.Binary).cast(pl.String).str.split("<c ").explode().slice(1)
    if not width or cells.len() % width or (b"\n" in rows and b"<c\n" in rows):
        return None
    columns = [cells.gather_every(width, place) for place in range(width)]
    by_letters = {column_letters(column): column for column in wanted}
    places = {place: by_letters.get(name, 0) for place, name in enumerate(letters) if place == 0 or name in by_letters}
    pieces = pl.DataFrame([column.alias(str(place)) for place, column in enumerate(columns)])
    row_end = _ROW_END.decode()
    tests = [pl.col(str(place)).str.starts_with(f'r="{name}').all() for place, name in enumerate(letters)]
    tests.append(pl.col(str(width - 1)).str.contains(row_end, literal=True).all())
    if not pieces.select(pl.all_horizontal(tests)).item():
        return None
    cut = [
        (pl.col(str(place)).str.splitn(row_end, 2).struct.field("field_0") if place == width - 1 else pl.col(str(place)))
        .str.strip_prefix(f'r="{letters[place]}').str.splitn(">", 2).alias(str(place))
        for place in places
    ]  # fmt: skip
    tags = pieces.select(cut)
    parts = [pl.col(str(place)).struct.field("field_0").str.strip_chars_start(_DIGITS).alias(f"a{place}") for place in places]
    parts += [pl.col(str(place)).struct.field("field_1").alias(f"r{place}") for place in places]
    number = pl.col("0").struct.field("field_0").str.splitn('"', 2).struct.field("field_0").cast(pl.Int64, strict=False)
    found = tags.select(number.alias("number"), *parts)
    numbers = found["number"]
    tests = [pl.col(f"a{place}").str.starts_with('"').all() for place in places]
    tests += [~pl.col(f"r{place}").str.contains("<![CDATA[", literal=True).any() for place in places]
    # Rows without cells would hide between two others; then the numbers have a gap.
    if (
        numbers.null_count()
        or numbers[-1] > bottom
        or numbers[-1] - numbers[0] + 1 != numbers.len()
        or not found.select(pl.all_horizontal(tests)).item()
    ):
        return None
    chosen = {place: column for place, column in places.items() if column}
    return _Cells(
        numbers,
        {column: found[f"a{place}"].str.slice(1) for place, column in chosen.items()},
        {column: found[f"r{place}"] for place, column in chosen.items()},
    )
