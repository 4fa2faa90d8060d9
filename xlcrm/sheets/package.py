"""The zip package of a workbook: parts are read, replaced, added and removed; every other entry is copied as it is.

An untouched entry keeps its compressed bytes, its date and its attributes. Nothing here knows what a part means.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from xlcrm.problems import CannotDo, Problem
from xlcrm.sheets.encryption import OLE_MAGIC


class _Packer(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class _Unpacker(Protocol):
    @property
    def unconsumed_tail(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


try:  # packs about four times faster than zlib at the same size, and unpacks twice as fast
    from isal import isal_zlib
    from isal.igzip_lib import IsalError

    def _inflater() -> _Unpacker:
        return isal_zlib.decompressobj(-15)

    _crc32: Callable[[bytes, int], int] = isal_zlib.crc32
    _UNPACK_ERRORS: tuple[type[Exception], ...] = (zlib.error, IsalError)  # type: ignore[assignment]  # its stub names an instance

    def _deflater() -> _Packer:
        return isal_zlib.compressobj(2, isal_zlib.DEFLATED, -15)
except ImportError:  # pragma: no cover - a machine without a wheel for it

    def _inflater() -> _Unpacker:
        return zlib.decompressobj(-15)

    _crc32 = zlib.crc32
    _UNPACK_ERRORS = (zlib.error,)

    def _deflater() -> _Packer:
        return zlib.compressobj(1, zlib.DEFLATED, -15)


_PACKED_BYTES, _UNPACKED_BYTES = 128 << 10, 8 << 20
"""How much of a part is unpacked at a time, before and behind."""
MAX_PART_BYTES = 600 << 20
"""A part larger than this once unpacked is refused: no sheet of this program comes near it."""
MAX_PACKAGE_BYTES = (1 << 32) - 1
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class Entry:
    """One zip entry: its header fields and its compressed bytes (in pieces)."""

    name: str
    method: int
    crc: int
    size: int
    pieces: list[bytes | memoryview]
    date_time: tuple[int, int, int, int, int, int] = _FIXED_DATE
    create_system: int = 0
    create_version: int = 20
    extract_version: int = 20
    flags: int = 0
    internal_attr: int = 0
    external_attr: int = 0
    local_extra: bytes = b""
    central_extra: bytes = b""
    comment: bytes = b""

    @property
    def packed_size(self) -> int:
        """Number of compressed bytes."""
        return sum(len(piece) for piece in self.pieces)

    def chunks(self) -> Iterator[bytes]:
        """The part's bytes as they are unpacked. Raises ValueError, at the latest at the end, when they are not what the header says."""
        if self.method != zipfile.ZIP_DEFLATED:
            yield self.unpacked()
            return
        if self.size > MAX_PART_BYTES:
            raise ValueError("part too large")
        unpacker, size, crc = _inflater(), 0, 0
        for piece in self.pieces:
            for start in range(0, len(piece), _PACKED_BYTES):
                packed = bytes(piece[start : start + _PACKED_BYTES])
                while packed:
                    try:
                        data = unpacker.decompress(packed, _UNPACKED_BYTES)
                    except _UNPACK_ERRORS as error:
                        raise ValueError(str(error)) from error
                    packed = unpacker.unconsumed_tail
                    size, crc = size + len(data), _crc32(data, crc)
                    if size > self.size:
                        raise ValueError("damaged part")
                    if data:
                        yield data
        if size != self.size or crc != self.crc:
            raise ValueError("damaged part")

    def unpacked(self) -> bytes:
        """The part's bytes. Raises ValueError when they are not what the header says."""
        packed = b"".join(self.pieces)
        if self.size > MAX_PART_BYTES:
            raise ValueError("part too large")
        if self.method == zipfile.ZIP_STORED:
            data = packed
        elif self.method == zipfile.ZIP_DEFLATED:
            unpacker = _inflater()
            try:
                data = unpacker.decompress(packed, self.size + 1)
            except _UNPACK_ERRORS as error:
                raise ValueError(str(error)) from error
        else:
            raise ValueError(f"compression method {self.method}")
        if len(data) != self.size or _crc32(data, 0) != self.crc:
            raise ValueError("damaged part")
        return data


def _dos_date(date_time: tuple[int, int, int, int, int, int]) -> tuple[int, int]:
    year, month, day, hour, minute, second = date_time
    return hour << 11 | minute << 5 | second // 2, max(year - 1980, 0) << 9 | month << 5 | day


def _without_zip64(extra: bytes) -> bytes:
    """Extra fields without the zip64 one: sizes and offsets stand in the headers again."""
    kept = b""
    while len(extra) >= 4:
        tag, length = struct.unpack_from("<HH", extra)
        if tag != 1:
            kept += extra[: 4 + length]
        extra = extra[4 + length :]
    return kept


