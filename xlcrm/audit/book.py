"""A hand-made workbook as the audit sees it: of every cell its formula and the value it was last saved with.

One pass over each sheet's XML gives both, which no common reader does; nothing outside the file is touched, document
type declarations (and so every entity) are refused, and the size of what is kept is bounded.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from xlcrm.audit.formulas import Formula, FormulaShelf
from xlcrm.problems import CannotDo, Problem
from xlcrm.tables.addresses import column_letters

MAX_CELLS = 1_000_000
"""Cells kept of a workbook; the rest is left out and said so."""
MAX_PART_BYTES = 300 * 1024 * 1024
MAX_TEXT = 32_767
"""Excel's own limit of a cell's text."""
_CHUNK = 256 * 1024
_SEARCHED_BYTES = 32 * 1024 * 1024


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


_Start = Callable[[str, dict[str, str]], None]


def _refuse(*_: object) -> None:
    raise _Refused


class _LocalNames(dict[str, str]):
    """`namespace name` -> `name`: workbooks of every flavour of the standard read alike."""

    def __missing__(self, name: str) -> str:
        local = name.rpartition(" ")[2]
        if len(self) < 1000:
            self[name] = local
        return local


def _parse(stream: IO[bytes], start: _Start, end: Callable[[str], None], text: Callable[[str], None]) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    local = _LocalNames()
    parser.StartElementHandler = lambda name, attributes: start(local[name], attributes)
    parser.EndElementHandler = lambda name: end(local[name])
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


def column_number(letters: str) -> int:
    """`A` is 1, `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


_DIGITS = "0123456789"
_LETTERS = {column_letters(number): number for number in range(1, 16_385)}


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
            address = attributes.get("r", "")
            letters = address.rstrip(_DIGITS)
            row = address[len(letters) :]
            if letters in _LETTERS and 0 < len(row) < 8:
                self._column, self._row = _LETTERS[letters], int(row)
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


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _cannot(code: str, path: Path, **details: object) -> CannotDo:
    return CannotDo(Problem(code, file=path.name, details=details))


def _no_package(path: Path) -> CannotDo:
    """Why a file that is no zip package cannot be audited: a password, or another kind of file."""
    try:
        with path.open("rb") as stream:
            start = stream.read(len(_OLE))
            encrypted = start == _OLE and "EncryptedPackage".encode("utf-16-le") in start + stream.read(_SEARCHED_BYTES)
    except OSError as error:
        return _cannot("file_unreadable", path, reason=error.strerror or "")
    if start.startswith(b"PK"):
        return _cannot("workbook_damaged", path, reason="zip")
    return _cannot("password_protected" if encrypted else "audit_not_a_workbook", path)


class _Package:
    """The parts of a workbook by their proper names: some writers use backslashes or other places."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._names = {name.replace("\\", "/").lstrip("/"): name for name in package.namelist()}
        found = [target for kind, target in self.related("").values() if kind == "officeDocument"]
        self.workbook = found[0] if found else "xl/workbook.xml"

    def __contains__(self, part: str) -> bool:
        return part in self._names

    def open(self, part: str) -> IO[bytes]:
        """A part to read. Raises KeyError where it is missing."""
        return self._package.open(self._names[part])

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id -> (kind, part)."""
        folder, _, name = part.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self:
            return {}
        with self.open(rels) as stream:
            elements = _elements(stream)
        found: dict[str, tuple[str, str]] = {}
        for element, attributes in elements:
            if element == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "").replace("\\", "/"))).lstrip("/")
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)
        return found


def _sheet_parts(package: _Package) -> tuple[list[tuple[str, str]], bool]:
    """The sheets (name, part) in the order of the tabs, and whether a full calculation was asked for: a saved 0 then says nothing."""
    related = package.related(package.workbook)
    with package.open(package.workbook) as stream:
        elements = _elements(stream)
    sheets = [
        (attributes.get("name", ""), related[attributes["id"]][1])
        for name, attributes in elements
        if name == "sheet" and related.get(attributes.get("id", ""), ("",))[0] == "worksheet"
    ]
    return sheets, any(name == "calcPr" and attributes.get("fullCalcOnLoad") in ("1", "true") for name, attributes in elements)


def _shared_strings(package: _Package) -> list[str]:
    strings = _Strings()
    for kind, part in package.related(package.workbook).values():
        if kind == "sharedStrings" and part in package:
            with package.open(part) as stream:
                _parse(stream, strings.start, strings.end, strings.text)
    return strings.texts


def read_book(path: Path) -> Book:
    """Reads a workbook (.xlsx, .xlsm). Raises CannotDo where the file is missing, is no workbook of this kind, or is damaged."""
    if not path.is_file():
        raise _cannot("file_missing", path)
    book = Book(path)
    try:
        with zipfile.ZipFile(path) as archive:
            package = _Package(archive)
            if package.workbook not in package:
                raise _cannot("audit_not_a_workbook", path)
            if sum(entry.file_size for entry in archive.infolist() if entry.filename.endswith(".xml")) > MAX_PART_BYTES:
                raise _cannot("workbook_explodes", path, what=f"> {MAX_PART_BYTES // 2**20} MiB")
            _read_sheets(book, package)
    except _Refused as error:
        raise _cannot("workbook_entities", path, part=path.name) from error
    except (zlib.error, EOFError, NotImplementedError, KeyError, RuntimeError, ValueError, expat.ExpatError) as error:
        raise _cannot("workbook_damaged", path, reason=str(error)) from error
    except (zipfile.BadZipFile, OSError) as error:
        raise _no_package(path) from error
    return book


def _read_sheets(book: Book, package: _Package) -> None:
    strings = _shared_strings(package)
    sheets, never_calculated = _sheet_parts(package)
    room = MAX_CELLS
    for name, part in sheets:
        if part not in package:
            continue
        sheet = Sheet(name)
        reader = _SheetReader(sheet, book, strings, room, never_calculated)
        with package.open(part) as stream:
            _parse(stream, reader.start, reader.end, reader.text)
        room = reader.room
        book.sheets[name.casefold()] = sheet
