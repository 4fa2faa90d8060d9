"""Import exports into a workbook: an upsert by key. Good rows go in, bad rows go to the Problems table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.jobs.following import following
from xlcrm.jobs.recording import save
from xlcrm.jobs.results import home_changes
from xlcrm.jobs.store import Progress, Store, no_progress, today
from xlcrm.problems import Problem
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language, text

if TYPE_CHECKING:
    from xlcrm.imports.load import Loaded
    from xlcrm.imports.merge import Change
    from xlcrm.imports.textsheet import TextSheet


@dataclass(frozen=True, slots=True)
class TableImport:
    """What an import did to one table: rows new, changed, unchanged and replaced away, and each changed value."""

    table_id: str
    new: int
    changed: int
    unchanged: int
    removed: int
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with `dry_run` would do."""

    files: Sequence[str]
    tables: Sequence[TableImport]
    problems: Sequence[Problem]
    dry_run: bool = False
    shown_changes: int = 20
    dropped: int = 0
    """Rows that hold no data: totals, repeated headers, notes."""
    renamed: int = 0
    """Rows with the code of a customer that was merged into another, taken as that other's."""

    def lines(self, language: Language) -> list[str]:
        """For a terminal or a message box."""
        lines = [text("cli.would_import" if self.dry_run else "cli.imported", language, files=len(self.files))]
        for table in self.tables:
            lines.append(
                text(
                    "cli.import_table", language, table=TABLES[table.table_id].label(language), new=table.new,
                    changed=table.changed, unchanged=table.unchanged, removed=table.removed,
                )
            )  # fmt: skip
            if self.dry_run:
                spec = TABLES[table.table_id]
                for change in table.changes[: self.shown_changes]:
                    column = spec.by_id[change.column].label(language) if change.column in spec.by_id else change.column
                    key = " ".join(str(part) for part in change.key if part)
                    lines.append(text("cli.import_change", language, key=key, column=column, old=change.old or "–", new=change.new or "–"))
                if len(table.changes) > self.shown_changes:
                    lines.append(text("cli.import_more_changes", language, more=len(table.changes) - self.shown_changes))
        if self.dropped:
            lines.append(text("cli.import_dropped", language, rows=self.dropped))
        if self.renamed:
            lines.append(text("merging.import_renamed", language, rows=self.renamed))
        if self.problems:
            lines.append(text("cli.import_problems", language, problems=len(self.problems)))
            lines += [f"  {problem.line(language)}" for problem in self.problems[:10]]
            if len(self.problems) > 10:
                lines.append(text("cli.more_problems", language, more=len(self.problems) - 10))
        return lines


def problem_rows(problems: Sequence[Problem], language: Language) -> pl.DataFrame:
    """Problems as rows of the Problems table."""
    spec = TABLES["problems"]
    rows = [
        {
            c.FILE: problem.file, c.SHEET: problem.sheet, c.CELL: problem.cell, c.VALUE: problem.value,
            c.MESSAGE: problem.message(language), c.REMEDY: problem.remedy(language), c.ROW_TEXT: problem.row_text, c.PROBLEM: problem.code,
        }
        for problem in problems
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=dict.fromkeys(spec.column_ids, pl.String))
    return frame.with_columns(pl.when(pl.all() == "").then(None).otherwise(pl.all()).name.keep())


