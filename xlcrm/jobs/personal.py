"""What the tables hold of some customers: their rows, their texts, the audit's entries about them; and what an erasure changes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.jobs.rowtexts import BETWEEN_KEYS
from xlcrm.jobs.store import Store
from xlcrm.rules.erasure import IDENTIFYING, OF_PERSONS, PERSONAL, WRITTEN, Pattern
from xlcrm.rules.ledger import Entry
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import CELL_SEPARATOR
from xlcrm.texts import LANGUAGES, Language, entries

if TYPE_CHECKING:
    from xlcrm.sheets.changes import CellChange

_READ = (*OF_PERSONS, "problems", "routes", "products", "playbook", "settings", "business_types", "duplicates", "due")
_LOOKED_UP = tuple(
    spec.id for spec in TABLES.values() if {c.CUSTOMER_CODE, c.CUSTOMER_NAME} <= {*spec.by_id} and spec.id not in ("customers", "due")
)
"""Tables that show a customer's name, by a formula whose last value the file keeps, or as it was when a run filled them."""
_NUMBERED = {"follow_ups": c.FOLLOW_UP_ID, "surveys": c.SURVEY_ID}
"""Tables whose rows the audit names by a number of their own, and not by the customer's code."""
_PROGRAM_TEXTS = ("sheets", "choices", "due", "print", "macros", "settings", "advice", "jobs", "privacy")
_ERASABLE = {label: table_id for table_id in OF_PERSONS for label in (TABLES[table_id].en, TABLES[table_id].zh)}


