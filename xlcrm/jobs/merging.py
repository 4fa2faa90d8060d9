"""Merge two customers that are one: field by field, every row of the one under the other's code, nothing lost, and all of it undoable."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from xlcrm.jobs import recording, results
from xlcrm.jobs.codes import no_customer
from xlcrm.jobs.duplicates import INTO_A, INTO_B, decisions, listed_pairs, merges
from xlcrm.jobs.erased import erased_codes
from xlcrm.jobs.following import following, home_after
from xlcrm.jobs.showing import as_text
from xlcrm.jobs.store import Store, today
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules import merging as rule
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.choices import CONSENT_PURPOSES, choice_names
from xlcrm.tables.schema import TableSpec, header_key
from xlcrm.tables.width import aligned, shortened
from xlcrm.texts import Language, text

Frames = dict[str, pl.DataFrame]

LONGEST_NOTE = 30_000
"""Characters of a note; a cell takes 32,767."""
_WIDEST = 44
_ERASURE = CONSENT_PURPOSES[-1]


@dataclass(frozen=True, slots=True)
class PlannedField:
    """A column of both customers as a person reads it; `from_drop`: the merged customer holds the dropped one's value."""

    label: str
    keep: str
    drop: str
    from_drop: bool


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge would do. moved: rows that go over, by the table's label. given_up: what only the note will hold, one text a value."""

    keep: str
    drop: str
    fields: Sequence[PlannedField]
    moved: Mapping[str, int]
    given_up: Sequence[str]

    def lines(self, language: Language) -> list[str]:
        """Both customers side by side, for a terminal."""
        lines = [text("merging.merge_head", language, keep=self.keep, drop=self.drop)]
        lines += aligned([(each.label, *_marked(each)) for each in self.fields])
        for table, rows in self.moved.items():
            lines.append(text("merging.merge_rows", language, table=table, rows=rows, keep=self.keep, drop=self.drop))
        if self.given_up:
            values = text("merging.between", language).join(self.given_up)
            lines.append(text("merging.merge_noted", language, keep=self.keep, values=values))
        return lines


def _marked(planned: PlannedField) -> tuple[str, str]:
    keep, drop = (shortened(" ".join(value.split()), _WIDEST) or "–" for value in (planned.keep, planned.drop))
    return ("  " if planned.from_drop else "> ") + keep, ("> " if planned.from_drop else "  ") + drop


@dataclass(frozen=True, slots=True)
class Merged:
    """What was merged: a plan each, and the id under which all of it can be undone (blank where the workbook keeps no audit)."""

    plans: Sequence[MergePlan]
    job: str

    def lines(self, language: Language) -> list[str]:
        """For a terminal or a message box."""
        lines = []
        for plan in self.plans:
            lines.append(text("merging.merge_done", language, drop=plan.drop, keep=plan.keep, rows=sum(plan.moved.values())))
            if plan.given_up:
                values = text("merging.between", language).join(plan.given_up)
                lines.append(text("merging.merge_noted", language, keep=plan.keep, values=values))
        lines.append(text("merging.merge_undo" if self.job else "merging.merge_undo_unknown", language, job=self.job))
        return lines


def plan_merge(store: Store, keep: str, drop: str, take: Collection[str] = ()) -> MergePlan:
    """What `merge` would do; nothing is written. Raises CannotDo as `merge` does."""
    return _Merging(store).merge(keep, drop, take, today())


def merge(store: Store, keep: str, drop: str, take: Collection[str] = (), as_of: dt.date | None = None) -> Merged:
    """Makes `drop` a part of `keep`: blanks are filled, every row of `drop` gets the code `keep`, and the row of `drop` leaves Customers.

    take: columns (id, label in either language, or head of an added column) whose value is that of `drop` where both have one. The value
    that the merged customer does not hold is kept in a follow-up of the kind note. Raises CannotDo, with nothing changed, for a code
    that no customer has or that stands twice in Customers or whose data was erased, the same code twice, or a column that there is not.
    """
    merging = _Merging(store)
    plan = merging.merge(keep, drop, take, as_of or today())
    return Merged([plan], merging.save(as_of or today()))


