"""The report in both languages."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from tests.audit.tutorial_workbook import ALL_FAULTS, Tutorial
from xlcrm.audit import AuditReport, Finding, Miscounted, Place, audit, audit_lines
from xlcrm.audit.report import NAMED_CUSTOMERS, NAMED_PLACES
from xlcrm.texts import LANGUAGES, Language, entries


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["all", "all_en"])
def test_every_finding_is_told(language: Language, name: str, built: dict[str, tuple[Path, Tutorial]]) -> None:
    report = audit(built[name][0])
    lines, rows = audit_lines(report, language), report.rows(language)
    assert len(rows) == len(report.findings)
    for row in rows:
        assert row.keys() == {"fault", "name", "sheet", "cells", "formula", "customers", "by_how_much", "remedy"}
        assert all(row.values()), row
        assert row["formula"].startswith("=")
        assert any(row["remedy"] in line for line in lines)
        assert any(row["by_how_much"] in line for line in lines)
    assert {int(row["fault"]) for row in rows} == set(ALL_FAULTS)
    assert not any("{" in line or "}" in line for line in lines)


def test_a_clean_report_says_so() -> None:
    assert audit_lines(AuditReport("a.xlsx", sheets=2, formulas=3), "en") == [
        "a.xlsx: 2 sheets, 3 formulas",
        "None of the ten faults was found.",
    ]
    assert audit_lines(AuditReport("a.xlsx", sheets=1), "zh")[-1] == "其中没有公式，无从算错。"
    assert len(audit_lines(AuditReport("a.xlsx", sheets=1, formulas=1, uncalculated=1, partial=True), "en")) == 4


def test_long_lists_are_cut_in_the_terminal_and_whole_in_rows() -> None:
    people = tuple(Miscounted(f"{number:03}", "") for number in range(NAMED_CUSTOMERS + 5))
    cells = ", ".join(f"A{row}" for row in range(1, 60, 2))
    report = AuditReport("a.xlsx", (Finding(8, (Place("S", cells),), "=A1", people, 1, 2),), 1, 1)
    lines = audit_lines(report, "en")
    assert next(line for line in lines if "whom" in line).endswith("009; and 5 more")
    assert next(line for line in lines if "where" in line).endswith(f"and {30 - NAMED_PLACES} more")
    assert "014" in report.rows("en")[0]["customers"]
    assert report.rows("en")[0]["cells"] == cells


def test_both_languages_name_the_same_places() -> None:
    def names(written: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(written) if name}

    for entry, languages in entries("audit").items():
        assert names(languages["en"]) == names(languages["zh"]), entry
