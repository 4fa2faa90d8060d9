"""A look into a zip workbook before anything reads it: what unpacks to too much, or defines entities, is refused here.

A reader of workbooks trusts what a file says. A file of 200 KiB can unpack to 200 MiB of blanks, an entity of ten lines
to a billion characters, two cells in opposite corners of a sheet to a grid of 17 billion. All three are seen here.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from xlcrm.problems import CannotDo, Problem

MOST_EXPANDED_MIB = 512
# Sheets of real exports shrink 5 to 40 times; what shrinks more than 200 times is one thing repeated.
MOST_EXPANDED_RATIO = 200
RATIO_COUNTS_FROM_MIB = 16
MOST_PARTS = 20_000
MOST_CELLS = 10_000_000
_MIB = 1 << 20
_CHUNK = 1 << 20
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_XML_NAMES = (".xml", ".rels", ".vml")
# Patterns start with plain text, which Python finds fast; other ways to write an address are odd, see `_is_odd`.
_ANY_ROW = re.compile(rb' r="[A-Z]{0,3}([0-9]+)"')
_FAR_ROW = re.compile(rb' r="[A-Z]{0,3}([0-9]{5,})"')
_VERY_FAR_ROW = re.compile(rb' r="[A-Z]{0,3}([0-9]{6,})"')
_COLUMN_BY_LETTERS = (re.compile(rb' r="([A-Z]{3})[0-9]'), re.compile(rb' r="([A-Z]{2})[0-9]'))
_NOT_CALCULATED = re.compile(rb"</f>(?:<v></v>|<v ?/>)?</c>|<f[^>]*/>(?:<v></v>|<v ?/>)?</c>")
_ODD_ADDRESS = re.compile(rb" r(?:[ \t\r\n]*=[^\"]|[ \t\r\n]+=|=\"[^A-Z0-9])")


@dataclass(frozen=True, slots=True)
class PackageLook:
    """What a workbook's package says: `kind` is xlsx, xlsb or ods; `plain` when its own process can read it without care;
    `hides_text` when cells hold errors or formulas without a value."""

    kind: str
    plain: bool
    hides_text: bool = False


def look(path: Path) -> PackageLook:
    """Unpacks every XML part once, keeping nothing. Raises CannotDo for what must not be opened or is no workbook."""
    try:
        with zipfile.ZipFile(path) as package:
            return _look(package, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise CannotDo(Problem("workbook_damaged", file=path.name, details={"reason": str(error) or type(error).__name__})) from None


def _look(package: zipfile.ZipFile, path: Path) -> PackageLook:
    parts = package.infolist()
    names = {part.filename for part in parts}
    kind = _kind(package, names, path)
    expanded = sum(part.file_size for part in parts)
    packed = max(path.stat().st_size, 1)
    if len(parts) > MOST_PARTS:
        raise _explodes(path, f"{len(parts)} parts")
    if expanded > MOST_EXPANDED_MIB * _MIB or (expanded > RATIO_COUNTS_FROM_MIB * _MIB and expanded / packed > MOST_EXPANDED_RATIO):
        raise _explodes(path, f"{expanded // _MIB} MiB")
    plain, hides_text = kind == "xlsx" and expanded < 256 * _MIB, False
    for part in parts:
        if part.flag_bits & 1:
            raise CannotDo(Problem("password_protected", file=path.name))
        part_is_plain, part_hides_text = _look_at_part(package, part, path)
        plain &= part_is_plain
        hides_text |= part_hides_text
    return PackageLook(kind, plain, hides_text)


def _kind(package: zipfile.ZipFile, names: set[str], path: Path) -> str:
    lowered = {name.lower().replace("\\", "/").lstrip("/") for name in names}
    if "mimetype" in lowered and "content.xml" in lowered:
        written = package.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
        if "text" in written or "presentation" in written or "graphics" in written:
            raise CannotDo(Problem("not_a_table_file", file=path.name, details={"what": written.strip()}))
        manifest = package.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
        if b"encryption-data" in manifest:
            raise CannotDo(Problem("password_protected", file=path.name))
        return "ods"
    if any(name.startswith(("word/", "ppt/")) for name in lowered):
        raise CannotDo(Problem("not_a_table_file", file=path.name, details={"what": "an Office document or presentation"}))
    if any(name.endswith("workbook.bin") for name in lowered):
        return "xlsb"
    if any(name.endswith(".xml") for name in lowered):
        return "xlsx"
    raise CannotDo(Problem("not_a_table_file", file=path.name, details={"what": "a zip archive"}))


def _look_at_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> tuple[bool, bool]:
    """Whether the part may be read without care, and whether cells of it hold errors or formulas without a value.

    A sheet is known by its text: its name is the file's own choice.
    """
    reach, tail, seen = Reach(), b"", 0
    odd = sheet = hides_text = False
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text = tail + chunk
            if seen == 0 and text[:2] in (b"\xff\xfe", b"\xfe\xff"):
                odd, text = True, text.replace(b"\0", b"")
            seen += len(chunk)
            if seen > MOST_EXPANDED_MIB * _MIB:
                raise _explodes(path, f"{seen // _MIB} MiB")
            if _ENTITIES.search(text):
                if part.filename.lower().endswith(_XML_NAMES):
                    raise CannotDo(Problem("workbook_entities", file=path.name, details={"part": part.filename}))
                odd = True
            sheet = sheet or b"sheetData" in text
            if sheet:
                reach = reach.further(text)
                odd = odd or _is_odd(text)
                hides_text = hides_text or b't="e"' in text or bool(_NOT_CALCULATED.search(text))
            tail = chunk[-64:]
    return not odd and reach.cells <= MOST_CELLS, hides_text


@dataclass(frozen=True, slots=True)
class Reach:
    """The corner of the grid that a sheet's cells span, as far as it matters: a reader may allocate every cell up to there."""

    rows: int = 0
    columns: int = 0

    @property
    def cells(self) -> int:
        """Cells of the grid; too few for one that is surely small."""
        return self.rows * self.columns

    def further(self, text: bytes) -> Reach:
        """With the cells of one more piece of the sheet."""
        columns = _farthest_column(text, self.columns)
        # The fewer columns, the fewer rows have to be looked at: most sheets need no more than a search that finds nothing.
        far = _ANY_ROW if columns * 9_999 > MOST_CELLS else _FAR_ROW if columns * 99_999 > MOST_CELLS else _VERY_FAR_ROW
        rows = max([self.rows, *map(int, far.findall(text))])
        return Reach(rows, columns)


def _farthest_column(text: bytes, known: int) -> int:
    """The column farthest to the right, of a piece of a sheet and what is known: searches that mostly find nothing are fast."""
    for pattern in _COLUMN_BY_LETTERS:
        if found := set(pattern.findall(text)):
            return max(known, *map(column_number, found))
    while known < 26 and (farther := re.search(rb' r="([%c-Z])[0-9]' % (65 + known), text)):
        known = column_number(farther.group(1))
    return known


def _is_odd(text: bytes) -> bool:
    """Whether cells are addressed in a way that no common program writes, and that `Reach` does not see."""
    return any(sign in text for sign in (b"\nr", b"\tr", b"\rr")) or bool(_ODD_ADDRESS.search(text))


def column_number(letters: bytes) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _explodes(path: Path, what: str) -> CannotDo:
    return CannotDo(Problem("workbook_explodes", file=path.name, details={"what": what}))
