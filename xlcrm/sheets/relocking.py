"""Sets, changes and takes off the password for opening a workbook file, with its backup."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Literal

from xlcrm.problems import CannotDo, Problem
from xlcrm.sheets.encryption import AskPassword, Password, decrypt, encrypt, is_encrypted
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import Workbook
from xlcrm.sheets.saving import Stamp, backup_path, read_stamped, remove_left_overs, save_atomically

Backup = Literal["none", "locked", "unknown"]


def lock(path: Path, ask: AskPassword, new: AskPassword) -> Backup:
    """Puts the workbook under a new password; nothing of it in clear, or under the password before, stays beside it.

    ask: gets the password that it has now, if it has one. new: gets the new one, once the file is known to be a workbook.
    Returns what became of the backup: there was none; it is under the new password too; it is under a third one, and stays so.
    Raises CannotDo with nothing changed; `backup_not_locked` alone when the workbook is locked and its backup is not.
    """
    path = Path(os.path.realpath(path))
    clear, stamp, old = _opened(path, ask)
    password = new(path.name)
    sealed = encrypt(clear, password, path.name)
    if decrypt(sealed, password, path.name) != clear:  # the file in clear will be gone
        raise CannotDo(Problem("workbook_not_saved", file=path.name, details={"reason": "AES"}))
    save_atomically(path, _writer(sealed), stamp, keeps_old=False)
    try:
        remove_left_overs(path)
        return _lock_backup(backup_path(path), old, password)
    except (CannotDo, OSError):
        raise CannotDo(Problem("backup_not_locked", file=backup_path(path).name)) from None


def unlock(path: Path, ask: AskPassword) -> None:
    """Takes the password off; the backup keeps it. Raises CannotDo, with nothing changed, where there is none or it is another."""
    path = Path(os.path.realpath(path))
    clear, stamp, old = _opened(path, ask)
    if old is None:
        raise CannotDo(Problem("workbook_not_locked", file=path.name))
    save_atomically(path, _writer(clear), stamp)


def _opened(path: Path, ask: AskPassword) -> tuple[bytes, Stamp, Password | None]:
    """A workbook in clear, the stamp of its file, and its password if it has one."""
    data, stamp = read_stamped(path)
    password = ask(path.name) if is_encrypted(data) else None
    clear = data if password is None else decrypt(data, password, path.name)
    Workbook(Package.from_bytes(clear, path.name))
    return clear, stamp, password


def _lock_backup(path: Path, old: Password | None, new: Password) -> Backup:
    if not path.exists():
        return "none"
    data, stamp = read_stamped(path)
    clear = data
    if is_encrypted(data):
        try:
            clear = decrypt(data, old or new, path.name)
        except CannotDo:
            return "unknown"
    save_atomically(path, _writer(encrypt(clear, new, path.name)), stamp, keeps_old=False)
    remove_left_overs(path)
    return "locked"


def _writer(data: bytes) -> Callable[[IO[bytes]], None]:
    def write(stream: IO[bytes]) -> None:
        stream.write(data)

    return write
