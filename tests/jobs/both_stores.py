"""A job done on a closed file, and on the same workbook open in Excel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tests.hosts.remote import RemoteBook
from xlcrm.jobs.store import Store
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.livestore import LiveStore

Made = TypeVar("Made")
Do = Callable[[Path, Callable[[Store], Made]], Made]


def on_file(book: Path, job: Callable[[Store], Made]) -> Made:
    """Over the file store."""
    return job(FileStore.open(book))


def on_open_book(book: Path, job: Callable[[Store], Made]) -> Made:
    """Over the live store, as Excel would let it; the file is then as the user would save it."""
    made: list[Made] = []
    RemoteBook(book).run(lambda opened: made.append(job(LiveStore(opened))))
    return made[0]


STORES = {"closed file": on_file, "open workbook": on_open_book}
