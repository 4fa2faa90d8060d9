"""Customers that stand twice, and those of them that two people claim. Nothing is merged here, only shown and listed.

The table `duplicates` remembers what a person decided: a pair that is said to be `different` is not proposed again, and a pair of which
one code is no customer any more says into whom that customer was merged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from xlcrm.jobs.store import Store
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules import duplicates as rule
from xlcrm.rules.comparable import text_key
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import DTYPES
from xlcrm.tables.choices import MERGE_DECISIONS, choice_names
from xlcrm.texts import Language, text

INTO_A, INTO_B, DIFFERENT = MERGE_DECISIONS
Pair = tuple[str, str]
"""Two codes, the smaller first."""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """frame: the table `duplicates`, ordered by its key. customers: how many were compared."""

    frame: pl.DataFrame
    customers: int

    def lines(self, language: Language) -> list[str]:
        """One line a pair, the likeliest first, for a terminal or a message box."""
        if self.frame.is_empty():
            return [text("duplicates.none", language, customers=self.customers)]
        head = text("duplicates.found", language, pairs=self.frame.height, customers=self.customers)
        ordered = self.frame.sort(c.SCORE, c.CODE_A, c.CODE_B, descending=[True, False, False])
        return [head, *(_line(row, language) for row in ordered.iter_rows(named=True))]


def find_duplicates(store: Store, at_least: float = rule.LEAST_SCORE) -> Duplicates:
    """Pairs of customers that may be one, of that score (0 to 1) or more; reads the workbook and changes nothing.

    Pairs that somebody has said to be different are left out. Raises CannotDo where the package that compares names is missing.
    """
    customers = store.read("customers").frame
    decided = decisions(listed_pairs(store))
    frame = _with_decisions(duplicate_pairs(customers, store.read("routes").frame, at_least), decided, store.settings().language)
    return Duplicates(without(frame, different_pairs(decided)), customers.get_column(c.CUSTOMER_CODE).n_unique())


def list_duplicates(store: Store) -> Duplicates:
    """Fills the table `duplicates` with the pairs as they are now, the likeliest first, and keeps every decision already made.

    A decided pair stays in the table, behind the open ones, though it would not be found any more. The answer holds the open pairs
    alone. Raises CannotDo where the package that compares names is missing; then nothing was changed.
    """
    from xlcrm.sheets.changes import WorkbookChanges

    earlier, language = listed_pairs(store), store.settings().language
    customers = store.read("customers").frame
    found = duplicate_pairs(customers, store.read("routes").frame)
    decided = decisions(earlier)
    open_pairs = without(found, decided).sort(c.SCORE, c.CODE_A, c.CODE_B, descending=[True, False, False])
    # A decided pair keeps its row as it stood, with today's names where both are still customers.
    again = _with_decisions(_only(found, decided), decided, language)
    gone = without(_only(earlier, decided), {(a, b) for a, b in again.select(c.CODE_A, c.CODE_B).iter_rows()})
    table = pl.concat([_in_words(open_pairs, language), _in_words(again, language), gone.select(found.columns).cast(found.schema)])
    if not table.equals(earlier.select(table.columns).cast(table.schema)):
        store.save(WorkbookChanges(tables={"duplicates": table}))
    return Duplicates(open_pairs, customers.get_column(c.CUSTOMER_CODE).n_unique())


def listed_pairs(store: Store) -> pl.DataFrame:
    """The table `duplicates` as it stands in the workbook; without rows where the workbook has no such table."""
    spec = TABLES["duplicates"]
    try:
        frame = store.read(spec.id).frame
    except CannotDo as refusal:
        if refusal.problem.code != "table_missing":
            raise
        return pl.DataFrame(schema={name: DTYPES[spec.by_id[name].kind] for name in spec.column_ids})
    missing = [pl.lit(None, DTYPES[spec.by_id[name].kind]).alias(name) for name in spec.column_ids if name not in frame.columns]
    return frame.with_columns(missing).drop_nulls([c.CODE_A, c.CODE_B])


@cache
def _decision_of(written: str) -> str:
    """The id of a decision, as either language or the id writes it; blank for anything else."""
    return next((each for each in MERGE_DECISIONS if written in choice_names(each)), "")


def decisions(listed: pl.DataFrame) -> dict[Pair, str]:
    """Pair -> what was decided of it (of `MERGE_DECISIONS`), of the pairs that somebody decided."""
    found = {}
    for a, b, written in listed.select(c.CODE_A, c.CODE_B, c.DECISION).drop_nulls().iter_rows():
        decision = _decision_of(str(written))
        if decision:
            found[a, b] = decision
    return found


def different_pairs(decided: Mapping[Pair, str]) -> set[Pair]:
    """The pairs that are two customers, as somebody said."""
    return {pair for pair, decision in decided.items() if decision == DIFFERENT}


def merges(decided: Mapping[Pair, str]) -> list[Pair]:
    """The pairs that are one customer, as somebody said: the code that is kept and the one that is dropped."""
    return [(a, b) if decision == INTO_A else (b, a) for (a, b), decision in decided.items() if decision != DIFFERENT]


def without(pairs: pl.DataFrame, left_out: Collection[Pair]) -> pl.DataFrame:
    """The rows of other pairs."""
    return pairs.filter(~_among(pairs, left_out))


def _only(pairs: pl.DataFrame, wanted: Collection[Pair]) -> pl.DataFrame:
    return pairs.filter(_among(pairs, wanted))


def _among(pairs: pl.DataFrame, wanted: Collection[Pair]) -> pl.Series:
    return pl.Series([pair in wanted for pair in pairs.select(c.CODE_A, c.CODE_B).iter_rows()], dtype=pl.Boolean)


def _with_decisions(pairs: pl.DataFrame, decided: Mapping[Pair, str], language: Language) -> pl.DataFrame:
    """The pairs with the decisions in the workbook's language."""
    made = (decided.get((a, b)) for a, b in pairs.select(c.CODE_A, c.CODE_B).iter_rows())
    words = [text(f"choices.{each}", language) if each else None for each in made]
    return pairs.with_columns(pl.Series(c.DECISION, words, dtype=pl.String))