def _with_batches(routes: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Routes with a place in the cycle and, where none is given, the batch that shares it.

    A batch that was filled in stays: a user's own choice is never overwritten.
    """
    if routes.is_empty():
        return routes
    number = pl.col(c.ROUTE).str.extract(r"(\d+)").cast(pl.Int64, strict=False)
    routes = routes.with_columns(pl.coalesce(pl.col(c.POSITION), number, pl.int_range(1, pl.len() + 1)).alias(c.POSITION))
    labels = {batch: text(f"choices.{batch}", settings.language) for batch in settings.batches if _is_weekday(batch)}
    filled = [
        batch or labels.get(settings.batch_of_position(position), settings.batch_of_position(position))
        for batch, position in routes.select(c.BATCH, c.POSITION).iter_rows()
    ]
    return routes.with_columns(pl.Series(c.BATCH, filled, dtype=pl.String))


def _is_weekday(batch: str) -> bool:
    return batch in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Export:
    """One export: its name for messages, and how its rows are read.

    replaces: what was said of an export of that name earlier is out of date. Not so for pasted ones, which all have the workbook's name.
    """

    name: str
    load: Callable[[], Loaded]
    replaces: bool = True


def import_files(
    store: Store, files: Sequence[Path], quarter: str | None = None, dry_run: bool = False, progress: Progress = no_progress
) -> ImportReport:
    """Reads every file, merges what is good into the tables and saves once.

    Raises CannotDo when a file cannot be read or its kind cannot be told; then nothing was changed.
    """
    from xlcrm.imports.load import load

    settings = store.settings()
    exports = [Export(file.name, partial(load, file, settings, quarter)) for file in files]
    return import_exports(store, exports, dry_run, progress)


def import_sheets(
    store: Store, name: str, sheets: Sequence[TextSheet], quarter: str | None = None, progress: Progress = no_progress
) -> ImportReport:
    """The same for sheets of the open workbook that hold an export each; `name` stands for the file in messages."""
    from xlcrm.imports.load import load_sheets

    settings = store.settings()
    # Each by itself: one that is no export is refused, since whoever imports sheets clears them afterwards.
    exports = [Export(sheet.name, partial(load_sheets, [sheet], name, settings, quarter), replaces=False) for sheet in sheets]
    return import_exports(store, exports, progress=progress)


def import_exports(store: Store, exports: Sequence[Export], dry_run: bool = False, progress: Progress = no_progress) -> ImportReport:
    """Loads every export, merges what is good into the tables and saves once."""
    from xlcrm.imports.merge import merge
    from xlcrm.jobs.codes import successors, under_new_codes
    from xlcrm.jobs.erased import erased_codes, unquoted, without_erased
    from xlcrm.sheets.changes import WorkbookChanges

    settings = store.settings()
    language = settings.language
    steps = len(exports) + 2
    names = [export.name for export in exports]
    frames: dict[str, pl.DataFrame] = {}
    before: dict[str, pl.DataFrame] = {}
    problems: list[Problem] = []
    dropped, renamed, new_codes = 0, 0, successors(store)
    imported: dict[str, TableImport] = {}
    erased = erased_codes(store)
    former = erased | {old for old, kept in new_codes.items() if kept in erased}  # what an export may still call them
    for done, export in enumerate(exports):
        progress(text("cli.step_read", language, file=export.name), done, steps)
        loaded = export.load()
        problems += unquoted(loaded.problems, former)
        dropped += loaded.dropped
        for table_id in loaded.frames:
            if table_id not in frames:
                before[table_id] = frames[table_id] = store.read(table_id).frame
        loaded_frames, count = under_new_codes(loaded.frames, frames, new_codes)
        renamed += count
        for table_id, incoming in loaded_frames.items():
            origins = loaded.origins.get(table_id)
            incoming, said = without_erased(incoming, table_id, erased, origins)
            problems += said
            merged = merge(TABLES[table_id], frames[table_id], incoming, origins)
            problems += merged.problems
            frames[table_id] = merged.frame
            earlier = imported.get(table_id, TableImport(table_id, 0, 0, 0, 0, ()))
            imported[table_id] = TableImport(
                table_id, earlier.new + merged.new, earlier.changed + merged.changed_rows, earlier.unchanged + merged.unchanged,
                earlier.removed + merged.removed, (*earlier.changes, *merged.changes),
            )  # fmt: skip
    report = ImportReport(names, list(imported.values()), problems, dry_run, dropped=dropped, renamed=renamed)
    if dry_run:
        return report
    earlier_problems = store.read("problems").frame
    replaced = [export.name for export in exports if export.replaces]
    problem_table = _merged_problems(earlier_problems, problems, replaced, language)
    changed = {table.table_id for table in imported.values() if table.new or table.changed or table.removed}
    if not problem_table.equals(earlier_problems.select(problem_table.columns)):
        changed.add("problems")
    if not changed:
        return report
    progress(text("cli.step_link", language), len(exports), steps)
    if "routes" in frames:
        frames["routes"] = _with_batches(frames["routes"], settings)
    frames["problems"] = problem_table
    filled, tables = following(store, frames, changed, settings)
    progress(text("cli.step_save", language), len(exports) + 1, steps)
    values = home_changes(store, filled, settings, as_of=today())
    save(store, "import", WorkbookChanges(tables=tables, values=values), {**frames, **before})
    return report


def _merged_problems(existing: pl.DataFrame, problems: Sequence[Problem], replaced: Sequence[str], language: Language) -> pl.DataFrame:
    """The Problems table after an import: what a file said earlier is replaced by what it says now.

    What was said of a pasted sheet stays, since nothing but the Problems table still holds its rows; the same once more is not added.
    """
    kept = existing.filter(~pl.col(c.FILE).is_in(list(replaced)).fill_null(False))
    new = problem_rows(problems, language)
    known = set(kept.select(new.columns).iter_rows())
    added = new.filter(pl.Series([row not in known for row in new.iter_rows()], dtype=pl.Boolean))
    return pl.concat([kept, added], how="diagonal")
