"""What an audit found, as values and in words."""

from __future__ import annotations

from dataclasses import dataclass

from xlcrm.texts import Language, text

NAMED_CUSTOMERS = 10
"""So many customers are named in a line for the terminal; a row names all."""
NAMED_PLACES = 12
"""So many runs of cells are named in a line for the terminal; a row names all."""


def _number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"


@dataclass(frozen=True, slots=True)
class Miscounted:
    """A customer, and what the hand-made formula makes of it beside what is right.

    Both as a sheet shows them; empty where there is nothing to tell, `?` where nobody can tell any more.
    """

    code: str
    name: str
    hand_made: str = ""
    right: str = ""

    def shown(self, language: Language) -> str:
        """The customer with both verdicts."""
        who = f"{self.code} {self.name}".strip()
        if not (self.hand_made or self.right):
            return who
        blank = text("audit.blank", language)
        return text("audit.customer", language, who=who, hand_made=self.hand_made or blank, right=self.right or blank)


@dataclass(frozen=True, slots=True)
class Place:
    """Cells of a sheet, as `G3:G6, H3`."""

    sheet: str
    cells: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One faulty formula with all its copies.

    fault: 1-10, as in docs/audit.md. formula: the first copy's text. hand_made and right: two counts whose meaning the fault's
    text tells. calculated: False where the workbook held no saved values there and they were worked out from its data.
    """

    fault: int
    places: tuple[Place, ...]
    formula: str
    customers: tuple[Miscounted, ...]
    hand_made: float | None = None
    right: float | None = None
    calculated: bool = True

    @property
    def sheet(self) -> str:
        """The sheets, joined."""
        return ", ".join(place.sheet for place in self.places)

    @property
    def cells(self) -> str:
        """Where: `sheet!cells`, or the cells alone where there is one sheet."""
        if len(self.places) == 1:
            return self.places[0].cells
        return "; ".join(f"{place.sheet}!{place.cells}" for place in self.places)

    def name(self, language: Language) -> str:
        """The fault's name."""
        return text(f"audit.fault_{self.fault}", language)

    def by_how_much(self, language: Language) -> str:
        """How many customers, and both counts."""
        parts = [text(f"audit.effect_{self.fault}", language, count=len(self.customers))]
        if self.hand_made is not None and self.right is not None:
            parts.append(text(f"audit.counts_{self.fault}", language, hand_made=_number(self.hand_made), right=_number(self.right)))
        if not self.calculated:
            parts.append(text("audit.not_calculated", language))
        return text("audit.comma", language).join(parts)

    def remedy(self, language: Language) -> str:
        """What to do."""
        return text(f"audit.fault_{self.fault}_remedy", language)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found: the findings by fault, and how much was looked at.

    formulas: cells with a formula. uncalculated: those whose value was never saved. partial: whether the workbook was too large to
    read or to work out whole.
    """

    file: str
    findings: tuple[Finding, ...] = ()
    sheets: int = 0
    formulas: int = 0
    uncalculated: int = 0
    partial: bool = False

    def rows(self, language: Language) -> list[dict[str, str]]:
        """One row a finding: fault, name, sheet, cells, formula, customers, by_how_much, remedy. A formula is text, never to be run."""
        return [
            {
                "fault": str(finding.fault),
                "name": finding.name(language),
                "sheet": finding.sheet,
                "cells": finding.cells,
                "formula": finding.formula,
                "customers": text("audit.semicolon", language).join(customer.shown(language) for customer in finding.customers),
                "by_how_much": finding.by_how_much(language),
                "remedy": finding.remedy(language),
            }
            for finding in self.findings
        ]


def _customers_line(finding: Finding, language: Language) -> str:
    named = [customer.shown(language) for customer in finding.customers[:NAMED_CUSTOMERS]]
    if len(finding.customers) > NAMED_CUSTOMERS:
        named.append(text("audit.and_more", language, count=len(finding.customers) - NAMED_CUSTOMERS))
    return text("audit.semicolon", language).join(named)


def _where(finding: Finding, language: Language) -> str:
    """The places, cut short where the cells are scattered."""
    cells = [f"{place.sheet}!{cell}" for place in finding.places for cell in place.cells.split(", ")]
    if len(cells) > NAMED_PLACES:
        cells = [*cells[:NAMED_PLACES], text("audit.and_more", language, count=len(cells) - NAMED_PLACES)]
    return text("audit.comma", language).join(cells)


def audit_lines(report: AuditReport, language: Language) -> list[str]:
    """The report as lines for a terminal."""
    lines = [text("audit.looked_at", language, file=report.file, sheets=report.sheets, formulas=report.formulas)]
    if report.partial:
        lines.append(text("audit.partial", language))
    if report.uncalculated:
        lines.append(text("audit.never_saved", language, count=report.uncalculated))
    if not report.findings:
        lines.append(text("audit.no_formulas" if not report.formulas else "audit.clean", language))
    for finding in report.findings:
        lines += [
            "",
            text("audit.line_fault", language, number=finding.fault, name=finding.name(language)),
            text("audit.line_where", language, where=_where(finding, language)),
        ]
        if finding.formula:
            lines.append(text("audit.line_formula", language, formula=finding.formula))
        if finding.customers:
            lines.append(text("audit.line_whom", language, customers=_customers_line(finding, language)))
        lines += [
            text("audit.line_effect", language, effect=finding.by_how_much(language)),
            text("audit.line_remedy", language, remedy=finding.remedy(language)),
        ]
    if report.findings:
        faults = sorted({finding.fault for finding in report.findings})
        lines += ["", text("audit.total", language, findings=len(report.findings), faults=", ".join(map(str, faults)))]
    return lines
