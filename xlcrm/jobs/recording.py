"""Saves what a job changed together with the audit entries that tell it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING

from xlcrm.jobs.store import Store, now
from xlcrm.jobs.users import user_of
from xlcrm.rules.ledger import Entry, Head, Run, Told, new_salt, seal
from xlcrm.sheets.auditcells import CURRENT_QUARTER, END_OF_CHAIN, PREVIOUS_QUARTER
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import LANGUAGES, Language, text
from xlcrm.texts import entries as text_entries

if TYPE_CHECKING:
    import polars as pl

    from xlcrm.sheets.changes import WorkbookChanges

ERASURE = "forget"
"""The job of which nothing is told but what it tells itself: not a value of what it erases may go into the audit."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes an entry and when. author: None is whoever uses the program. salt: gives the salt of each entry."""

    author: str | None = None
    now: Callable[[], dt.datetime] = now
    salt: Callable[[], str] = new_salt


_PEN: ContextVar[Pen | None] = ContextVar("pen", default=None)


@contextlib.contextmanager
def written_with(pen: Pen) -> Iterator[None]:
    """Within it every entry is written by that pen: for workbooks that shall come out the same every time."""
    token = _PEN.set(pen)
    try:
        yield
    finally:
        _PEN.reset(token)


def fixed_pen(author: str, moment: dt.datetime) -> Pen:
    """A pen that writes the same every time. Its salts can be foretold, so it is not for a workbook with people's data."""
    import hashlib
    import itertools

    numbers = itertools.count(1)
    return Pen(author, lambda: moment, lambda: "s" + hashlib.sha256(f"{author} {next(numbers)}".encode()).hexdigest()[:15])


def save(
    store: Store, job: str, changes: WorkbookChanges, before: Mapping[str, pl.DataFrame] | None = None, told: Sequence[Told] = ()
) -> str:
    """Saves the changes together with the audit entries that tell them; returns the run's id (`J0012`), empty where nothing was to be told.

    job: entry of `texts/jobs.toml`. before: the typed frames as they were read, of tables in `changes.tables`; what is missing is read
    here. told: entries besides, they come first. A workbook without an Audit table is saved without.
    """
    from dataclasses import replace

    if not store.has("audit"):
        store.save(changes)
        return ""
    language = store.settings().language
    entries = list(told)
    if job != ERASURE:
        entries += [*_quarters_told(store, changes, language), *_told(store, changes, before or {}, language)]
    if not entries:
        store.save(changes)
        return ""
    pen, head = _PEN.get() or Pen(), head_of(store)
    run = Run(head.next_job_id, pen.now().strftime("%Y-%m-%d %H:%M:%S"), author_of(store), text(f"jobs.{job}", language))
    sealed, end = seal(head, run, entries, pen.salt)
    rows, values = entry_rows(sealed), {**changes.values, END_OF_CHAIN: str(end)}
    earlier = changes.tables.get("audit")  # an erasure writes the entries anew
    if earlier is not None or not head.entry:
        import polars as pl

        tables = {**changes.tables, "audit": rows if earlier is None else pl.concat([earlier, rows], how="diagonal_relaxed")}
        store.save(replace(changes, tables=tables, values=values))
    else:
        store.save(replace(changes, added={**changes.added, "audit": rows}, values=values))
    return run.job_id


def head_of(store: Store) -> Head:
    """The end of the workbook's chain; where its cell holds none, that of the entries themselves."""
    head = Head.parse(store.value(END_OF_CHAIN))
    if head is None or not head.entry:
        return Head.of(read_entries(store))
    return head


def read_entries(store: Store) -> list[Entry]:
    """All entries as they stand on the Audit sheet."""
    frame = store.read("audit").frame
    import polars as pl

    filled = frame.select(
        pl.col(c.ENTRY).fill_null(0), *(pl.col(name).fill_null("") for name in TABLES["audit"].column_ids if name != c.ENTRY)
    )
    return [Entry(*row) for row in filled.iter_rows()]


def entry_rows(entries: Sequence[Entry]) -> pl.DataFrame:
    """Entries as rows of the table."""
    import polars as pl

    names = TABLES["audit"].column_ids
    columns = zip(*map(attrgetter(*names), entries), strict=True) if entries else [()] * len(names)
    return pl.DataFrame([
        pl.Series(name, [value or None for value in values], dtype=pl.Int64 if name == c.ENTRY else pl.String)
        for name, values in zip(names, columns, strict=True)
    ])  # fmt: skip


def author_of(store: Store) -> str:
    """Who uses the program; within `written_with`, whoever the pen names."""
    pen = _PEN.get() or Pen()
    return pen.author if pen.author is not None else user_of(store.settings())


def _told(store: Store, changes: WorkbookChanges, before: Mapping[str, pl.DataFrame], language: Language) -> Iterable[Told]:
    from xlcrm.jobs.telling import NOT_TOLD, tell_cells, tell_decisions, tell_table

    def is_told(table_id: str) -> bool:
        return table_id not in NOT_TOLD and TABLES[table_id].kind == "record"

    packet = text("jobs.rows", language)
    for table_id, after in changes.tables.items():
        if is_told(table_id):
            old = before[table_id] if table_id in before else store.read(table_id).frame
            yield from tell_table(table_id, *_labels(table_id, language), old, after, packet)
        elif table_id == "duplicates" and store.has(table_id):
            old = before[table_id] if table_id in before else store.read(table_id).frame
            yield from tell_decisions(*_labels(table_id, language), old, after)
    for table_id, rows in changes.added.items():
        if is_told(table_id):
            yield from tell_table(table_id, *_labels(table_id, language), rows.clear(), rows, packet)
    cells: dict[str, list[tuple[int, str, object]]] = {}
    for cell in changes.cells:
        column = TABLES[cell.table_id].by_id.get(cell.column)
        if is_told(cell.table_id) and (column is None or column.filled_by == "user"):
            cells.setdefault(cell.table_id, []).append((cell.row, cell.column, cell.value))
    for table_id, of_table in cells.items():
        yield from tell_cells(table_id, *_labels(table_id, language), store.read(table_id), of_table, store.settings())


def _quarters_told(store: Store, changes: WorkbookChanges, language: Language) -> Iterator[Told]:
    """The pair of quarters that Home shows, when a run changes it."""
    if CURRENT_QUARTER not in changes.values:
        return
    settings = store.settings()
    old = f"{settings.current_quarter} {settings.previous_quarter}".strip()
    new = f"{changes.values[CURRENT_QUARTER] or ''} {changes.values.get(PREVIOUS_QUARTER) or ''}".strip()
    if old != new:
        yield Told(TABLES["settings"].label(language), text("jobs.quarters", language), text("jobs.pair", language), old, new)


@cache
def _labels(table_id: str, language: Language) -> tuple[str, dict[str, str]]:
    """What a table and its columns are called."""
    spec = TABLES[table_id]
    return spec.label(language), {column.id: column.label(language) for column in spec.columns}


@cache
def label_ids() -> dict[str, str]:
    """The ids of the tables by what entries call them, in either language."""
    return {spec.label(language): table_id for table_id, spec in TABLES.items() for language in LANGUAGES}


def job_of(label: str) -> str:
    """The id of the job that an entry names, in either language; empty where it is none."""
    return _ids_of_jobs().get(label, "")


@cache
def _ids_of_jobs() -> dict[str, str]:
    return {labels[language]: job for job, labels in text_entries("jobs").items() for language in LANGUAGES}
