"""A hand-made workbook as the audit sees it: of every cell its formula and the value it was last saved with.

One pass over each sheet's XML gives both, which no common reader does; nothing outside the file is touched, document
type declarations (and so every entity) are refused, and the size of what is kept is bounded.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from xlcrm.audit.formulas import Formula, FormulaShelf
from xlcrm.problems import CannotDo, Problem

MAX_CELLS = 1_000_000
"""Cells kept of a workbook; the rest is left out and said so."""
MAX_PART_BYTES = 300 * 1024 * 1024
MAX_TEXT = 32_767
"""Excel's own limit of a cell's text."""
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error in a cell, as `#N/A`."""

    code: str


NOT_AVAILABLE = ErrorValue("#N/A")
Value = float | str | bool | ErrorValue | None
"""What a cell holds; None is an empty cell."""


@dataclass(slots=True)
class Sheet:
    """One sheet. values: column -> row -> value (1-based), without cells that were never calculated.

    formulas: column -> row -> formula. last_row: the last row that holds anything.
    """

    name: str
    values: dict[int, dict[int, Value]] = field(default_factory=dict)
    formulas: dict[int, dict[int, Formula]] = field(default_factory=dict)
    last_row: int = 0

    def value(self, row: int, column: int) -> Value:
        """The value of a cell, None where it is empty or not calculated."""
        return self.values.get(column, {}).get(row)

    def formula(self, row: int, column: int) -> Formula | None:
        """The formula of a cell."""
        return self.formulas.get(column, {}).get(row)


@dataclass(slots=True)
class Book:
    """All sheets by name (compared without case), and whether anything was left out."""

    path: Path
    sheets: dict[str, Sheet] = field(default_factory=dict)
    shelf: FormulaShelf = field(default_factory=FormulaShelf)
    partial: bool = False
    uncalculated: int = 0

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name."""
        return self.sheets.get(name.casefold())

    @property
    def formula_count(self) -> int:
        """How many cells hold a formula."""
        return sum(len(rows) for sheet in self.sheets.values() for rows in sheet.formulas.values())


class _Refused(Exception):
    """The XML holds what no workbook needs (a document type declaration)."""


def _refuse(*_: object) -> None:
    raise _Refused


def _parse(stream: IO[bytes], start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], text: Callable[[str], None]) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(" ")[2], attributes)
    parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _elements(stream: IO[bytes]) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(found) < MAX_CELLS:
            found.append((name, {key.rpartition(" ")[2]: value for key, value in attributes.items()}))

    _parse(stream, start, lambda _: None, lambda _: None)
    return found


class _Strings:
    """The shared strings: phonetic guides left out, runs joined."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._length = 0
        self._in_text = self._in_phonetic = False

    def start(self, name: str, _: dict[str, str]) -> None:
        if name == "si":
            self._parts, self._length = [], 0
        elif name == "rPh":
            self._in_phonetic = True
        elif name == "t":
            self._in_text = not self._in_phonetic

    def end(self, name: str) -> None:
        if name == "si" and len(self.texts) < MAX_CELLS:
            self.texts.append("".join(self._parts)[:MAX_TEXT])
        elif name == "rPh":
            self._in_phonetic = False
        elif name == "t":
            self._in_text = False

    def text(self, data: str) -> None:
        if self._in_text and self._length < MAX_TEXT:
            self._parts.append(data)
            self._length += len(data)