@dataclass(frozen=True)
class Gathered:
    """All tables that may hold something of these customers, as they stand. rows: of each table, the numbers of its rows on the sheet.

    former: codes of customers that were merged into these.
    """

    codes: frozenset[str]
    former: frozenset[str]
    frames: Mapping[str, pl.DataFrame]
    rows: Mapping[str, list[int]]
    entries: tuple[Entry, ...]
    entry_rows: tuple[int, ...]

    @classmethod
    def of(cls, store: Store, codes: frozenset[str]) -> Gathered:
        """Read from the workbook; a table that it does not have is left out."""
        from xlcrm.jobs.codes import successors
        from xlcrm.jobs.recording import read_entries

        frames, rows = {}, {}
        for table_id in _READ:
            if store.has(table_id):
                checked = store.read(table_id)
                frames[table_id], rows[table_id] = checked.frame, checked.rows.to_list()
        audited = store.has("audit")
        numbers = store.read("audit").rows.to_list() if audited else []
        former = frozenset(old for old, kept in successors(store).items() if kept in codes)
        return cls(codes, former, frames, rows, tuple(read_entries(store)) if audited else (), tuple(numbers))

    def frame(self, table_id: str) -> pl.DataFrame:
        """A table as it stands."""
        return self.frames[table_id]

    def theirs(self, table_id: str) -> pl.Series:
        """Which rows of a table are about these customers."""
        return self.frames[table_id][c.CUSTOMER_CODE].is_in(list(self.codes)).fill_null(False)

    def own(self, table_id: str) -> pl.DataFrame:
        """The rows about these customers."""
        return self.frames[table_id].filter(self.theirs(table_id))

    @property
    def ever(self) -> frozenset[str]:
        """Every code under which they ever stood here."""
        return self.codes | self.former

    def is_told_of(self, code: str) -> bool:
        """Whether the audit still holds something of that code: of who was a customer, until the import was taken back."""
        entries = [self.entries[place] for place in self.about]
        return any(
            entry.row_key.split(BETWEEN_KEYS)[0] == code or any(row.get(c.CUSTOMER_CODE) == code for row in _whole_rows(entry))
            for entry in entries
        )

    @cached_property
    def about(self) -> tuple[int, ...]:
        """Places of the audit's entries about rows of these customers, but those that an erasure left without a value."""
        from xlcrm.jobs.recording import job_of

        ids = {each for table_id, name in _NUMBERED.items() if table_id in self.frames for each in self.own(table_id)[name].drop_nulls()}
        told = [
            (place, _ERASABLE[entry.table], entry) for place, entry in enumerate(self.entries)
            if entry.table in _ERASABLE and not entry.erased and job_of(entry.job) != "forget"
        ]  # fmt: skip
        for _, table_id, entry in told:
            if table_id in _NUMBERED and any(row.get(c.CUSTOMER_CODE) in self.ever for row in _whole_rows(entry)):
                ids.add(entry.row_key)
        found = []
        for place, table_id, entry in told:
            first = entry.row_key.split(BETWEEN_KEYS)[0]
            by_key = first in self.ever if table_id not in _NUMBERED else entry.row_key in ids
            if by_key or any(row.get(c.CUSTOMER_CODE) in self.ever for row in _whole_rows(entry)):
                found.append(place)
        return tuple(found)

    @cached_property
    def identifying(self) -> list[str]:
        """Every text by which they are, or by the audit once were, recognised."""
        own = self.own("customers")
        found = [each for name in IDENTIFYING if name in own.columns for each in own[name].drop_nulls().to_list()]
        names = {TABLES["customers"].by_id[name].label(language) for name in IDENTIFYING for language in LANGUAGES}
        for place in self.about:
            entry = self.entries[place]
            if _ERASABLE[entry.table] == "customers":
                found += [each for each in (entry.old, entry.new) if each and entry.column in names]
                found += [str(row[name]) for row in _whole_rows(entry) for name in IDENTIFYING if row.get(name)]
        return found

    @cached_property
    def written(self) -> list[str]:
        """Every other text about them: notes, outcomes, the user's own columns."""
        own = self.own("customers")
        spec = TABLES["customers"].by_id
        texts = [
            name
            for name in own.columns
            if own.schema[name] == pl.String and (name not in spec or name in (c.SOURCE, c.NEXT_ACTION, c.ADVICE))
        ]
        found = [each for name in texts for each in own[name].drop_nulls().to_list()]
        for table_id, columns in WRITTEN.items():
            if table_id in self.frames:
                rows = self.own(table_id)
                names = [name for name in rows.columns if name in columns or name not in TABLES[table_id].by_id]
                found += [str(each) for name in names if name not in (c.CONTACT, c.PHONE) for each in rows[name].drop_nulls().to_list()]
        for place in self.about:
            entry = self.entries[place]
            if entry.column:
                found += [each for each in (entry.old, entry.new) if each]
            columns = WRITTEN.get(_ERASABLE[entry.table], (c.SOURCE,))
            known = TABLES[_ERASABLE[entry.table]].by_id
            found += [
                str(value) for row in _whole_rows(entry) for name, value in row.items() if value and (name in columns or name not in known)
            ]
        return found


def _whole_rows(entry: Entry) -> Iterator[dict[str, object]]:
    """The row that an entry tells as a whole."""
    if entry.column:
        return
    for side in (entry.old, entry.new):
        if side.startswith("{"):
            try:
                row = json.loads(side)
            except ValueError:  # no entry of ours: the chain will say so
                continue
            if isinstance(row, dict):
                yield row


def texts_elsewhere(gathered: Gathered, language: Language) -> tuple[str, str]:
    """What stands in the rows of others and is no mention of these customers: first what identifies, names a route or a person of the
    house, or belongs to the program; then what was written about others."""
    names: list[str] = []
    notes: list[str] = []
    for table_id, frame in gathered.frames.items():
        if table_id in ("problems", "duplicates", "due"):
            continue
        about_others = frame.filter(~gathered.theirs(table_id)) if table_id in OF_PERSONS else frame
        free = {*WRITTEN.get(table_id, ()), c.SOURCE, c.NEXT_ACTION, c.ADVICE, c.SEARCH}
        for name in about_others.columns:
            if about_others.schema[name] == pl.String:
                known = name in TABLES[table_id].by_id and name not in free
                (names if known or table_id not in OF_PERSONS else notes).extend(about_others[name].drop_nulls().unique().to_list())
    keeps = gathered.own("customers")
    for name in (c.OWNER, c.ROUTE, c.BUSINESS_TYPE, c.STATUS, c.CUSTOMER_CODE):
        names += keeps[name].drop_nulls().to_list() if name in keeps.columns else []
    names += [text[language] for area in _PROGRAM_TEXTS for text in entries(area).values()]
    names += [column.label(each) for spec in TABLES.values() for column in spec.columns for each in LANGUAGES]
    return "\n".join(names), "\n".join(notes)