def merge_decided(store: Store, as_of: dt.date | None = None) -> Merged:
    """Merges every pair of the table `duplicates` that says which of the two is kept. All are written together, and undone together.

    Raises CannotDo where no pair says so, or as `merge` does.
    """
    merging = _Merging(store)
    codes = set(merging.frames["customers"][c.CUSTOMER_CODE])
    pairs = rule.in_order([(keep, drop) for keep, drop in merges(merging.decided) if keep in codes and drop in codes])
    if not pairs:
        raise CannotDo(Problem("merge_nothing_decided", file=store.name, sheet=TABLES["duplicates"].label(merging.language)))
    plans = [merging.merge(keep, drop, (), as_of or today()) for keep, drop in pairs]
    return Merged(plans, merging.save(as_of or today()))


# --- One workbook while customers are merged.


@dataclass(slots=True)
class _Merging:
    """The tables of a workbook as the merges so far have left them."""

    store: Store
    frames: Frames = field(init=False)
    before: Frames = field(init=False)
    settings: Settings = field(init=False)
    listed: pl.DataFrame = field(init=False)
    erased: frozenset[str] = field(init=False)
    kept: set[str] = field(default_factory=set)
    rows: dict[str, pl.Series] = field(default_factory=dict)
    """The number on the sheet of the row that each row of a table continues, null for a new one."""

    def __post_init__(self) -> None:
        self.settings = self.store.settings()
        self.frames, self.before = {}, {}
        self.table("customers")
        self.listed = listed_pairs(self.store)
        self.erased = erased_codes(self.store)

    @property
    def language(self) -> Language:
        return self.settings.language

    @property
    def decided(self) -> dict[tuple[str, str], str]:
        return decisions(self.listed)

    def table(self, table_id: str) -> pl.DataFrame | None:
        """A table; None where the workbook, an older one, does not have it."""
        if table_id not in self.frames:
            if not self.store.has(table_id) and table_id not in results.RECORDS:
                return None
            read = self.store.read(table_id)
            self.before[table_id] = self.frames[table_id] = read.frame
            self.rows[table_id] = read.rows
        return self.frames[table_id]

    def merge(self, keep: str, drop: str, take: Collection[str], as_of: dt.date) -> MergePlan:
        """Merges two customers in these tables."""
        customers = self.frames["customers"]
        keep, drop = keep.strip(), drop.strip()
        if keep == drop:
            raise CannotDo(Problem("merge_same", value=keep))
        rows = {code: self._row(code) for code in (keep, drop)}
        for code in (keep, drop):
            if code in self.erased:
                raise CannotDo(Problem("merge_erased", value=code))
        spec = TABLES["customers"]
        own = [name for name in customers.columns if name not in spec.by_id or spec.by_id[name].filled_by == "user"]
        own.remove(c.CUSTOMER_CODE)
        fields = rule.merged_fields(rows[keep], rows[drop], own, self._columns(take, own))
        shown = {code: _texts(customers.filter(pl.col(c.CUSTOMER_CODE) == code), spec) for code in (keep, drop)}
        given_up = [
            _named(spec, each.column, shown[drop if each.taken == each.keep else keep][each.column], self.language)
            for each in fields
            if each.conflict
        ]
        moved: dict[str, int] = {}
        for table_id, joined in self._moved(keep, drop):
            moved[TABLES[table_id].label(self.language)] = joined.rows
            self.frames[table_id] = joined.frame
            stay = [place for place in range(self.rows[table_id].len()) if place not in joined.left]
            self.rows[table_id] = self.rows[table_id].gather(stay)
            if table_id != "visit_plan":  # one visit a day is planned, whatever else the plan of the other said
                given_up += [_row_named(TABLES[table_id], stays, leaves, self.language) for stays, leaves in joined.given_up]
        given_up = [each for each in given_up if each]
        self._put({each.column: each.taken for each in fields}, keep, drop)
        self._note(keep, drop, given_up, as_of)
        self._decide(keep, drop)
        self.kept.add(keep)
        planned = [
            PlannedField(
                _label(spec, each.column, self.language), shown[keep][each.column], shown[drop][each.column], each.taken != each.keep
            )
            for each in fields
            if each.keep is not None or each.drop is not None
        ]
        return MergePlan(keep, drop, planned, moved, given_up)

    def _row(self, code: str) -> dict[str, object]:
        customers = self.frames["customers"]
        found = customers.filter(pl.col(c.CUSTOMER_CODE) == code)
        if found.height > 1:
            raise CannotDo(
                Problem("merge_repeated", sheet=TABLES["customers"].label(self.language), value=code, details={"count": found.height})
            )
        if found.is_empty():
            raise CannotDo(no_customer(code, customers[c.CUSTOMER_CODE]))
        return found.row(0, named=True)

    def _columns(self, written: Iterable[str], own: Sequence[str]) -> set[str]:
        """The columns that a user named. Raises CannotDo for one that there is not."""
        spec, found = TABLES["customers"], set()
        for each in written:
            key = header_key(each)
            known = spec.by_header.get(key)
            name = known.id if known is not None else next((head for head in own if header_key(head) == key), "")
            if name not in own:
                labels = (_label(spec, column, self.language) for column in own)
                raise CannotDo(
                    Problem("merge_unknown_column", value=each, details={"columns": text("merging.between", self.language).join(labels)})
                )
            found.add(name)
        return found

    def _moved(self, keep: str, drop: str) -> Iterator[tuple[str, rule.Moved]]:
        """Every table that holds rows of the dropped customer, as it is under one code."""
        for table_id in ("follow_ups", "purchases", "handovers", "intake", "surveys"):
            frame = self.table(table_id)
            if frame is not None and (found := rule.moved_rows(frame, keep, drop)).rows:
                yield table_id, found
        for table_id, key, stays in (
            ("grades", (c.QUARTER,), rule.never), ("consents", (c.PURPOSE,), _consent_stays), ("visit_plan", (c.DATE,), rule.done_stays),
        ):  # fmt: skip
            frame = self.table(table_id)
            if frame is not None and (found := rule.joined_rows(frame, keep, drop, key, stays)).rows:
                yield table_id, found

    def _put(self, values: Mapping[str, object], keep: str, drop: str) -> None:
        stays = (self.frames["customers"][c.CUSTOMER_CODE] != drop).fill_null(True)
        customers, self.rows["customers"] = self.frames["customers"].filter(stays), self.rows["customers"].filter(stays)
        kept = pl.col(c.CUSTOMER_CODE) == keep
        self.frames["customers"] = customers.with_columns(
            pl.when(kept).then(pl.lit(value, customers.schema[name])).otherwise(pl.col(name)).alias(name) for name, value in values.items()
        )

    def _note(self, keep: str, drop: str, given_up: Sequence[str], as_of: dt.date) -> None:
        """A follow-up that says what was merged, and holds what the merged customer does not."""
        follow_ups = self.table("follow_ups")
        assert follow_ups is not None  # a record table that every workbook has
        if given_up:
            said = text("merging.note", self.language, drop=drop, values=text("merging.between", self.language).join(given_up))
        else:
            said = text("merging.note_bare", self.language, drop=drop)
        notes = [said[start : start + LONGEST_NOTE] for start in range(0, len(said), LONGEST_NOTE)]
        known = set(follow_ups[c.FOLLOW_UP_ID])
        ids = []
        for place, note in enumerate(notes):
            made = (f"{keep}\x1f{drop}\x1f{note}\x1f{as_of}\x1f{place}\x1f{attempt}" for attempt in itertools.count())
            ids.append(next(each for seed in made if (each := "M" + hashlib.sha256(seed.encode()).hexdigest()[:12].upper()) not in known))
            known.add(ids[-1])
        rows = pl.DataFrame(
            {c.DATE: [as_of] * len(notes), c.CUSTOMER_CODE: [keep] * len(notes), c.NOTE: notes, c.FOLLOW_UP_ID: ids}
        ).with_columns(pl.lit(text("choices.note", self.language)).alias(c.KIND))
        self.frames["follow_ups"] = pl.concat([follow_ups, rows], how="diagonal_relaxed")
        new = pl.Series([None] * len(notes), dtype=self.rows["follow_ups"].dtype)
        self.rows["follow_ups"] = pl.concat([self.rows["follow_ups"], new])

    def _decide(self, keep: str, drop: str) -> None:
        """Remembers the merge; pairs that nobody decided and that held the dropped customer are none any more."""
        a, b = sorted((keep, drop))
        pair = (pl.col(c.CODE_A) == a) & (pl.col(c.CODE_B) == b)
        holds = (pl.col(c.CODE_A) == drop) | (pl.col(c.CODE_B) == drop)
        decided = pl.Series([each in self.decided for each in self.listed.select(c.CODE_A, c.CODE_B).iter_rows()], dtype=pl.Boolean)
        choice = text(f"choices.{INTO_A if a == keep else INTO_B}", self.language)
        own = self.listed.filter(pair).head(1)
        if own.is_empty():
            own = pl.DataFrame({c.CODE_A: [a], c.CODE_B: [b]})
        others = self.listed.filter(~pair & (~holds | decided))
        self.listed = pl.concat([others, own.with_columns(pl.lit(choice).alias(c.DECISION))], how="diagonal_relaxed")

    def save(self, as_of: dt.date) -> str:
        """Writes every table that changed, with what it looks up, and what Home says."""
        from xlcrm.sheets.changes import WorkbookChanges

        changed = [table_id for table_id, frame in self.frames.items() if frame is not self.before[table_id]]
        for table_id in results.RECORDS:
            self.table(table_id)
        filled, tables = following(self.store, {**self.frames, "customers": self._with_results(as_of)}, changed, self.settings)
        tables["duplicates"] = self.listed
        values = home_after(self.store, filled, changed, self.settings, as_of)
        origins = {table_id: self.rows[table_id] for table_id in changed}
        return recording.save(self.store, "merge", WorkbookChanges(tables=tables, values=values, origins=origins), self.before)

    def _with_results(self, as_of: dt.date) -> pl.DataFrame:
        """Customers with the grade, gap and so on of the merged ones as the quarter that was compared last gives them now."""
        customers = self.frames["customers"]
        if not self.settings.current_quarter:
            return customers
        from xlcrm.tables.quarters import purchase_quarter

        frames = {table_id: self.frames[table_id] for table_id in results.RECORDS}
        frames["purchases"] = frames["purchases"].with_columns(purchase_quarter())
        current, previous = results.pair(frames, self.settings, None, None)
        lines = results.comparison_of(frames, self.settings, current, previous, as_of).visit_lines.unique(c.CUSTOMER_CODE, keep="first")
        computed = [each.id for each in TABLES["customers"].columns if each.filled_by == "python" and each.id in customers.columns]
        columns = [name for name in computed if name in lines.columns]
        new = customers.select(c.CUSTOMER_CODE).join(
            lines.select(c.CUSTOMER_CODE, *columns), on=c.CUSTOMER_CODE, how="left", maintain_order="left"
        )
        own = customers[c.CUSTOMER_CODE].is_in(list(self.kept))
        return customers.with_columns(pl.when(own).then(new[name]).otherwise(pl.col(name)).alias(name) for name in columns)


