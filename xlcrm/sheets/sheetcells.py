"""Cells of a closed sheet read in columns: what they show, how they are styled, and their XML to carry along."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from xlcrm.sheets.cellmeaning import (
    INLINE_TEXT,
    NOT_PLAIN,
    SHORT_WHOLE_NUMBER,
    VALUE,
    CellMeanings,
    cut_row,
    string_text,
    style_of,
    type_of,
)
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import Workbook, decode
from xlcrm.sheets.sheetxml import RowIndex
from xlcrm.sheets.xmlbits import attributes, column_number, unescape_cell
from xlcrm.tables.addresses import column_letters
from xlcrm.tables.cleaning import cell_text

__all__ = ["CellReader", "RowTemplate", "Scanned", "date_styles", "scan", "string_text", "style_of"]

SMALL_BYTES = 2 << 20
"""XML of rows up to this size is read cell by cell: that is faster than the fixed cost of reading whole columns."""
_BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_ROW_TAG = re.compile(r"<row\b([^>]*)>")
_ROW_NUMBER = re.compile(r'\sr="[0-9]+"')


@dataclass(frozen=True, slots=True)
class CellReader:
    """What is needed to read a cell: shared strings, which styles are dates, how days are counted."""

    shared: pl.Series
    date_styles: frozenset[str]
    date1904: bool

    @classmethod
    def of(cls, workbook: Workbook) -> CellReader:
        """The reader of a workbook's cells."""
        package = workbook.package
        strings, styles = workbook.related("sharedStrings"), workbook.related("styles")
        shared = _shared_strings(package, strings) if strings and package.has(strings) else []
        dates = date_styles(decode(package.read(styles), styles, package.file)) if styles and package.has(styles) else frozenset[str]()
        return cls(pl.Series("shared", shared, dtype=pl.String), dates, workbook.date1904)

    def texts(self, cells: pl.DataFrame, height: int, as_date: bool = False) -> pl.Series:
        """What the cells of one column mean, as text, one entry for each of `height` rows; null where there is nothing.

        Numbers as their shortest digits, dates as 2017-01-31. as_date: numbers of this column are days, whatever their style.
        """
        filled = cells.filter(~cells["attrs"].str.ends_with("/"))
        kinds = _by_value(filled["attrs"], type_of)
        different = kinds.unique().to_list()
        if len(different) == 1 and filled.height == height:
            return self._of_kind(different[0], filled["rest"], filled["attrs"], as_date).alias("text")
        result = _nulls(height)
        for kind in different:
            some = filled.filter(kinds == kind)
            result = result.scatter(some["row"], self._of_kind(kind, some["rest"], some["attrs"], as_date))
        return result

    def _of_kind(self, kind: str, inner: pl.Series, attrs: pl.Series, as_date: bool) -> pl.Series:
        if kind == "inlineStr":
            plain = _between(inner, "<is><t>", "</t></is></c>")
            return _unescaped(inner.str.extract(INLINE_TEXT) if plain is None else plain, inner)
        plain = _between(inner, "<v>", "</v></c>")
        value = inner.str.extract(VALUE) if plain is None else plain
        if kind == "s":
            places = value.cast(pl.Int64, strict=False)
            if not self.shared.len():
                return pl.Series([None] * value.len(), dtype=pl.String)
            return self.shared.gather(places.set((places >= self.shared.len()).fill_null(False), None))
        if kind == "b":
            return (value == "1").replace_strict([True, False], ["TRUE", "FALSE"], return_dtype=pl.String)
        if kind == "n":
            return self._numbers(value, attrs, as_date)
        return _unescaped(value, value)

    def _numbers(self, value: pl.Series, attrs: pl.Series, as_date: bool) -> pl.Series:
        text = _number_texts(value)
        if as_date:
            dates = pl.repeat(True, value.len(), eager=True)
        elif self.date_styles:
            styles = _by_value(attrs, style_of)
            dates = styles.is_in(list(self.date_styles))
        else:
            return text
        if not dates.any():
            return text
        return pl.select(pl.when(dates).then(pl.coalesce(self._days(value), text)).otherwise(text)).to_series()

    def _days(self, value: pl.Series) -> pl.Series:
        number = value.cast(pl.Float64, strict=False)
        known = (number >= (0 if self.date1904 else 1)) & (number < 2_958_466)
        base = 24_107 if self.date1904 else 25_569
        seconds = ((number.set(~known, None) - base) * 86_400).round()
        if not self.date1904:
            seconds = seconds + (number < 60).cast(pl.Int64) * 86_400
        moment = (seconds.cast(pl.Int64) * 1_000_000).cast(pl.Datetime("us"))
        day = moment.dt.strftime("%Y-%m-%d")
        if (number == number.floor()).all():
            return day
        return pl.select(pl.when(number == number.floor()).then(day).otherwise(moment.dt.strftime("%Y-%m-%d %H:%M:%S"))).to_series()