def cells_of_tables(store: Store, gathered: Gathered, texts: tuple[str, ...], mark: str) -> tuple[list[CellChange], int]:
    """Every cell of a table that an erasure changes, and how many rows of Problems quoted something."""
    from xlcrm.sheets.changes import CellChange

    cells: list[CellChange] = []

    def put(table_id: str, row: int, name: str, value: str | None) -> None:
        cells.append(CellChange(table_id, row, name, value))

    for table_id in ("customers", *WRITTEN):
        if table_id not in gathered.frames:
            continue
        frame = gathered.frames[table_id]
        columns = PERSONAL if table_id == "customers" else WRITTEN[table_id]
        for place in gathered.theirs(table_id).arg_true():
            row = gathered.rows[table_id][place]
            for name in frame.columns:
                if name in columns or name not in TABLES[table_id].by_id:
                    put(table_id, row, name, mark if name == c.CUSTOMER_NAME else None)
            if table_id == "due":
                put(table_id, row, c.CUSTOMER_NAME, mark)
    for table_id in _LOOKED_UP:
        if table_id in TABLES and store.has(table_id):
            found = store.read(table_id, only=(c.CUSTOMER_CODE,))
            theirs = found.frame[c.CUSTOMER_CODE].is_in(list(gathered.codes)).fill_null(False)
            for row in found.rows.filter(theirs):
                put(table_id, row, c.CUSTOMER_NAME, mark)
    if "duplicates" in gathered.frames:
        for row, code_a, code_b in zip(
            gathered.rows["duplicates"], *(gathered.frames["duplicates"][name] for name in (c.CODE_A, c.CODE_B)), strict=True
        ):
            for code, name in ((code_a, c.NAME_A), (code_b, c.NAME_B)):
                if code in gathered.codes:
                    put("duplicates", row, name, mark)
    quoting = list(_quoting_problems(gathered, Pattern(texts)))
    for row, name, value in quoting:
        put("problems", row, name, value if value is None else Pattern(texts).replaced(value, mark))
    return cells, len({row for row, _, _ in quoting})


def _quoting_problems(gathered: Gathered, pattern: Pattern) -> Iterator[tuple[int, str, str | None]]:
    """Cells of Problems to change: what quotes a row of these customers goes whole, a message that quotes a text loses the text."""
    frame = gathered.frames["problems"]
    for number, row in zip(gathered.rows["problems"], frame.iter_rows(named=True), strict=True):
        parts = {part.strip() for part in (row[c.ROW_TEXT] or "").split(CELL_SEPARATOR.strip())}
        about = bool(parts & gathered.ever) or row[c.VALUE] in gathered.ever
        for name in (c.VALUE, c.ROW_TEXT):
            if row[name] and row[name] not in gathered.ever and (about or pattern.found_in(row[name])):
                yield number, name, None
        for name in (c.MESSAGE, c.REMEDY, c.FILE, c.SHEET):
            if row[name] and pattern.found_in(row[name]):
                yield number, name, row[name]


def audit_cells(gathered: Gathered, texts: tuple[str, ...]) -> list[CellChange]:
    """Values and salt of every entry about these customers, and of entries that quote them: the seal over them stays, and holds."""
    from xlcrm.sheets.changes import CellChange

    pattern, about = Pattern(texts), set(gathered.about)
    about |= {
        place for place, entry in enumerate(gathered.entries)
        if not entry.erased and (pattern.found_in(entry.old) or pattern.found_in(entry.new))
    }  # fmt: skip
    return [CellChange("audit", gathered.entry_rows[place], name, None) for place in sorted(about) for name in (c.OLD, c.NEW, c.SALT)]
