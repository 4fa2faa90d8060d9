"""Who may be contacted for what, as of a day (feature S11): consents given and withdrawn, requests of erasure open and carried out.

A consent counts from the day it was given until the day before it was withdrawn. Whoever asked to be forgotten is contacted for
nothing from that day on, whatever else stands there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import narwhals as nw

from xlcrm.problems import Problem
from xlcrm.rules.frames import tuples
from xlcrm.tables import columns as c
from xlcrm.tables.choices import CONSENT_PURPOSES, choice_names

CONTACT, ERASURE = "contact", "erasure"
PURPOSES = tuple(purpose for purpose in CONSENT_PURPOSES if purpose != ERASURE)
"""What a customer can be contacted for."""

Answer = Literal["given", "none", "not_yet", "withdrawn", "erasure_asked", "erased"]
LEFT_OUT: tuple[Answer, ...] = ("none", "not_yet", "withdrawn", "erasure_asked", "erased")
"""Why a customer is left out of a contact list."""


class Consent(NamedTuple):
    """One row of the Consents table. purpose: its id, or the text as it stands where it is none of ours."""

    code: str
    purpose: str
    given_on: dt.date | None
    withdrawn_on: dt.date | None


@dataclass(frozen=True)
class Consents:
    """All consents of a workbook, by customer."""

    by_code: dict[str, list[Consent]]

    @classmethod
    def of(cls, consents: Any) -> Consents:
        """Of the typed Consents table, of any engine."""
        by_code: dict[str, list[Consent]] = {}
        for row in consent_rows(consents):
            by_code.setdefault(row.code, []).append(row)
        return cls(by_code)

    def answer(self, code: str, purpose: str, day: dt.date) -> Answer:
        """Whether a customer may be contacted for that purpose on that day: `given`, or why not."""
        rows = self.by_code.get(code, [])
        erasures = [row for row in rows if row.purpose == ERASURE]
        if any(row.withdrawn_on is not None and row.withdrawn_on <= day for row in erasures):
            return "erased"
        if any(row.given_on is not None and row.given_on <= day for row in erasures):
            return "erasure_asked"
        asked = [row for row in rows if row.purpose == purpose]
        begun = [row for row in asked if row.given_on is not None and row.given_on <= day]
        if any(row.withdrawn_on is None or row.withdrawn_on > day for row in begun):
            return "given"
        if any(row.withdrawn_on is not None and row.withdrawn_on <= day for row in asked):
            return "withdrawn"
        return "not_yet" if asked else "none"

    def erased(self, day: dt.date | None = None) -> frozenset[str]:
        """The customers whose erasure was carried out, by that day where one is given."""
        return frozenset(
            row.code for rows in self.by_code.values() for row in rows
            if row.purpose == ERASURE and row.withdrawn_on is not None and (day is None or row.withdrawn_on <= day)
        )  # fmt: skip

    def asked_to_be_forgotten(self) -> list[str]:
        """The customers with a request of erasure that was not carried out, in the order of the table."""
        open_ones = [
            row.code for rows in self.by_code.values() for row in rows
            if row.purpose == ERASURE and row.given_on is not None and row.withdrawn_on is None
        ]  # fmt: skip
        return list(dict.fromkeys(open_ones))

    def not_to_be_greeted(self, day: dt.date) -> frozenset[str]:
        """Whom no greeting goes to: those who withdrew the purpose contact, or asked to be forgotten.

        No consent at all is no withdrawal: visits belong to the contract, and a greeting on a visit does too.
        """
        return frozenset(code for code in self.by_code if self.answer(code, CONTACT, day) in ("withdrawn", "erasure_asked", "erased"))


def consent_rows(consents: Any) -> Iterator[Consent]:
    """The rows with a customer and a purpose."""
    frame = nw.from_native(consents, eager_only=True)
    for code, purpose, given_on, withdrawn_on in tuples(frame.select(c.CUSTOMER_CODE, c.PURPOSE, c.GIVEN_ON, c.WITHDRAWN_ON)):
        if code is not None and purpose is not None:
            yield Consent(code, purpose_id(purpose) or purpose, given_on, withdrawn_on)


def purpose_id(written: str) -> str | None:
    """The id of a purpose, whichever language or id it was written in."""
    return _names().get(written.strip().casefold().replace("-", " ").replace("_", " "))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {
        name.casefold().replace("_", " "): purpose for purpose in CONSENT_PURPOSES
        for name in choice_names(purpose)
    }  # fmt: skip


def consent_problems(consents: Any, sheet: str) -> list[Problem]:
    """What is wrong with the consents: a withdrawal before the day it was given, and requests of erasure that wait."""
    found = [
        Problem(
            "consent_withdrawn_before_given", sheet=sheet, value=row.code, details={"given": row.given_on, "withdrawn": row.withdrawn_on}
        )
        for row in consent_rows(consents)
        if row.given_on is not None and row.withdrawn_on is not None and row.withdrawn_on < row.given_on
    ]
    waiting = Consents.of(consents).asked_to_be_forgotten()
    return found + [Problem("erasure_waits", sheet=sheet, value=code) for code in waiting]