@dataclass(slots=True)
class Package:
    """The parts of one workbook file, in the order in which they stand in it."""

    file: str
    entries: dict[str, Entry] = field(default_factory=dict)
    _lower: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_bytes(cls, data: bytes, file: str) -> Package:
        """The package in these bytes. Raises CannotDo when they are no workbook package; `file` is the name to show."""
        if data.startswith(OLE_MAGIC):
            raise CannotDo(Problem("workbook_encrypted_or_old", file=file))
        package = cls(file)
        view = memoryview(data)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for info in archive.infolist():
                    package._take(view, info)
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, UnicodeError) as error:
            raise CannotDo(Problem("workbook_damaged", file=file, details={"reason": str(error)})) from error
        if not package.has("[Content_Types].xml"):
            raise CannotDo(Problem("workbook_damaged", file=file, details={"reason": "[Content_Types].xml"}))
        return package

    @classmethod
    def open(cls, path: Path) -> Package:
        """The package in that file. Raises CannotDo when it cannot be read or is no workbook."""
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise CannotDo(Problem("file_missing", file=path.name)) from error
        except OSError as error:
            raise CannotDo(Problem("file_unreadable", file=path.name, details={"reason": error.strerror or str(error)})) from error
        return cls.from_bytes(data, path.name)

    def _take(self, view: memoryview, info: zipfile.ZipInfo) -> None:
        if info.flag_bits & 1:
            raise ValueError("encrypted entry")
        fields = _LOCAL.unpack_from(view, info.header_offset)
        if fields[0] != b"PK\x03\x04":
            raise ValueError("bad local header")
        start = info.header_offset + _LOCAL.size + fields[9]
        extra = bytes(view[start : start + fields[10]])
        start += fields[10]
        packed = view[start : start + info.compress_size]
        if len(packed) != info.compress_size:
            raise ValueError("file cut off")
        entry = Entry(
            info.filename, info.compress_type, info.CRC, info.file_size, [packed], info.date_time, info.create_system, info.create_version,
            min(info.extract_version, 20), info.flag_bits & ~8, info.internal_attr, info.external_attr,
            _without_zip64(extra), _without_zip64(info.extra), info.comment,
        )  # fmt: skip
        self._put(entry)

    def _put(self, entry: Entry) -> None:
        self.entries[entry.name] = entry
        self._lower[entry.name.lower()] = entry.name

    def _find(self, name: str) -> str | None:
        """Part names are compared without regard to case."""
        return name if name in self.entries else self._lower.get(name.lower())

    def has(self, name: str) -> bool:
        """Whether that part exists."""
        return self._find(name) is not None

    def names(self) -> list[str]:
        """All part names."""
        return list(self.entries)

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises CannotDo when it is missing or damaged."""
        found = self._find(name)
        if found is None:
            raise CannotDo(Problem("workbook_damaged", file=self.file, details={"reason": name}))
        try:
            return self.entries[found].unpacked()
        except ValueError as error:
            raise CannotDo(Problem("workbook_damaged", file=self.file, details={"reason": f"{name}: {error}"})) from error

    def size(self, name: str) -> int:
        """How many bytes a part has once it is unpacked; 0 where there is none."""
        found = self._find(name)
        return 0 if found is None else self.entries[found].size

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a part as they are unpacked. Raises CannotDo when it is missing or damaged, perhaps only at its end."""
        found = self._find(name)
        if found is None:
            raise CannotDo(Problem("workbook_damaged", file=self.file, details={"reason": name}))
        try:
            yield from self.entries[found].chunks()
        except ValueError as error:
            raise CannotDo(Problem("workbook_damaged", file=self.file, details={"reason": f"{name}: {error}"})) from error

    def replace(self, name: str, chunks: bytes | Iterable[bytes]) -> None:
        """Sets the bytes of a part, given whole or in chunks that are packed one by one; a new name adds a part."""
        deflater, crc, size, pieces = _deflater(), 0, 0, list[bytes | memoryview]()
        for chunk in (chunks,) if isinstance(chunks, bytes) else chunks:
            crc, size = _crc32(chunk, crc), size + len(chunk)
            packed = deflater.compress(chunk)
            if packed:
                pieces.append(packed)
        pieces.append(deflater.flush())
        found = self._find(name)
        if found is None:
            self._put(Entry(name, zipfile.ZIP_DEFLATED, crc, size, pieces, flags=0 if name.isascii() else 0x800))
            return
        entry = self.entries[found]
        entry.method, entry.crc, entry.size, entry.pieces = zipfile.ZIP_DEFLATED, crc, size, pieces

    def remove(self, name: str) -> None:
        """Takes a part out; a name that is not there is no error."""
        found = self._find(name)
        if found is not None:
            del self.entries[found]
            del self._lower[found.lower()]

    def write(self, out: IO[bytes]) -> None:
        """Writes the whole package. Raises CannotDo when it would be larger than a plain zip file can be."""
        offset, directory = 0, []
        for entry in self.entries.values():
            name = entry.name.encode("utf-8" if entry.flags & 0x800 else "cp437")
            time, date = _dos_date(entry.date_time)
            packed_size = entry.packed_size
            if offset + packed_size > MAX_PACKAGE_BYTES:
                raise CannotDo(Problem("workbook_too_large", file=self.file))
            common = (entry.flags, entry.method, time, date, entry.crc, packed_size, entry.size, len(name))
            out.write(_LOCAL.pack(b"PK\x03\x04", entry.extract_version, *common, len(entry.local_extra)) + name + entry.local_extra)
            for piece in entry.pieces:
                out.write(piece)
            directory.append(
                _CENTRAL.pack(
                    b"PK\x01\x02", entry.create_version | entry.create_system << 8, entry.extract_version, *common,
                    len(entry.central_extra), len(entry.comment), 0, entry.internal_attr, entry.external_attr, offset,
                ) + name + entry.central_extra + entry.comment
            )  # fmt: skip
            offset += _LOCAL.size + len(name) + len(entry.local_extra) + packed_size
        central = b"".join(directory)
        out.write(central)
        out.write(_END.pack(b"PK\x05\x06", 0, 0, len(directory), len(directory), len(central), offset, 0))

    def to_bytes(self) -> bytes:
        """The whole package as bytes."""
        out = io.BytesIO()
        self.write(out)
        return out.getvalue()
