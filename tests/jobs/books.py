"""A workbook over both stores: closed, and open in a program that takes xlwings' actions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import polars as pl

from tests.hosts.remote import RemoteBook
from xlcrm.jobs.recording import read_entries
from xlcrm.jobs.store import Store
from xlcrm.rules.ledger import Broken, Entry, Head, verify
from xlcrm.sheets import places
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.livestore import LiveStore

T = TypeVar("T")
STORES = ("closed", "open")


class Book:
    """A workbook file; each job gets a store of its own, as a run does."""

    def __init__(self, path: Path, store: str) -> None:
        self.path, self.store = path, store

    def run(self, job: Callable[[Store], T]) -> T:
        """Does a job in the workbook."""
        if self.store == "closed":
            return job(FileStore.open(self.path))
        answers: list[T] = []
        RemoteBook(self.path).run(lambda opened: answers.append(job(LiveStore(opened))))
        return answers[0]

    def entries(self) -> list[Entry]:
        """The audit as it stands."""
        return read_entries(FileStore.open(self.path))

    def told(self, job_id: str) -> list[tuple[str, str, str, str, str]]:
        """What the entries of a run tell."""
        return [(each.table, each.row_key, each.column, each.old, each.new) for each in self.entries() if each.job_id == job_id]

    def broken(self) -> Broken | None:
        """What is wrong with the chain."""
        store = FileStore.open(self.path)
        return verify(read_entries(store), Head.parse(store.value(places.AUDIT_HEAD)))

    def frame(self, table_id: str) -> pl.DataFrame:
        """A table as it stands."""
        return FileStore.open(self.path).read(table_id).frame
