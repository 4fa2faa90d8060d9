"""Cells of a closed sheet read in columns: what they show, how they are styled, and their XML to carry along."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import Workbook, decode
from xlcrm.sheets.sheetxml import RowIndex
from xlcrm.sheets.xmlbits import attributes, column_number, letters, unescape_cell
from xlcrm.tables.cleaning import cell_text

_CONTENT = r"(?s)<is>.*?</is>|<is/>|<v[^>]*?/>|<v[^>]*>[^<]*</v>|<f[^>]*?/>|<f[^>]*>[^<]*</f>"
_RUN_TEXT = re.compile(r"<t\b[^>]*>([^<]*)</t>")
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>", re.S)
_BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NOT_PLAIN = r"&|_x[0-9A-Fa-f]{4}_"


def string_text(item: str) -> str:
    """The text of a string item (`<si>` or `<is>`), its formatted runs joined, reading aids left out."""
    if "<rPh" in item:
        item = _PHONETIC.sub("", item)
    return unescape_cell("".join(_RUN_TEXT.findall(item)))


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

    def texts(self, rows: pl.Series, column: int, as_date: bool = False) -> pl.Series:
        """What the cells of one column mean, as text; null where there is nothing.

        Numbers as their shortest digits, dates as 2017-01-31. as_date: numbers of this column are days, whatever their style.
        """
        pattern = rf'(?s)<c r="{letters(column)}[0-9]+"(?<attrs>[^>/]*)>(?<inner>.*?)</c>'
        cells = rows.str.extract_groups(pattern).struct.unnest()
        attrs, inner = cells["attrs"], cells["inner"]
        kinds = attrs.str.extract(r'\bt="(\w+)"').fill_null("n")
        result = pl.Series("text", [None] * rows.len(), dtype=pl.String)
        present = attrs.is_not_null()
        for kind in kinds.filter(present).unique().to_list():
            mask = present & (kinds == kind)
            every = bool(mask.all())
            found = self._of_kind(kind, inner if every else inner.filter(mask), attrs if every else attrs.filter(mask), as_date)
            result = found.alias("text") if every else result.scatter(mask.arg_true(), found)
        return result

    def _of_kind(self, kind: str, inner: pl.Series, attrs: pl.Series, as_date: bool) -> pl.Series:
        if kind == "inlineStr":
            text = inner.str.extract(r"^\s*<is><t[^>]*>([^<]*)</t></is>")
            return _unescaped(text, inner)
        value = inner.str.extract(r"<v[^>]*>([^<]*)</v>")
        if kind == "s":
            places = value.cast(pl.Int64, strict=False)
            known = places.set(places >= self.shared.len(), None) if places.len() else places
            return self.shared.gather(known) if self.shared.len() else pl.Series([None] * value.len(), dtype=pl.String)
        if kind == "b":
            return (value == "1").replace_strict({True: "TRUE", False: "FALSE"}, default=None, return_dtype=pl.String)
        if kind == "n":
            return self._numbers(value, attrs, as_date)
        return _unescaped(value, value)

    def _numbers(self, value: pl.Series, attrs: pl.Series, as_date: bool) -> pl.Series:
        text = _number_texts(value)
        if as_date:
            dates = pl.repeat(True, value.len(), eager=True)
        elif self.date_styles:
            dates = attrs.str.extract(r'\bs="(\d+)"').is_in(list(self.date_styles)).fill_null(False)
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
    return [string_text(item) for item in re.findall(r"<si\b[^>]*?(?:/>|>(.*?)</si>)", xml, re.S)]


def date_styles(styles_xml: str) -> frozenset[str]:
    """The ids of the cell styles that show a number as a date or a time."""
    formats = {given["numFmtId"]: given.get("formatCode", "") for given in map(attributes, re.findall(r"<numFmt\b[^>]*>", styles_xml))}
    dates = {str(number) for number in _BUILT_IN_DATES}
    for number, code in formats.items():
        bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', "", code, flags=re.I)
        if re.search(r"[dmyhs]", bare.replace("General", ""), re.I):
            dates.add(number)
        else:
            dates.discard(number)
    block = re.search(r"<cellXfs\b.*?</cellXfs>", styles_xml, re.S)
    xfs = re.findall(r"<xf\b[^>]*>", block[0]) if block else []
    return frozenset(str(place) for place, xf in enumerate(xfs) if attributes(xf).get("numFmtId") in dates)


def _unescaped(text: pl.Series, source: pl.Series) -> pl.Series:
    """Text with its escapes undone; where it could not be cut out at once (formatted runs), from the source."""
    odd = (text.str.contains(_NOT_PLAIN) | (text.is_null() & source.str.contains("<t", literal=True))).fill_null(False)
    if not odd.any():
        return text
    plain = text.to_list()
    for place in odd.arg_true().to_list():
        plain[place] = unescape_cell(plain[place]) if plain[place] is not None else string_text(source[place])
    return pl.Series(text.name, plain, dtype=pl.String)


def _number_texts(value: pl.Series) -> pl.Series:
    """Numbers as a person reads them: `12`, `0.1`; those with too many digits keep an exponent."""
    plain = value.str.contains(r"^-?[0-9]{1,15}$|^-?(?:0|[1-9][0-9]{0,8})\.[0-9]{0,4}[1-9]$")
    odd = (~plain).fill_null(False)
    if not odd.any():
        return value
    texts = value.to_list()
    for place in odd.arg_true().to_list():
        try:
            texts[place] = cell_text(float(texts[place]))
        except ValueError:
            continue
    return pl.Series(value.name, texts, dtype=pl.String)


@dataclass(frozen=True, slots=True)
class RowTemplate:
    """How a row looks: its attributes (height, hidden) and the style id of each cell by column number."""

    attributes: str
    styles: Mapping[int, str]

    @classmethod
    def of(cls, signature: str) -> RowTemplate:
        """From a row with its values and row numbers taken out."""
        tag, _, cells = signature.partition(">")
        kept = re.sub(r'^<row\b|\s(?:r|spans)="[^"]*"', "", tag.rstrip("/"))
        styles = {column_number(match[1]): match[2] or "" for match in re.finditer(r'<c r="([A-Z]+)"(?:[^>]*?\ss="(\d+)")?', cells)}
        return cls(kept.rstrip(), styles)


@dataclass(slots=True)
class Scanned:
    """Rows of a sheet in columns. One entry a row that stands in the file.

    numbers: row numbers. template_ids: place in `templates`. texts: column -> what the cells mean. raw: column -> XML of the cell.
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
    templates: dict[str, int] = {}
    known: list[RowTemplate] = []
    numbers: list[int] = []
    ids: list[pl.Series] = []
    columns: dict[int, list[pl.Series]] = {column: [] for column in texts}
    raw: dict[int, list[pl.Series]] = {}
    done = 0
    for chunk_numbers, rows in index.chunks():
        numbers.extend(chunk_numbers)
        for column, as_date in texts.items():
            columns[column].append(reader.texts(rows, column, as_date))
        if owned is not None:
            signatures = _signatures(rows)
            here = signatures.unique(maintain_order=True).to_list()
            for signature in here:
                if signature not in templates:
                    templates[signature] = len(known)
                    known.append(RowTemplate.of(signature))
            ids.append(signatures.replace_strict(here, [templates[each] for each in here], return_dtype=pl.UInt32))
            present = {column for each in here for column in known[templates[each]].styles}
            for column in present - set(owned):
                raw.setdefault(column, [_nulls(done)] if done else []).append(_raw_cells(rows, column))
            for column in raw.keys() - present:
                raw[column].append(_nulls(len(chunk_numbers)))
        done += len(chunk_numbers)
    return Scanned(
        pl.Series("number", numbers, dtype=pl.Int64),
        pl.concat(ids) if ids else pl.Series("id", [], dtype=pl.UInt32),
        known,
        {column: pl.concat(parts) if parts else _nulls(0) for column, parts in columns.items()},
        {column: pl.concat(parts) for column, parts in raw.items()},
    )


def _nulls(count: int) -> pl.Series:
    return pl.Series("text", [None] * count, dtype=pl.String)


def _signatures(rows: pl.Series) -> pl.Series:
    return (
        rows.str.replace_all(_CONTENT, "")
        .str.replace_all(r'\sr="([A-Z]*)[0-9]+"', r' r="${1}"')
        .str.replace_all(r'\s(?:t|spans|cm|vm|ph)="[^"]*"', "")
        .str.strip_chars_end()
        .alias("signature")
    )


def _raw_cells(rows: pl.Series, column: int) -> pl.Series:
    return rows.str.extract(rf'(?s)(<c r="{letters(column)}[0-9]+"(?:[^>/]*/>|[^>]*>.*?</c>))').alias("text")
