"""Customers that stand twice, and those of them that two people claim. Nothing is merged here, only shown."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from xlcrm.jobs.store import Store
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules import duplicates as rule
from xlcrm.rules.comparable import text_key
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language, text


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

    Raises CannotDo where the package that compares names is missing.
    """
    customers = store.read("customers").frame
    frame = duplicate_pairs(customers, store.read("routes").frame, at_least)
    return Duplicates(frame, customers.get_column(c.CUSTOMER_CODE).n_unique())


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


def claim_collisions(customers: pl.DataFrame, routes: pl.DataFrame, settings: Settings) -> list[Problem]:
    """Pairs that may be one customer but have two owners. Raises CannotDo where names cannot be compared."""
    sheet = TABLES["customers"].label(settings.language)
    return [
        Problem("claimed_twice", sheet=sheet, value=row[c.CODE_A], details=_details(row, settings.language))
        for row in duplicate_pairs(customers, routes).iter_rows(named=True)
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
