"""Sets, changes and takes off the password for opening a workbook, and says what became of its backup."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xlcrm.texts import Language, text

if TYPE_CHECKING:
    from xlcrm.sheets.encryption import AskPassword
    from xlcrm.sheets.relocking import Backup


@dataclass(frozen=True, slots=True)
class Locked:
    """A workbook under a new password, and what became of its backup."""

    file: str
    backup_file: str
    backup: Backup

    def lines(self, language: Language) -> list[str]:
        """For the terminal."""
        said = [text("locking.locked", language, file=self.file)]
        if self.backup != "none":
            said.append(text(f"locking.backup_{self.backup}", language, file=self.backup_file))
        return [*said, text("locking.copies", language)]


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A workbook without a password."""

    file: str
    backup_file: str

    def lines(self, language: Language) -> list[str]:
        """For the terminal."""
        return [text("locking.unlocked", language, file=self.file), text("locking.backup_keeps", language, file=self.backup_file)]


def lock_workbook(book: Path, ask: AskPassword, new: AskPassword) -> Locked:
    """Puts the workbook and its backup under a new password.

    ask: gets the password that it has now, if it has one; new: gets the new one. Raises CannotDo, with nothing changed.
    """
    from xlcrm.sheets.relocking import lock
    from xlcrm.sheets.saving import backup_path

    return Locked(book.name, backup_path(book).name, lock(book, ask, new))


def unlock_workbook(book: Path, ask: AskPassword) -> Unlocked:
    """Takes the password off the workbook; its backup keeps it. Raises CannotDo, with nothing changed."""
    from xlcrm.sheets.relocking import unlock
    from xlcrm.sheets.saving import backup_path

    unlock(book, ask)
    return Unlocked(book.name, backup_path(book).name)