_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def column_number(letters: str) -> int:
    """`A` is 1, `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 is `A`, 27 is `AA`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class _SheetReader:
    def __init__(self, sheet: Sheet, book: Book, strings: list[str], room: int, never_calculated: bool) -> None:
        self.sheet, self.book, self.strings, self.room = sheet, book, strings, room
        self._never_calculated = never_calculated
        self._shared: dict[str, Formula] = {}
        self._row = self._column = 0
        self._type = ""
        self._formula_attributes: dict[str, str] | None = None
        self._formula: list[str] = []
        self._value: list[str] = []
        self._has_value = False
        self._into: list[str] | None = None
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            match = _CELL.fullmatch(attributes.get("r", ""))
            if match:
                self._column, self._row = column_number(match.group(1)), int(match.group(2))
            else:
                self._column += 1
            self._type = attributes.get("t", "n")
            self._formula_attributes, self._formula, self._value = None, [], []
            self._has_value, self._into, self._length = False, None, 0
        elif name == "row":
            number = attributes.get("r", "")
            self._row, self._column = (int(number) if number.isdigit() else self._row + 1), 0
        elif name == "f":
            self._formula_attributes, self._into = attributes, self._formula
        elif name in ("v", "t"):
            self._has_value, self._into = True, self._value

    def text(self, data: str) -> None:
        if self._into is not None and self._length < MAX_TEXT:
            self._into.append(data)
            self._length += len(data)

    def end(self, name: str) -> None:
        if name == "c":
            self._keep()
        elif name in ("f", "v", "t"):
            self._into = None

    def _keep(self) -> None:
        value = self._read_value()
        formula = self._read_formula()
        if value is None and formula is None:
            return
        if self.room <= 0:
            self.book.partial = True
            return
        self.room -= 1
        self.sheet.last_row = max(self.sheet.last_row, self._row)
        if formula is not None:
            self.sheet.formulas.setdefault(self._column, {})[self._row] = formula
            if value is None or (self._never_calculated and value == 0.0):
                self.book.uncalculated += 1
                return
        self.sheet.values.setdefault(self._column, {})[self._row] = value

    def _read_value(self) -> Value:
        if not self._has_value:
            return None
        written = "".join(self._value)[:MAX_TEXT]
        if self._type == "s":
            index = int(written) if written.strip().isdigit() else -1
            return self.strings[index] if 0 <= index < len(self.strings) else None
        if self._type == "b":
            return written.strip() == "1"
        if self._type == "e":
            return ErrorValue(written.strip())
        if self._type in ("str", "inlineStr", "d"):
            return written if written or self._formula_attributes is not None else None
        try:
            return float(written)
        except ValueError:
            return None

    def _read_formula(self) -> Formula | None:
        attributes = self._formula_attributes
        if attributes is None:
            return None
        written = "".join(self._formula).strip()
        shared = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        if shared and not written:
            return self._shared.get(shared)
        if not written:
            return None
        formula = self.book.shelf.put(written, self._row, self._column, attributes.get("t") == "array")
        if shared:
            self._shared[shared] = formula
        return formula


def _cannot(code: str, path: Path) -> CannotDo:
    return CannotDo(Problem(code, file=path.name))


def _sheet_parts(package: zipfile.ZipFile, path: Path) -> Iterator[tuple[str, str]]:
    """Names of the sheets and of their parts, in the order of the tabs."""
    with package.open("xl/workbook.xml") as stream:
        elements = _elements(stream)
    targets: dict[str, str] = {}
    with package.open("xl/_rels/workbook.xml.rels") as stream:
        for name, attributes in _elements(stream):
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")
    for name, attributes in elements:
        if name == "sheet" and attributes.get("id") in targets:
            target = targets[attributes["id"]]
            yield attributes.get("name", ""), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _never_calculated(package: zipfile.ZipFile) -> bool:
    """Whether the writer asked for a full calculation: a saved 0 then says nothing."""
    with package.open("xl/workbook.xml") as stream:
        return any(name == "calcPr" and attributes.get("fullCalcOnLoad") in ("1", "true") for name, attributes in _elements(stream))


def read_book(path: Path) -> Book:
    """Reads a workbook (.xlsx, .xlsm). Raises CannotDo where the file is missing, is no workbook of this kind, or is damaged."""
    if not path.is_file():
        raise _cannot("file_missing", path)
    book = Book(path)
    try:
        with zipfile.ZipFile(path) as package:
            if "xl/workbook.xml" not in package.namelist():
                raise _cannot("audit_not_a_workbook", path)
            if sum(entry.file_size for entry in package.infolist() if entry.filename.endswith(".xml")) > MAX_PART_BYTES:
                raise _cannot("audit_too_large", path)
            strings = _Strings()
            if "xl/sharedStrings.xml" in package.namelist():
                with package.open("xl/sharedStrings.xml") as stream:
                    _parse(stream, strings.start, strings.end, strings.text)
            room, never_calculated = MAX_CELLS, _never_calculated(package)
            for name, part in _sheet_parts(package, path):
                if part not in package.namelist() or "/worksheets/" not in part:
                    continue
                sheet = Sheet(name)
                reader = _SheetReader(sheet, book, strings.texts, room, never_calculated)
                with package.open(part) as stream:
                    _parse(stream, reader.start, reader.end, reader.text)
                room = reader.room
                book.sheets[name.casefold()] = sheet
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError, RuntimeError, OSError) as error:
        raise _cannot("audit_not_a_workbook", path) from error
    except (expat.ExpatError, _Refused) as error:
        raise _cannot("audit_damaged", path) from error
    return book
