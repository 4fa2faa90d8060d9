"""Take back the last run, or a given one: field by field, newest entry first, and only what nobody changed since.

An undo is a run of its own with its own entries, so that it can be taken back too, which does the first one again.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlcrm.jobs import lookups, recording
from xlcrm.jobs.following import following, home_after, with_next_actions
from xlcrm.jobs.results import RECORDS
from xlcrm.jobs.runs import Change, ChangedField, ChangedQuarters, ChangedRows, PastRun, changes_of, past_runs, taken_back_mark
from xlcrm.jobs.store import Store, today
from xlcrm.jobs.takingback import NOTHING, TakingBack
from xlcrm.problems import CannotDo, Problem
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language, text

if TYPE_CHECKING:
    from xlcrm.jobs.following import Frames
    from xlcrm.rules.ledger import Entry
    from xlcrm.sheets.changes import WorkbookChanges

_MOVING = ("merge", "undo")
"""Runs that give rows to another customer, and those that may give them back."""
MOST_SHOWN = 20
"""Changes that stay, in a report."""


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What was taken back. job_id, job, written_at, author: the run. stayed: each change that could not be, and why. saved_as: the id of
    the undo itself, blank where nothing could be taken back."""

    job_id: str
    job: str
    written_at: str
    author: str
    fields: int
    rows_out: int
    rows_back: int
    quarters: tuple[str, ...]
    stayed: Sequence[Problem]
    saved_as: str

    def lines(self, language: Language, button: bool = False) -> list[str]:
        """For a terminal, or a message box."""
        who = text("undo.by", language, author=self.author) if self.author else ""
        first = "undo.done" if self.saved_as else "undo.nothing"
        job = text(f"jobs.{recording.job_of(self.job)}", language) if recording.job_of(self.job) else self.job
        lines = [text(first, language, job=job, id=self.job_id, when=self.written_at, who=who)]
        if self.fields:
            lines.append(text("undo.fields", language, fields=self.fields))
        if self.rows_out:
            lines.append(text("undo.rows_out", language, rows=self.rows_out))
        if self.rows_back:
            lines.append(text("undo.rows_back", language, rows=self.rows_back))
        if self.quarters:
            lines.append(text("undo.quarters", language, current=self.quarters[0], previous=self.quarters[-1]))
        if self.stayed:
            lines.append(text("undo.stayed", language, count=len(self.stayed)))
            lines += [f"  {problem.line(language)}" for problem in self.stayed[:MOST_SHOWN]]
            if len(self.stayed) > MOST_SHOWN:
                lines.append(text("undo.more", language, more=len(self.stayed) - MOST_SHOWN))
        if self.saved_as:
            lines.append(text("undo.redo_button" if button else "undo.redo", language, id=self.saved_as))
        return lines


def undo(store: Store, job_id: str | None = None, as_of: dt.date | None = None) -> UndoReport:
    """Takes back a run; the last one that is no undo and was not taken back, where none is given. All is saved once, or nothing.

    as_of: the day of the run, today if none is given. Raises CannotDo, with nothing changed, where there is no such run, it was taken
    back already, or it is one that cannot be: an erasure, or the first closed quarter.
    """
    if not store.has("audit"):
        raise CannotDo(Problem("undo_no_audit", file=store.name))
    run = _chosen(past_runs(recording.read_entries(store)), job_id, store.name)
    desk = TakingBack(store, store.settings(), moves=run.job in _MOVING, again=bool(run.undone_by))
    heads = {table_id: _heads(desk, table_id) for table_id in {recording.label_ids().get(entry.table, "") for entry in run.entries}}
    changes = list(changes_of(run, heads, desk.settings.language))
    quarters = _quarters(run, changes, desk)
    for _, group in itertools.groupby(reversed(changes), key=_kind):
        desk.take_back(list(group))
    saved_as = _saved(desk, run, quarters, as_of or today())
    first = run.entries[0]
    return UndoReport(
        run.job_id, first.job, first.written_at, first.author, desk.fields, desk.rows_out, desk.rows_back, quarters, desk.stayed, saved_as
    )