def _shared_strings(package: Package, part: str) -> list[str]:
    xml = decode(package.read(part), part, package.file)
    return [string_text(item) for item in re.findall(r"<si\b[^>]*?(?:/>|>(.*?)</si>)", xml, re.DOTALL)]


def date_styles(styles_xml: str) -> frozenset[str]:
    """The ids of the cell styles that show a number as a date or a time."""
    formats = {given["numFmtId"]: given.get("formatCode", "") for given in map(attributes, re.findall(r"<numFmt\b[^>]*>", styles_xml))}
    dates = {str(number) for number in _BUILT_IN_DATES}
    for number, code in formats.items():
        bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', "", code, flags=re.IGNORECASE)
        if re.search(r"[dmyhs]", bare.replace("General", ""), re.IGNORECASE):
            dates.add(number)
        else:
            dates.discard(number)
    block = re.search(r"<cellXfs\b.*?</cellXfs>", styles_xml, re.DOTALL)
    xfs = re.findall(r"<xf\b[^>]*>", block[0]) if block else []
    return frozenset(str(place) for place, xf in enumerate(xfs) if attributes(xf).get("numFmtId") in dates)


def _between(texts: pl.Series, before: str, after: str) -> pl.Series | None:
    """What stands between two marks, when every text is written in just that way; far cheaper than a pattern."""
    if texts.str.starts_with(before).all() and texts.str.ends_with(after).all():
        return texts.str.strip_prefix(before).str.strip_suffix(after)
    return None


def _unescaped(text: pl.Series, source: pl.Series) -> pl.Series:
    """Text with its escapes undone; where it could not be cut out at once (formatted runs), from the source."""
    if not (text.null_count() or text.str.contains("&", literal=True).any() or text.str.contains("_x", literal=True).any()):
        return text
    odd = (text.str.contains(NOT_PLAIN) | (text.is_null() & source.str.contains("<t", literal=True))).fill_null(False)
    if not odd.any():
        return text
    plain = text.to_list()
    for place in odd.arg_true().to_list():
        plain[place] = unescape_cell(plain[place]) if plain[place] is not None else string_text(source[place])
    return pl.Series(text.name, plain, dtype=pl.String)


def _number_texts(value: pl.Series) -> pl.Series:
    """Numbers as a person reads them: `12`, `0.1`; those with too many digits keep an exponent."""
    whole = value.str.contains(SHORT_WHOLE_NUMBER)
    if whole.all():
        return value
    number = value.cast(pl.Float64, strict=False)
    text = number.cast(pl.String).str.strip_suffix(".0")
    size = number.abs()
    odd = ((size >= 1e15) | ((size < 1e-4) & (size > 0))) & ~whole
    texts = pl.select(pl.when(number.is_null() | whole).then(value).otherwise(text)).to_series()
    if not odd.any():
        return texts
    written = texts.to_list()
    for place in odd.fill_null(False).arg_true().to_list():
        written[place] = cell_text(float(value[place]))
    return pl.Series(value.name, written, dtype=pl.String)


