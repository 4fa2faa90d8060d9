"""A file -> its sheets as grids of text. What a file is, its content says, never its name."""

from __future__ import annotations

from pathlib import Path

from xlcrm.imports.textsheet import TextSheet
from xlcrm.problems import CannotDo, Problem

MOST_TEXT_MIB = 128
MOST_WORKBOOK_MIB = 256
_MIB = 1 << 20
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)


def read(path: Path) -> list[TextSheet]:
    """All worksheets of a workbook, or the one sheet of a text file. Raises CannotDo when the file cannot be read."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(4096)
    except FileNotFoundError:
        raise CannotDo(Problem("file_missing", file=path.name)) from None
    except OSError as error:
        raise CannotDo(Problem("file_unreadable", file=path.name, details={"reason": error.strerror or str(error)})) from None
    if not size:
        raise CannotDo(Problem("file_empty", file=path.name))
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _refuse_larger(path, size, MOST_WORKBOOK_MIB)
        from xlcrm.imports.spreadsheets import read_package

        return read_package(path)
    if start.startswith((_COMPOUND_FILE, *_OLD_EXCEL)):
        _refuse_larger(path, size, MOST_WORKBOOK_MIB)
        _refuse_encrypted(path)
        from xlcrm.imports.spreadsheets import read_guarded

        return read_guarded(path)
    for mark, what in _OTHERS:
        if start.startswith(mark):
            raise CannotDo(Problem("not_a_table_file", file=path.name, details={"what": what}))
    _refuse_larger(path, size, MOST_TEXT_MIB)
    return _read_text(path, start)


def _read_text(path: Path, start: bytes) -> list[TextSheet]:
    data = path.read_bytes()
    opening = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if opening.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in opening:
        from xlcrm.imports.markup import read_spreadsheetml

        return read_spreadsheetml(data, path.name)
    if opening.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<style", b"<body")) or (
        opening.startswith(b"<?xml") and b"<html" in opening
    ):
        from xlcrm.imports.markup import read_html

        return read_html(data, path.name)
    if opening.startswith(b"<?xml"):
        raise CannotDo(Problem("not_a_table_file", file=path.name, details={"what": "XML"}))
    from xlcrm.imports.delimited import read_delimited

    return [read_delimited(data, path.name)]


def _refuse_larger(path: Path, size: int, most_mib: int) -> None:
    if size > most_mib * _MIB:
        raise CannotDo(Problem("file_too_large", file=path.name, details={"size": size // _MIB, "limit": most_mib}))


def _refuse_encrypted(path: Path) -> None:
    """A workbook with a password is a compound file that holds a stream of that name, in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        raise CannotDo(Problem("password_protected", file=path.name))