def _chosen(runs: Mapping[str, PastRun], job_id: str | None, file: str) -> PastRun:
    """The run to take back. Raises CannotDo where there is none, or it is not to be."""
    if job_id is None:
        standing = [run for run in runs.values() if run.job != "undo" and not run.undone_by]
        if not standing:
            raise CannotDo(Problem("undo_nothing", file=file))
        run = standing[-1]
    else:
        found = runs.get(job_id.strip().upper())
        if found is None:
            newest = [NOTHING, *runs][-1]
            raise CannotDo(Problem("undo_unknown_run", file=file, value=job_id, details={"newest": newest}))
        run = found
    if run.undone_by and runs[run.undone_by].wholly:
        raise CannotDo(Problem("undo_done_already", file=file, value=run.job_id, details={"by": run.undone_by}))
    if run.job == "forget":
        raise CannotDo(Problem("undo_erasure", file=file, value=run.job_id))
    if run.job in _MOVING and any(_is_erased_customer(entry) for entry in run.entries):
        raise CannotDo(Problem("undo_merge_erased", file=file, value=run.job_id))
    return run


def _is_erased_customer(entry: Entry) -> bool:
    """Whether it told of a whole customer, who was erased: rows that hung on that customer would come back to nobody."""
    return entry.erased and not entry.column and recording.label_ids().get(entry.table) == "customers"


def _heads(desk: TakingBack, table_id: str) -> Sequence[str]:
    frame = desk.frame(table_id) if table_id not in ("", "audit") else None
    return frame.columns if frame is not None else ()


def _kind(change: Change) -> tuple[object, ...]:
    """What is taken back in one go: changes of one kind in one table."""
    if isinstance(change, ChangedRows):
        return ChangedRows, change.table_id, change.added
    return type(change), change.table_id if isinstance(change, ChangedField) else ""


def _quarters(run: PastRun, changes: Sequence[Change], desk: TakingBack) -> tuple[str, ...]:
    """The pair of quarters to close again; empty where none is. Raises CannotDo where there was none before."""
    pair = next((change for change in changes if isinstance(change, ChangedQuarters)), None)
    if pair is None:
        return ()
    if not pair.old:
        raise CannotDo(Problem("undo_first_quarter", file=desk.store.name, value=run.job_id))
    now = (desk.settings.current_quarter, desk.settings.previous_quarter)
    if now != pair.new:
        sheet = TABLES["settings"].label(desk.settings.language)
        desk.stayed.append(Problem("undo_quarters_changed", sheet=sheet, details={"now": " ".join(now).strip() or NOTHING}))
        return ()
    return pair.old


def _saved(desk: TakingBack, run: PastRun, quarters: tuple[str, ...], as_of: dt.date) -> str:
    """Writes what was taken back and what follows from it; the id of the undo, blank where there is nothing to write."""
    changed = {table_id for table_id in desk.changed if not desk.frames[table_id].equals(desk.before[table_id])}
    if not quarters and not changed:
        return ""
    mark = taken_back_mark(run.job_id, len(desk.stayed), desk.settings.language)
    changes, before = _with_earlier_quarter(desk, quarters, changed, as_of) if quarters else _with_what_follows(desk, changed, as_of)
    if "follow_ups" in changed and "customers" in changes.tables:
        agreed = with_next_actions(changes.tables["customers"], desk.before["follow_ups"], desk.frames["follow_ups"])
        changes = replace(changes, tables={**changes.tables, "customers": agreed})
    return recording.save(desk.store, "undo", changes, {**before, **desk.before}, [mark])


def _with_what_follows(desk: TakingBack, changed: set[str], as_of: dt.date) -> tuple[WorkbookChanges, Frames]:
    from xlcrm.sheets.changes import WorkbookChanges

    frames = dict(desk.frames)
    filled, tables = following(desk.store, frames, changed, desk.settings)
    values = home_after(desk.store, filled, changed, desk.settings, as_of)
    return WorkbookChanges(tables=tables, values=values), frames


def _with_earlier_quarter(
    desk: TakingBack, quarters: tuple[str, ...], changed: set[str], as_of: dt.date
) -> tuple[WorkbookChanges, Frames]:  # fmt: skip
    """Closes the earlier quarter again over the tables as they are taken back."""
    from xlcrm.jobs.quarter import plan_quarter

    planned = plan_quarter(desk.store, quarters[0], quarters[-1], as_of, instead=desk.frames)
    records = {table_id: planned.before[table_id] for table_id in RECORDS}
    filled = lookups.fill({**records, **desk.frames}, quarters[0])
    besides = {table_id: filled[table_id] for table_id in changed if table_id not in planned.changes.tables}
    return replace(planned.changes, tables={**planned.changes.tables, **besides}), planned.before
