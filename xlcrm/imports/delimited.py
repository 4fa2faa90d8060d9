"""CSV and its relatives -> a grid of text."""

from __future__ import annotations

import csv
import io
from collections import Counter

import polars as pl

from xlcrm.imports.encodings import decode
from xlcrm.imports.textsheet import TextSheet, blanks_to_null, column_letter, frame_of_rows
from xlcrm.problems import CannotDo, Problem
from xlcrm.tables.celltext import MOST_CHARACTERS

DELIMITERS = ",;\t|"
_SAMPLE_LINES = 50


def read_delimited(data: bytes, file: str) -> TextSheet:
    """Delimiter `,` `;` tab or `|` (or what a `sep=` line says), any line ends, quoted line breaks. Row numbers are those
    that a spreadsheet shows for the file. Raises CannotDo for what is no text, an unknown encoding or an unclosed quote."""
    text = decode(data, file).replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    if first.strip().strip('"').lower().startswith("sep=") and len(first.strip().strip('"')) <= 5:
        declared = first.strip(" ").strip('"')[4:]
        text, delimiter = rest, declared or "\t"
    else:
        delimiter = _delimiter(text)
    if not text.strip():
        raise CannotDo(Problem("file_empty", file=file))
    frame = _fast(text, delimiter)
    if frame is None:
        frame = _exact(text, delimiter, file)
    return TextSheet(file, "", frame, decimal_comma=delimiter == ";")


def _delimiter(text: str) -> str:
    """The sign that cuts most of the first lines into the same number of pieces."""
    lines = text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES]
    best, best_score = ",", 0.0
    for sign in DELIMITERS:
        widths = Counter(width for width in (_pieces(line, sign) for line in lines) if width > 1)
        if widths:
            width, often = widths.most_common(1)[0]
            score = often * (1 + width / 100)
            if score > best_score:
                best, best_score = sign, score
    return best


def _pieces(line: str, sign: str) -> int:
    if '"' not in line:
        return line.count(sign) + 1
    return sum(part.count(sign) for part in line.split('"')[::2]) + 1


def _fast(text: str, delimiter: str) -> pl.DataFrame | None:
    """Polars' own reader, where its result is certain to be the csv module's; else None."""
    if text.count('"') % 2 or "\0" in text:
        return None
    body = text if text.endswith("\n") else text + "\n"
    width = max(_pieces(line, delimiter) for line in body.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES])
    # Polars takes the width from the first line, which is often a title: a full blank line goes before it.
    full = (delimiter * (width - 1) or '""') + "\n" + body
    schema = {column_letter(index): pl.String for index in range(width)}
    try:
        frame = pl.read_csv(io.BytesIO(full.encode("utf-8")), has_header=False, separator=delimiter, schema=schema, quote_char='"')
    except (pl.exceptions.PolarsError, ValueError):
        return None
    if frame.height != body.count("\n") + 1:
        return None
    return _trimmed(blanks_to_null(frame.slice(1)))


def _trimmed(frame: pl.DataFrame) -> pl.DataFrame:
    """Without columns at the right that hold nothing."""
    width = frame.width
    while width > 1 and frame.to_series(width - 1).null_count() == frame.height:
        width -= 1
    return frame.select(frame.columns[:width])


def _exact(text: str, delimiter: str, file: str) -> pl.DataFrame:
    # No spreadsheet exports a longer field; it comes from a quote that was never closed.
    limit = csv.field_size_limit(MOST_CHARACTERS)
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise _unclosed_quote(file, f"A{len(rows) + 1}", "") from None
    finally:
        csv.field_size_limit(limit)
    _refuse_unclosed_quote(text, rows, file)
    return _trimmed(frame_of_rows(rows))


def _refuse_unclosed_quote(text: str, rows: list[list[str]], file: str) -> None:
    """A quote that is never closed swallows the rest of the file into one field, the last one of the last row."""
    if not rows or not rows[-1]:
        return
    last = rows[-1][-1]
    # Only inside a quoted field does the csv module keep the final line end (or run into the end without a closing quote).
    swallowed = last.endswith("\n") if text.endswith("\n") else text.count('"') % 2 == 1 and not text.endswith('"')
    if swallowed:
        raise _unclosed_quote(file, f"{column_letter(len(rows[-1]) - 1)}{len(rows)}", last[:80])


def _unclosed_quote(file: str, cell: str, value: str) -> CannotDo:
    return CannotDo(Problem("unclosed_quote", file=file, cell=cell, value=value))