@dataclass(frozen=True, slots=True)
class RowTemplate:
    """How a row looks: its attributes (height, hidden) and the style id of each cell by column number."""

    attributes: str
    styles: Mapping[int, str]

    @classmethod
    def of(cls, signature: str) -> RowTemplate:
        """From the row's start tag, without its number, and the columns with their styles, as `_signatures` writes them."""
        tag, *cells = signature.split("\x1f")
        kept = re.sub(r'\sspans="[^"]*"', "", tag).rstrip(" /")
        pairs = (re.fullmatch(r"([A-Z]+)(\d*)", cell) for cell in cells)
        return cls(kept, {column_number(pair[1]): pair[2] for pair in pairs if pair})


@dataclass(slots=True)
class Scanned:
    """Rows of a sheet in columns. One entry a row that stands in the file.

    numbers: row numbers. template_ids: place in `templates`. texts: column -> what the cells mean. raw: column -> XML of the cell
    from behind its row number on (`" s="3"><v>1</v></c>`).
    """

    numbers: pl.Series
    template_ids: pl.Series
    templates: list[RowTemplate]
    texts: dict[int, pl.Series]
    raw: dict[int, pl.Series] = field(default_factory=dict)

    def until(self, last: int) -> Scanned:
        """Only the rows up to that number."""
        count = int((self.numbers <= last).sum())
        texts, raw = ({column: series.head(count) for column, series in each.items()} for each in (self.texts, self.raw))
        return Scanned(self.numbers.head(count), self.template_ids.head(count), self.templates, texts, raw)


def scan(index: RowIndex, reader: CellReader, texts: Mapping[int, bool], owned: Collection[int] | None) -> Scanned:
    """Reads rows once.

    texts: columns to read, and whether their numbers are days. owned: columns whose cells are written anew; the XML of all others
    is kept, to be carried along. None: neither templates nor XML are wanted.
    """
    if index.size <= SMALL_BYTES:
        return _scan_small(index, reader, texts, owned)
    return _scan_large(index, reader, texts, owned)


def _scan_small(index: RowIndex, reader: CellReader, texts: Mapping[int, bool], owned: Collection[int] | None) -> Scanned:
    """The same cell by cell."""
    height = len(index.numbers)
    found: dict[int, list[str | None]] = {column: [None] * height for column in texts}
    meanings = {
        as_date: CellMeanings(reader.shared, reader.date_styles, reader.date1904, as_date) for as_date in dict.fromkeys(texts.values())
    }
    read = {column_letters(column): (found[column], meanings[as_date]) for column, as_date in texts.items()}
    raw: dict[int, list[str | None]] = {}
    signatures: dict[str, int] = {}
    ids: list[int] = []
    for place, row in enumerate(index.texts()):
        cells = cut_row(row)
        for letters, attrs, rest in cells:
            if letters in read:
                cells_of_column, meaning = read[letters]
                cells_of_column[place] = meaning.text(attrs, rest)
        if owned is None:
            continue
        tag = _ROW_TAG.match(row)
        looks = "".join([f"\x1f{letters}{style_of(attrs)}" for letters, attrs, _ in cells])
        ids.append(signatures.setdefault(_ROW_NUMBER.sub("", tag[1] if tag else "", count=1) + looks, len(signatures)))
        for letters, attrs, rest in cells:
            column = column_number(letters)
            if column not in owned:
                raw.setdefault(column, [None] * height)[place] = f'"{attrs}>{rest}'
    return Scanned(
        pl.Series("number", index.numbers, dtype=pl.Int64),
        pl.Series("id", ids, dtype=pl.UInt32),
        [RowTemplate.of(signature) for signature in signatures],
        {column: pl.Series("text", cells, dtype=pl.String) for column, cells in found.items()},
        {column: pl.Series("text", cells, dtype=pl.String) for column, cells in raw.items()},
    )