def _consent_stays(mine: rule.Row, other: rule.Row) -> bool:
    return (rule.open_stays if mine[c.PURPOSE] in choice_names(_ERASURE) else rule.withdrawn_stays)(mine, other)


def _label(spec: TableSpec, column: str, language: Language) -> str:
    return spec.by_id[column].label(language) if column in spec.by_id else column


def _texts(row: pl.DataFrame, spec: TableSpec) -> dict[str, str]:
    """A row as a person reads it."""
    return {name: value or "" for name, value in as_text(row, spec.id).row(0, named=True).items()}


def _named(spec: TableSpec, column: str, value: str, language: Language) -> str:
    return text("merging.field", language, column=_label(spec, column, language), value=value)


def _row_named(spec: TableSpec, stays: rule.Row, leaves: rule.Row, language: Language) -> str:
    """What a row that left says and the one that stays does not: `Grades 2017Q1: Grade CS2`."""
    key = [name for name in spec.key if name != c.CUSTOMER_CODE]
    rows = pl.DataFrame([leaves], infer_schema_length=None)
    shown = _texts(rows, spec)
    lost = [name for name, value in leaves.items() if value is not None and name not in spec.key and value != stays.get(name)]
    lost = [name for name in lost if name not in spec.by_id or spec.by_id[name].filled_by == "user"]
    if not lost:
        return ""
    fields = text("merging.between", language).join(_named(spec, name, shown[name], language) for name in lost)
    return text("merging.in_row", language, table=spec.label(language), row=" ".join(shown[name] for name in key), fields=fields)
