"""Audit of a hand-made workbook: which of its formulas miscount, whom, and by how much. The faults are described in docs/audit.md."""

from __future__ import annotations

from pathlib import Path

from xlcrm.audit.arrows import arrow_faults, arrow_formulas, arrows
from xlcrm.audit.book import read_book
from xlcrm.audit.counts import copied_right_faults, counted_twice_faults, drifting_faults, vanished_faults
from xlcrm.audit.longcodes import damaged_code_faults, fifteen_digit_faults
from xlcrm.audit.lookups import lookup_faults
from xlcrm.audit.report import AuditReport, Finding, Miscounted, Place, audit_lines
from xlcrm.audit.workroom import Workroom
from xlcrm.settings import Settings, default_settings

__all__ = ["AuditReport", "Finding", "Miscounted", "Place", "audit", "audit_lines"]


def audit(path: Path, settings: Settings | None = None) -> AuditReport:
    """Audits the hand-made workbook at path; nothing is changed.

    settings: grade grammar and language of the verdicts; the defaults where None. Raises CannotDo where the file is
    missing, damaged, too large, or no .xlsx or .xlsm workbook.
    """
    book = read_book(path)
    room = Workroom(book, settings or default_settings())
    compared = arrows(room, arrow_formulas(room))
    findings = [
        *lookup_faults(room),
        *damaged_code_faults(room),
        *fifteen_digit_faults(room),
        *arrow_faults(room, compared),
        *vanished_faults(room, compared),
        *copied_right_faults(room, compared),
        *drifting_faults(room),
        *counted_twice_faults(room, compared),
    ]
    return AuditReport(
        file=path.name,
        findings=tuple(sorted(findings, key=lambda finding: finding.fault)),
        sheets=len(book.sheets),
        formulas=book.formula_count,
        uncalculated=book.uncalculated,
        partial=book.partial or room.calculator.exhausted,
    )
