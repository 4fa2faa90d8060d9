"""Check a workbook: do the counts add up, do the links hold, is anything there twice?"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from xlcrm.jobs.results import comparison_of, pair, quarters_of, read_records
from xlcrm.jobs.store import Store, today
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules.ledger import Fault
from xlcrm.sheets.auditcells import END_OF_CHAIN
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language, text


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Everything that a check found; `open_import_problems` counts the rows of the Problems table; `not_looked_for` is what
    could not be checked here."""

    problems: list[Problem]
    open_import_problems: int
    reconciled: bool | None
    not_looked_for: Problem | None = None

    def lines(self, language: Language) -> list[str]:
        """For a terminal or a message box."""
        lines = [problem.line(language) for problem in self.problems]
        if self.not_looked_for:
            lines.append(self.not_looked_for.line(language))
        if self.open_import_problems:
            lines.append(text("cli.check_open", language, problems=self.open_import_problems))
        if self.reconciled:
            lines.append(text("cli.check_reconciled", language))
        if not self.problems:
            lines.append(text("cli.check_clean", language))
        return lines


def check(store: Store, claims: bool = True) -> CheckReport:
    """Reads the whole workbook and changes nothing.

    claims: also look for customers whom two people claim; that compares names, which not every host can, and takes longer.
    """
    from xlcrm.jobs.duplicates import claim_collisions, decisions, different_pairs, listed_pairs
    from xlcrm.jobs.erased import erased_codes
    from xlcrm.jobs.voices import survey_problems
    from xlcrm.rules.links import dangling_codes, repeated_keys, route_conflicts

    settings = store.settings()
    problems: list[Problem] = []
    for table_id in ("customers", "routes", "grades", "purchases", "follow_ups"):
        problems += store.read(table_id).problems
    frames = read_records(store)
    sheet = {table_id: TABLES[table_id].label(settings.language) for table_id in frames}
    customers = frames["customers"]
    for code, routes in route_conflicts(customers).iter_rows():
        problems.append(Problem("customer_on_two_routes", sheet=sheet["customers"], value=code, details={"routes": routes}))
    for table_id in ("customers", "routes", "grades"):
        for key, count in repeated_keys(frames[table_id], TABLES[table_id].key).iter_rows():
            problems.append(Problem("repeated_key", sheet=sheet[table_id], value=key, details={"count": count}))
    for table_id in ("grades", "purchases", "follow_ups"):
        for code, rows in dangling_codes(frames[table_id], customers, c.CUSTOMER_CODE).iter_rows():
            problems.append(Problem("code_without_customer", sheet=sheet[table_id], value=code, details={"rows": rows}))
    for route, rows in dangling_codes(customers, frames["routes"], c.ROUTE).iter_rows():
        problems.append(Problem("route_unknown", sheet=sheet["customers"], value=route, details={"rows": rows}))
    no_route = customers.filter(pl.col(c.ROUTE).is_null()).height
    if no_route:
        problems.append(Problem("customers_without_route", sheet=sheet["customers"], details={"count": no_route}))
    problems += _of_consents(store, customers, settings.language)
    problems += survey_problems(store, customers, erased_codes(store), settings.language)
    not_looked_for: Problem | None = None
    try:
        if claims:
            problems += claim_collisions(customers, frames["routes"], settings, different_pairs(decisions(listed_pairs(store))))
    except CannotDo as refusal:
        not_looked_for = refusal.problem
    reconciled: bool | None = None
    if quarters_of(frames):
        current, previous = pair(frames, settings, None, None)
        comparison = comparison_of(frames, settings, current, previous, today())
        named = {(problem.code, problem.value) for problem in problems}
        problems += [problem for problem in comparison.problems if (problem.code, problem.value) not in named]
        failing = comparison.reconciliation.filter(~pl.col("ok"))
        reconciled = failing.is_empty()
        for row in failing.iter_rows(named=True):
            problems.append(
                Problem("not_reconciled", value=str(row[c.ROUTE] or ""), details={"customers": row[c.CUSTOMERS], "sum": row["sum"]})
            )
    problems += _broken_chain(store, settings.language)
    return CheckReport(problems, store.read("problems").frame.height, reconciled, not_looked_for)


_CHAIN_PROBLEMS: dict[Fault, str] = {
    "altered": "audit_broken_altered",
    "removed": "audit_broken_removed",
    "inserted": "audit_broken_inserted",
    "reordered": "audit_broken_reordered",
    "tail_cut": "audit_broken_tail_cut",
    "head_lost": "audit_broken_head_lost",
}


def _broken_chain(store: Store, language: Language) -> list[Problem]:
    """The first entry of the audit that is not what was sealed, or was blanked though no erasure followed."""
    from xlcrm.jobs.forgetting import blanked_by_nobody
    from xlcrm.jobs.recording import read_entries
    from xlcrm.rules.ledger import Broken, Head, verify

    if not store.has("audit"):
        return []
    entries = read_entries(store)
    broken = verify(entries, Head.parse(store.value(END_OF_CHAIN)))
    blanked = blanked_by_nobody(entries)
    if blanked is not None and (broken is None or blanked < broken.entry):
        broken = Broken(blanked, "altered")
    if broken is None:
        return []
    return [Problem(_CHAIN_PROBLEMS[broken.fault], sheet=TABLES["audit"].label(language), value=str(broken.entry))]


def _of_consents(store: Store, customers: pl.DataFrame, language: Language) -> list[Problem]:
    """Consents of nobody, withdrawn before they were given, and requests of erasure that wait. Who was erased may be gone altogether."""
    from xlcrm.rules.consent import Consents, consent_problems
    from xlcrm.rules.links import dangling_codes

    if not store.has("consents"):
        return []
    read, sheet = store.read("consents"), TABLES["consents"].label(language)
    erased = Consents.of(read.frame).erased()
    strangers = [(code, rows) for code, rows in dangling_codes(read.frame, customers, c.CUSTOMER_CODE).iter_rows() if code not in erased]
    unknown = [Problem("code_without_customer", sheet=sheet, value=code, details={"rows": rows}) for code, rows in strangers]
    return [*read.problems, *unknown, *consent_problems(read.frame, sheet)]
