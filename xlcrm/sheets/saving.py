"""Saving a workbook so that a file on the disk is always whole: the old one or the new one, never a piece.

The new file is written beside the old one, flushed to the disk and put in its place in one step. The old one stays as
`<name>.bak.<ending>`. A workbook that is open elsewhere, or that changed since it was read, is not touched.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from xlcrm.problems import CannotDo, Problem

_TEMP_MARK = ".xlcrm-"
_STALE_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file was when it was read: size in bytes, time of change in nanoseconds, digest of the content."""

    size: int
    mtime_ns: int
    digest: bytes

    @classmethod
    def of(cls, path: Path, data: bytes | None = None) -> Stamp:
        """The stamp of the file as it is now. Raises OSError."""
        state = path.stat()
        return cls(state.st_size, state.st_mtime_ns, hashlib.sha256(path.read_bytes() if data is None else data).digest())

    def still_holds(self, path: Path) -> bool:
        """Whether the file is still that one: same size, and same time or else the same content."""
        try:
            state = path.stat()
            if state.st_size != self.size:
                return False
            return state.st_mtime_ns == self.mtime_ns or hashlib.sha256(path.read_bytes()).digest() == self.digest
        except OSError:
            return False


def read_stamped(path: Path) -> tuple[bytes, Stamp]:
    """A file's bytes and its stamp. Raises CannotDo when it cannot be read."""
    try:
        data = path.read_bytes()
        return data, Stamp.of(path, data)
    except FileNotFoundError as error:
        raise CannotDo(Problem("file_missing", file=path.name)) from error
    except OSError as error:
        raise CannotDo(Problem("file_unreadable", file=path.name, details={"reason": error.strerror or str(error)})) from error


def backup_path(path: Path) -> Path:
    """Where the previous file is kept: `crm.xlsx` -> `crm.bak.xlsx`."""
    return path.with_name(f"{path.stem}.bak{path.suffix}")


def lock_path(path: Path) -> Path | None:
    """The lock file of a program that has the workbook open (Excel and WPS, LibreOffice), or None."""
    # Excel drops the first two letters of a long name to make room for its mark.
    for name in (f"~${path.name}", f"~${path.name[2:]}" if len(path.name) > 8 else "", f".~lock.{path.name}#"):
        if name and path.with_name(name).exists():
            return path.with_name(name)
    return None


def check_free(path: Path, stamp: Stamp | None) -> None:
    """Raises CannotDo when the workbook is open elsewhere, or is no longer the one that was read."""
    lock = lock_path(path)
    if lock is not None:
        raise CannotDo(Problem("workbook_open_elsewhere", file=path.name, details={"lock": lock.name}))
    if stamp is not None and not stamp.still_holds(path):
        raise CannotDo(Problem("workbook_changed_since_read", file=path.name))


def save_atomically(path: Path, write: Callable[[IO[bytes]], None], stamp: Stamp | None, *, keeps_old: bool = True) -> Stamp:
    """Puts a new file in the place of `path`, keeps the old one as backup, returns the new file's stamp.

    write: writes the whole file to a binary stream. stamp: of the file that was read; None for a file that must not exist yet.
    keeps_old: not where the old file must not stay, in clear beside one with a password.
    Raises CannotDo (nothing changed) when the workbook is open elsewhere, changed since it was read, or cannot be written.
    """
    path = Path(os.path.realpath(path))
    if stamp is None and path.exists():
        raise CannotDo(Problem("workbook_exists", file=path.name))
    check_free(path, stamp)
    temp = path.with_name(f".{path.name}{_TEMP_MARK}{os.getpid()}.tmp")
    try:
        with contextlib.suppress(OSError):
            remove_left_overs(path, _STALE_SECONDS)  # old enough to be nobody's
        digest = _write_flushed(temp, write)
        if stamp is not None:
            temp.chmod(stat.S_IMODE(path.stat().st_mode))
            check_free(path, stamp)
            if keeps_old:
                _keep_backup(path)
        temp.replace(path)
        _flush_folder(path.parent)
        state = path.stat()
        return Stamp(state.st_size, state.st_mtime_ns, digest)
    except OSError as error:
        raise CannotDo(_not_saved(path, error)) from error
    finally:
        with contextlib.suppress(OSError):
            temp.unlink(missing_ok=True)


class _Digesting:
    """A binary stream that counts its bytes into a digest while it passes them on."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self.digest = stream, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._stream.write(data)


def _write_flushed(temp: Path, write: Callable[[IO[bytes]], None]) -> bytes:
    with temp.open("wb") as stream:
        digesting = _Digesting(stream)
        write(digesting)  # type: ignore[arg-type]  # only write() of the stream is used
        stream.flush()
        os.fsync(stream.fileno())
    return digesting.digest.digest()


def _keep_backup(path: Path) -> None:
    """The old file gets a second name; where the file system has no links it is copied."""
    backup, temp = backup_path(path), path.with_name(f".{path.name}{_TEMP_MARK}{os.getpid()}.bak.tmp")
    temp.unlink(missing_ok=True)
    try:
        os.link(path, temp)
    except OSError:
        shutil.copy2(path, temp)
        with temp.open("rb+") as stream:
            os.fsync(stream.fileno())
    temp.replace(backup)
    temp.unlink(missing_ok=True)  # replacing a name by another name of the same file leaves both


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_left_overs(path: Path, older_than_seconds: float = 0) -> None:
    """Takes away what killed saves of that file left behind. Raises OSError where one of them cannot be."""
    for left in path.parent.glob(f".{glob_safe(path.name)}{_TEMP_MARK}*.tmp"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > older_than_seconds:
                left.unlink()


def glob_safe(name: str) -> str:
    """The name with the wildcards of glob taken literally."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _not_saved(path: Path, error: OSError) -> Problem:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Problem("disk_full", file=path.name)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Problem("not_permitted_to_write", file=path.name)
    return Problem("workbook_not_saved", file=path.name, details={"reason": error.strerror or str(error)})