def _scan_large(index: RowIndex, reader: CellReader, texts: Mapping[int, bool], owned: Collection[int] | None) -> Scanned:
    """The same in columns."""
    templates: dict[str, int] = {}
    known: list[RowTemplate] = []
    numbers: list[int] = []
    ids: list[pl.Series] = []
    columns: dict[int, list[pl.Series]] = {column: [] for column in texts}
    raw: dict[int, list[pl.Series]] = {}
    done = 0
    for chunk_numbers, rows in index.chunks():
        height = len(chunk_numbers)
        numbers.extend(chunk_numbers)
        cells = _cells(rows)
        by_column = {str(name[0]): some for name, some in cells.partition_by("letters", as_dict=True).items()}
        for column, as_date in texts.items():
            some = by_column.get(column_letters(column))
            columns[column].append(_nulls(height) if some is None else reader.texts(some, height, as_date))
        if owned is not None:
            signatures = _signatures(rows, cells)
            here = signatures.unique(maintain_order=True).to_list()
            for signature in here:
                if signature not in templates:
                    templates[signature] = len(known)
                    known.append(RowTemplate.of(signature))
            ids.append(signatures.replace_strict(here, [templates[each] for each in here], return_dtype=pl.UInt32))
            present = {column_number(name): some for name, some in by_column.items()}
            for column in present.keys() - set(owned):
                raw.setdefault(column, [_nulls(done)] if done else []).append(_raw_cells(present[column], height))
            for column in raw.keys() - present.keys():
                raw[column].append(_nulls(height))
        done += height
    return Scanned(
        pl.Series("number", numbers, dtype=pl.Int64),
        pl.concat(ids) if ids else pl.Series("id", [], dtype=pl.UInt32),
        known,
        {column: pl.concat(parts) if parts else _nulls(0) for column, parts in columns.items()},
        {column: pl.concat(parts) for column, parts in raw.items()},
    )


def _nulls(count: int) -> pl.Series:
    return pl.Series("text", [None], dtype=pl.String).new_from_index(0, count)


def _cells(rows: pl.Series) -> pl.DataFrame:
    """Rows cut into cells: place of the row, column letters, the start tag's text behind the address, what comes after the tag."""
    pieces = pl.DataFrame(
        {
            "row": pl.int_range(0, rows.len(), eager=True, dtype=pl.UInt32),
            "cell": rows.str.strip_chars_end().str.strip_suffix("</row>").str.split('<c r="').list.slice(1),
        }
    )
    cells = pieces.filter(pieces["cell"].list.len() > 0).explode("cell")
    tags = cells["cell"].str.splitn(">", 2).struct.unnest()
    address = tags["field_0"].str.splitn('"', 2).struct.unnest()
    return pl.DataFrame(
        {
            "row": cells["row"],
            "letters": address["field_0"].str.strip_chars_end("0123456789"),
            "attrs": address["field_1"],
            "rest": tags["field_1"],
        }
    )


def _signatures(rows: pl.Series, cells: pl.DataFrame) -> pl.Series:
    """What tells rows of different looks apart: the row's own attributes, its columns and their styles."""
    tags = rows.str.extract(r"^<row\b([^>]*)>").str.replace(r'\sr="[0-9]+"', "")
    looks = pl.select(pl.concat_str(pl.lit("\x1f"), cells["letters"], _by_value(cells["attrs"], style_of))).to_series()
    joined = pl.DataFrame({"row": cells["row"], "look": looks}).group_by("row", maintain_order=True).agg(pl.col("look").str.join(""))
    all_looks = pl.Series("look", [""] * rows.len(), dtype=pl.String)
    all_looks = joined["look"] if joined.height == rows.len() else all_looks.scatter(joined["row"], joined["look"])
    return (tags + all_looks).alias("signature")


def _by_value(texts: pl.Series, function: Callable[[str], str]) -> pl.Series:
    """A function applied once to each different text of a column that has few of them."""
    first = texts.first()
    if isinstance(first, str) and (texts == first).all():  # as in a table whose cells were all written alike
        return pl.Series(texts.name, [function(first)]).new_from_index(0, texts.len())
    different = texts.unique().to_list()
    return texts.replace_strict(different, [function(text) for text in different], return_dtype=pl.String)


def _raw_cells(cells: pl.DataFrame, height: int) -> pl.Series:
    """The XML of one column's cells from behind their row number on."""
    written = pl.select(pl.concat_str(pl.lit('"'), cells["attrs"], pl.lit(">"), cells["rest"])).to_series().alias("text")
    return written if cells.height == height else _nulls(height).scatter(cells["row"], written)
