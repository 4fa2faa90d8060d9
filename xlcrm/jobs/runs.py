"""The runs that the audit tells of: which there were, which were taken back, and what an entry speaks of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from xlcrm.jobs.recording import job_of, label_ids
from xlcrm.rules.ledger import Entry, Told, values_hold
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import TableSpec, header_key
from xlcrm.texts import LANGUAGES, Language, in_every_language, text


@dataclass(slots=True)
class PastRun:
    """A run and its entries. undoes: the run that it took back, blank for any other; wholly: nothing of that one stayed. undone_by: the
    run that took this one back, blank while it stands."""

    job_id: str
    job: str
    entries: list[Entry] = field(default_factory=list)
    undoes: str = ""
    wholly: bool = True
    undone_by: str = ""


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field that a run changed. old, new: texts, blank is the empty one."""

    entry: int
    table_id: str
    row_key: str
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """Rows that a run added, or took away. rows: column -> text."""

    entry: int
    table_id: str
    row_key: str
    rows: Sequence[Mapping[str, str | None]]
    added: bool


@dataclass(frozen=True, slots=True)
class ChangedQuarters:
    """The pair of quarters that Home shows. old is empty where none was compared before."""

    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """An entry that nothing can be taken back of, and why: the code of a problem."""

    entry: int
    table: str
    row_key: str
    column: str
    problem: str


Change = ChangedField | ChangedRows | ChangedQuarters | Unknown


def taken_back_mark(job_id: str, stayed: int, language: Language) -> Told:
    """The entry by which a run says that it took another one back. stayed: how many changes could not be."""
    said = text("jobs.taken_back", language) if not stayed else text("jobs.taken_back_but", language, stayed=stayed)
    return Told(TABLES["audit"].label(language), job_id, "", "", said)


def past_runs(entries: Sequence[Entry]) -> dict[str, PastRun]:
    """Every run by its id, in the order in which they were."""
    runs: dict[str, PastRun] = {}
    wholly = set(in_every_language("jobs.taken_back"))
    for entry in sorted(entries, key=lambda each: each.entry):
        run = runs.setdefault(entry.job_id, PastRun(entry.job_id, job_of(entry.job)))
        run.entries.append(entry)
        if label_ids().get(entry.table) == "audit" and not entry.column and run.job == "undo":
            run.undoes, run.wholly = entry.row_key, entry.new in wholly
    earlier: dict[str, PastRun] = {}
    for run in runs.values():
        if run.undoes and run.undoes in earlier:
            _mark(earlier, run.undoes, run.job_id)
        earlier[run.job_id] = run
    return runs


def _mark(runs: Mapping[str, PastRun], job_id: str, undone_by: str) -> None:
    """Says that a run is taken back, or stands again; an undo that is taken back lets stand again what it had taken back."""
    marked = set[str]()  # in an altered audit two runs may name each other
    while job_id in runs and job_id not in marked:
        marked.add(job_id)
        run = runs[job_id]
        run.undone_by = undone_by
        job_id, undone_by = run.undoes, "" if undone_by else job_id


def changes_of(run: PastRun, heads: Mapping[str, Sequence[str]], language: Language) -> Iterator[Change]:
    """What a run changed, in its order. heads: the columns of a table as it stands now, by the table's id."""
    pair = {text("jobs.pair", each) for each in LANGUAGES}
    rows: ChangedRows | None = None
    for entry in run.entries:
        table_id = label_ids().get(entry.table, "")
        if table_id == "audit":
            continue
        if table_id == "settings" and entry.column in pair:
            yield ChangedQuarters(tuple(entry.old.split()), tuple(entry.new.split()))
            continue
        column = column_id(TABLES[table_id], entry.column, heads.get(table_id, ()), language) if table_id else ""
        if rows is not None and values_hold(entry) and _continues(rows, entry, table_id, column):
            row = {**rows.rows[0], column: entry.old or entry.new}
            rows = ChangedRows(rows.entry, rows.table_id, rows.row_key, [row], rows.added)
            continue
        if rows is not None:
            yield rows
            rows = None
        if not table_id:
            yield Unknown(entry.entry, entry.table, entry.row_key, entry.column, "undo_unknown_table")
        elif entry.erased:
            yield Unknown(entry.entry, entry.table, entry.row_key, entry.column, "undo_erased")
        elif not values_hold(entry):
            yield Unknown(entry.entry, entry.table, entry.row_key, entry.column, "undo_altered")
        elif entry.column:
            yield ChangedField(entry.entry, table_id, entry.row_key, column, entry.old, entry.new)
        else:
            rows = ChangedRows(entry.entry, table_id, entry.row_key, _rows(entry.old or entry.new), added=bool(entry.new))
    if rows is not None:
        yield rows


def _continues(rows: ChangedRows, entry: Entry, table_id: str, column: str) -> bool:
    """Whether an entry is a field of the row before it that was too long to stand in it."""
    if not entry.column or (table_id, entry.row_key) != (rows.table_id, rows.row_key) or len(rows.rows) != 1:
        return False
    return column not in rows.rows[0] and bool(entry.new) == rows.added and bool(entry.old) != rows.added


def _rows(written: str) -> list[dict[str, str | None]]:
    """The rows that an entry holds: one, or a packet of several below their heads."""
    said = json.loads(written, strict=False, parse_int=str, parse_float=str)
    if isinstance(said, dict):
        return [said]
    heads, *lines = said
    return [dict(zip(heads, line, strict=True)) for line in lines]


def column_id(spec: TableSpec, label: str, heads: Sequence[str], language: Language) -> str:
    """The column that an entry names: one of ours by its label, or one of the user's own by its head."""
    own = _columns(spec.id, language).get(label)
    if own is not None:
        return own
    if label in heads:
        return label
    known = spec.by_header.get(header_key(label))
    return known.id if known is not None else label


@cache
def _columns(table_id: str, language: Language) -> dict[str, str]:
    return {column.label(language): column.id for column in TABLES[table_id].columns}