def _in_words(pairs: pl.DataFrame, language: Language) -> pl.DataFrame:
    """The pairs with their reasons as a person reads them on the sheet."""
    return pairs.with_columns(pl.Series(c.REASONS, [_reasons(row, language) for row in pairs.iter_rows(named=True)], dtype=pl.String))


def duplicate_pairs(customers: pl.DataFrame, routes: pl.DataFrame, at_least: float = rule.LEAST_SCORE) -> pl.DataFrame:
    """The table `duplicates`: the pairs with the names and owners of both. Raises CannotDo where names cannot be compared.

    A customer without an owner belongs to the account manager of its route.
    """
    try:
        pairs: pl.DataFrame = rule.duplicates(customers, at_least)
    except rule.NoSimilarity:
        raise CannotDo(Problem("similarity_missing")) from None
    managers = routes.select(c.ROUTE, c.ACCOUNT_MANAGER).drop_nulls().unique(c.ROUTE, keep="first", maintain_order=True)
    people = (
        customers.select(c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.OWNER, c.ROUTE)
        .sort(pl.all(), nulls_last=True)
        .unique(c.CUSTOMER_CODE, keep="first", maintain_order=True)
        .join(managers, on=c.ROUTE, how="left")
        .select(c.CUSTOMER_CODE, c.CUSTOMER_NAME, pl.coalesce(c.OWNER, c.ACCOUNT_MANAGER).alias(c.OWNER))
    )
    for code, name, owner in ((c.CODE_A, c.NAME_A, c.OWNER_A), (c.CODE_B, c.NAME_B, c.OWNER_B)):
        theirs = people.rename({c.CUSTOMER_CODE: code, c.CUSTOMER_NAME: name, c.OWNER: owner})
        pairs = pairs.join(theirs, on=code, how="left", maintain_order="left")
    return pairs.with_columns(pl.lit(None, pl.String).alias(c.DECISION)).select(TABLES["duplicates"].column_ids)


def claim_collisions(
    customers: pl.DataFrame, routes: pl.DataFrame, settings: Settings, different: Collection[Pair] = frozenset()
) -> list[Problem]:
    """Pairs that may be one customer but have two owners. Raises CannotDo where names cannot be compared.

    different: pairs that somebody has said to be two customers.
    """
    sheet = TABLES["customers"].label(settings.language)
    return [
        Problem("claimed_twice", sheet=sheet, value=row[c.CODE_A], details=_details(row, settings.language))
        for row in without(duplicate_pairs(customers, routes), different).iter_rows(named=True)
        if _owners_differ(row)
    ]


def _details(row: dict[str, object], language: Language) -> dict[str, object]:
    return {
        "other": row[c.CODE_B], "owner_a": row[c.OWNER_A], "owner_b": row[c.OWNER_B],
        "score": f"{row[c.SCORE]:.2f}", "reasons": _reasons(row, language),
    }  # fmt: skip


def _owners_differ(row: dict[str, object]) -> bool:
    """Whether both have an owner and it is not the same person, however it is written."""
    a, b = (text_key(row[name]) for name in (c.OWNER_A, c.OWNER_B))
    return bool(a and b and a != b)


def _reasons(row: dict[str, object], language: Language) -> str:
    words = [text(f"duplicates.{reason}", language) for reason in str(row[c.REASONS]).split(", ") if reason]
    return text("duplicates.between", language).join(words)


def _line(row: dict[str, object], language: Language) -> str:
    """`0.98  0001 Corner Shop (Lee) - 0007 Corner Shop Ltd (Wang): same phone`."""
    a, b = (
        " ".join(str(row[part]) for part in (code, name) if row[part])
        + (text("duplicates.owner", language, owner=row[owner]) if row[owner] else "")
        for code, name, owner in ((c.CODE_A, c.NAME_A, c.OWNER_A), (c.CODE_B, c.NAME_B, c.OWNER_B))
    )
    entry = "duplicates.two_owners" if _owners_differ(row) else "duplicates.pair"
    return text(entry, language, score=f"{row[c.SCORE]:.2f}", a=a, b=b, reasons=_reasons(row, language))
