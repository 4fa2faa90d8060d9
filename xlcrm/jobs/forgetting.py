"""Forget customers: their personal data leaves every sheet, the audit and the hidden parts of the file; totals stay what they were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.jobs import recording
from xlcrm.jobs.personal import Gathered, audit_cells, cells_of_tables, texts_elsewhere
from xlcrm.jobs.rowtexts import key_texts
from xlcrm.jobs.store import Progress, Store, no_progress, today
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules.consent import ERASURE, Consents, consent_rows
from xlcrm.rules.erasure import PERSONAL, WRITTEN, standing_elsewhere, telling
from xlcrm.rules.ledger import Told
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.texts import Language, text

if TYPE_CHECKING:
    from xlcrm.rules.ledger import Entry
    from xlcrm.sheets.changes import CellChange, WorkbookChanges
    from xlcrm.sheets.foundtexts import Found
    from xlcrm.sheets.pages import Page

_MOST_PLACES = 20


@dataclass(frozen=True, slots=True)
class Totals:
    """What an erasure must not change. quantity, amount: as a person reads them."""

    customers: int
    follow_ups: int
    purchases: int
    quantity: float
    amount: float

    @classmethod
    def of(cls, store: Store) -> Totals:
        """As the workbook stands."""
        bought = store.read("purchases", only=(c.CUSTOMER_CODE, c.QUANTITY, c.AMOUNT)).frame
        sums = [int(bought[name].cast(pl.Int64).sum() or 0) if name in bought.columns else 0 for name in (c.QUANTITY, c.AMOUNT)]
        customers, follow_ups = (store.read(name, only=TABLES[name].key).frame.height for name in ("customers", "follow_ups"))
        return cls(customers, follow_ups, bought.height, sums[0] / SCALE[ColumnKind.QUANTITY], sums[1] / SCALE[ColumnKind.MONEY])

    def places(self) -> dict[str, str]:
        """For a line of a report."""
        return {
            "customers": f"{self.customers:,}", "follow_ups": f"{self.follow_ups:,}", "purchases": f"{self.purchases:,}",
            "quantity": f"{self.quantity:,.3f}".rstrip("0").rstrip("."), "amount": f"{self.amount:,.2f}",
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ForgetPlan:
    """What will go. names: code -> name. fields, follow_ups, problems, entries: how many; shared: texts that others have too, which stay
    with them; short: texts too short to be looked for, which go from their rows only."""

    names: Mapping[str, str]
    fields: int
    follow_ups: int
    problems: int
    entries: int
    shared: Sequence[str]
    short: int

    def lines(self, language: Language) -> list[str]:
        """To be read before it is done."""
        separator = ", " if language == "en" else "、"
        who = separator.join(f"{code} {name}".strip() for code, name in self.names.items())
        lines = [
            text("privacy.forget_who", language, who=who),
            text(
                "privacy.forget_what", language,
                fields=self.fields, follow_ups=self.follow_ups, problems=self.problems, entries=self.entries,
            ),
            text("privacy.forget_stays", language),
        ]  # fmt: skip
        if self.shared:
            lines.append(text("privacy.forget_shared", language, texts=separator.join(self.shared)))
        return lines


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """What went, and what the search and the sums say afterwards. searched: how many texts were looked for."""

    plan: ForgetPlan
    job_id: str
    before: Totals
    after: Totals
    searched: int
    found: Sequence[Found]
    backups: Sequence[str]
    problem: Problem | None = None
    reached_file: bool = True

    @property
    def is_proved(self) -> bool:
        """Whether nothing of it stands on a sheet of ours or in a hidden part, and the totals are what they were."""
        return all(each.users for each in self.found) and self.after == self.before

    def lines(self, language: Language) -> list[str]:
        """For a terminal or a message box; no line holds a text that was erased."""
        plan, separator = self.plan, ", " if language == "en" else "、"
        lines = [
            text("privacy.forgotten", language, codes=separator.join(plan.names), fields=plan.fields, follow_ups=plan.follow_ups),
            text("privacy.forgotten_besides", language, problems=plan.problems, entries=plan.entries),
        ]
        if self.after == self.before:
            lines.append(text("privacy.totals_same", language, **self.before.places()))
        else:
            lines.append("! " + text("privacy.totals_differ", language, **self.before.places()))
        lines += self._search(language)
        if plan.shared:
            lines.append(text("privacy.shared_stay", language, count=len(plan.shared)))
        if plan.short:
            lines.append(text("privacy.too_short", language, count=plan.short))
        if self.backups:
            lines.append(text("privacy.backups_gone", language, files=separator.join(self.backups)))
        if self.problem is not None:
            lines.append("! " + self.problem.line(language))
        if not self.reached_file:
            lines.append("! " + text("privacy.file_not_reached", language))
        return [*lines, text("privacy.elsewhere", language)]

    def _search(self, language: Language) -> list[str]:
        ours = sorted({each.place for each in self.found if not each.users})
        users = sorted({each.place for each in self.found if each.users})
        lines = [text("privacy.search_clean", language, count=self.searched)] if not ours else []
        for entry, found in (("privacy.search_ours", ours), ("privacy.search_users", users)):
            lines += [text(entry, language, place=place) for place in found[:_MOST_PLACES]]
            if len(found) > _MOST_PLACES:
                lines.append(text("privacy.search_more", language, count=len(found) - _MOST_PLACES))
        return lines


@dataclass(frozen=True)
class _Prepared:
    plan: ForgetPlan
    changes: WorkbookChanges
    told: Sequence[Told]
    texts: tuple[str, ...]


def plan_forget(store: Store, codes: Sequence[str], as_of: dt.date | None = None) -> ForgetPlan:
    """What forgetting these customers would take away; nothing is changed. Raises CannotDo for a code that no customer has."""
    return _prepared(store, codes, as_of or today()).plan


def forget(store: Store, codes: Sequence[str], as_of: dt.date | None = None, progress: Progress = no_progress) -> ForgetReport:
    """Erases the personal data of these customers, looks whether anything of it is left, and compares the totals.

    as_of: the day on which it is carried out, which the Consents table tells from then on. Raises CannotDo, with nothing changed, for a
    code that no customer has.
    """
    language = store.settings().language
    progress(text("privacy.step_gather", language), 0, 3)
    before = Totals.of(store)
    prepared = _prepared(store, codes, as_of or today())
    progress(text("cli.step_save", language), 1, 3)
    job_id = recording.save(store, "forget", prepared.changes, told=prepared.told)
    progress(text("privacy.step_search", language), 2, 3)
    backups, problem = list[str](), None
    try:
        backups = store.remove_backups()
    except CannotDo as refusal:  # the workbook itself is done
        problem = refusal.problem
    found = store.find_texts(prepared.texts)
    return ForgetReport(prepared.plan, job_id, before, Totals.of(store), len(prepared.texts), found, backups, problem, store.reaches_file)


def requested(store: Store) -> list[str]:
    """The customers who asked to be forgotten, and are not yet: rows of Consents with the purpose erasure and the day of the request."""
    return Consents.of(store.read("consents").frame).asked_to_be_forgotten()


def blanked_by_nobody(entries: Sequence[Entry]) -> int | None:
    """The first entry whose values are gone though no erasure came after it; None where there is none."""
    last = max((entry.entry for entry in entries if recording.job_of(entry.job) == recording.ERASURE), default=0)
    return next((entry.entry for entry in entries if entry.erased and entry.entry > last), None)


def _prepared(store: Store, codes: Sequence[str], as_of: dt.date) -> _Prepared:
    from xlcrm.jobs.codes import successors
    from xlcrm.sheets.changes import Erasure, WorkbookChanges

    wanted = list(dict.fromkeys(codes))
    language = store.settings().language
    gathered = Gathered.of(store, frozenset(wanted))
    names = dict.fromkeys(wanted, "")
    known, into = gathered.frame("customers"), successors(store)
    for code in wanted:
        found = known.filter(pl.col(c.CUSTOMER_CODE) == code)
        if not found.is_empty():
            names[code] = found[c.CUSTOMER_NAME][0] or ""
        elif code in into:
            raise CannotDo(Problem("forget_merged", value=code, details={"into": into[code]}))
        elif not gathered.is_told_of(code):
            raise CannotDo(Problem("log_unknown_customer", value=code))
    mark = text("privacy.erased", language)
    identifying = [each for each in telling(gathered.identifying) if each != mark]
    written = [each for each in telling(gathered.written, words=True) if each != mark and each not in identifying]
    others_names, others_texts = texts_elsewhere(gathered, language)
    shared = standing_elsewhere(identifying, others_names)
    alone = [each for each in identifying if each not in shared]
    common = standing_elsewhere(written, f"{others_names}\n{others_texts}")
    # As links to lists of names say it: with the code a name is one person's, even where two have it.
    listed = [f"{name} {code}" for code, name in names.items() if name and name != mark]
    texts = (*listed, *alone, *(each for each in written if each not in common))
    cells, problems = cells_of_tables(store, gathered, texts, mark)
    entries = audit_cells(gathered, texts)
    added, told_of_consents, consent_cells = _consents(gathered, wanted, as_of, language)
    erasure = Erasure(frozenset(wanted), texts, mark)
    short = len({each.strip() for each in gathered.identifying if each and each.strip()} - {*identifying, mark})
    own = gathered.own("follow_ups")
    plan = ForgetPlan(names, _filled(gathered), own.height, problems, len({cell.row for cell in entries}), sorted(shared), short)
    pages = [] if store.reaches_file else _pages_with_names(store, wanted, mark, as_of)
    changes = WorkbookChanges(cells=[*cells, *entries, *consent_cells], added=added, pages=pages, erasure=erasure)
    return _Prepared(plan, changes, [*_told(gathered, language), *told_of_consents], texts)


def _pages_with_names(store: Store, codes: Sequence[str], mark: str, as_of: dt.date) -> list[Page]:
    """The pages whose links list names, anew, where the workbook has them painted."""
    from xlcrm.jobs.quarter import type_names
    from xlcrm.jobs.results import comparison_of, read_records
    from xlcrm.sheets.views import pages

    settings = store.settings()
    wanted = {page_id for page_id in store.page_ids() if not page_id.startswith("route:")}
    if not wanted or not settings.current_quarter or not settings.previous_quarter:
        return []
    frames = read_records(store)
    named = pl.when(pl.col(c.CUSTOMER_CODE).is_in(list(codes))).then(pl.lit(mark)).otherwise(pl.col(c.CUSTOMER_NAME))
    frames["customers"] = frames["customers"].with_columns(named.alias(c.CUSTOMER_NAME))
    comparison = comparison_of(frames, settings, settings.current_quarter, settings.previous_quarter, as_of)
    made = pages(comparison, settings, printed_on=as_of, type_names=type_names(store.read("business_types").frame))
    return [page for page in made if page.id in wanted]


def _filled(gathered: Gathered) -> int:
    """How many personal fields of the customers hold something."""
    own = gathered.own("customers")
    columns = [name for name in own.columns if name in PERSONAL or name not in TABLES["customers"].by_id]
    return sum(own[name].count() for name in columns)


def _told(gathered: Gathered, language: Language) -> Iterable[Told]:
    """Which columns of whom went; never what stood there. Each customer is told of: `blanked_by_nobody` looks for it."""
    customers = TABLES["customers"]
    told = set(gathered.own("customers").filter(pl.col(c.CUSTOMER_NAME).is_not_null())[c.CUSTOMER_CODE])
    for code in sorted(gathered.codes - told):
        yield Told(customers.label(language), code, customers.by_id[c.CUSTOMER_NAME].label(language), "", "")
    for table_id, columns in (("customers", PERSONAL), *WRITTEN.items()):
        spec = TABLES[table_id]
        if spec.kind != "record" or table_id not in gathered.frames:
            continue
        own = gathered.own(table_id)
        for code in own[c.CUSTOMER_CODE].unique(maintain_order=True):
            rows = own.filter(pl.col(c.CUSTOMER_CODE) == code)
            for name in rows.columns:
                if (name in columns or name not in spec.by_id) and rows[name].count():
                    label = spec.by_id[name].label(language) if name in spec.by_id else name
                    yield Told(spec.label(language), code, label, "", "")


def _consents(
    gathered: Gathered, codes: Sequence[str], as_of: dt.date, language: Language
) -> tuple[dict[str, pl.DataFrame], list[Told], list[CellChange]]:
    """The Consents table says of each customer when the erasure was carried out: that keeps later imports from bringing the data back."""
    from xlcrm.sheets.changes import CellChange

    if "consents" not in gathered.frames:
        return {}, [], []
    spec, frame, numbers = TABLES["consents"], gathered.frame("consents"), gathered.rows["consents"]
    cells, told = list[CellChange](), list[Told]()
    keys = key_texts(frame, spec)
    done = Consents.of(frame).erased()
    open_rows: dict[str, int] = {}
    filled = frame.select(c.CUSTOMER_CODE, c.PURPOSE).with_row_index("place").drop_nulls()
    for place, row in zip(filled["place"], consent_rows(frame), strict=True):
        if row.purpose == ERASURE and row.withdrawn_on is None:
            open_rows.setdefault(row.code, place)
    new: list[str] = []
    for code in codes:
        if code in open_rows:
            place = open_rows[code]
            cells.append(CellChange("consents", numbers[place], c.WITHDRAWN_ON, as_of))
            told.append(Told(spec.label(language), keys[place], spec.by_id[c.WITHDRAWN_ON].label(language), "", as_of.isoformat()))
            if frame[c.GIVEN_ON][place] is None:
                cells.append(CellChange("consents", numbers[place], c.GIVEN_ON, as_of))
        elif code not in done:
            new.append(code)
    if not new:
        return {}, told, cells
    days = pl.Series([as_of] * len(new), dtype=pl.Date)
    rows = pl.DataFrame({
        c.CUSTOMER_CODE: new, c.PURPOSE: [text(f"choices.{ERASURE}", language)] * len(new), c.GIVEN_ON: days, c.WITHDRAWN_ON: days,
        c.CUSTOMER_NAME: [text("privacy.erased", language)] * len(new),
    })  # fmt: skip
    return {"consents": rows}, told, cells
