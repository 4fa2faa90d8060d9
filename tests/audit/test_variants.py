"""Workbooks of other makes: one table of routes, SUMPRODUCT, INDEX and MATCH, IFERROR, sums by long codes, zeros that a writer left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook

from xlcrm.audit import AuditReport, Finding, audit
from xlcrm.settings import GradeGrammar, Settings

Row = Sequence[object]


def audited(tmp_path: Path, settings: Settings | None = None, **sheets: Sequence[Row]) -> AuditReport:
    """The audit of a workbook with these sheets."""
    book = Workbook()
    active = book.active
    assert active is not None
    book.remove(active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    path = tmp_path / "book.xlsx"
    book.save(path)
    return audit(path, settings)


def only(report: AuditReport) -> Finding:
    """The one finding."""
    assert len(report.findings) == 1, report.findings
    return report.findings[0]


PAIRS = [("01", "CS1", "CS2"), ("02", "CS2", "CS1"), ("03", "CB3", "CB3"), ("04", "CS2", "CS1")]
GRADES: list[Row] = [("customer_code", "2017Q1", "2017Q2"), *PAIRS]
ARROW = '=IF(RIGHT(D{0},1)<RIGHT(C{0},1),D{0}&"↑",IF(RIGHT(D{0},1)>RIGHT(C{0},1),D{0}&"↓",D{0}))'
HEADER: Row = ("customer_code", "route", "Q1 grade", "Q2 grade", "change")


def routes(lookup: str, codes: Sequence[str] = ("01", "02", "03", "04")) -> list[Row]:
    """A table of routes whose grades are looked up by the formula; `{r}` is the row, `{c}` the column of the export."""
    return [
        HEADER,
        *((code, 1, lookup.format(r=row, c=2), lookup.format(r=row, c=3), ARROW.format(row)) for row, code in enumerate(codes, start=2)),
    ]


def test_sumproduct_over_one_table_drifts(tmp_path: Path) -> None:
    lookup = "=INDEX(Grades!$A$2:$C$9,MATCH($A{r},Grades!$A$2:$A$9,0),{c})"
    count = '=SUMPRODUCT((Routes!$B2:$B5=1)*(Routes!$E2:$E5=$A{r}&"{mark}"))'
    rows: list[Row] = [("grade", "up", "down")]
    rows += [
        (grade, count.replace("2:", f"{row}:").replace("5=", f"{row + 3}=").format(r=row, mark="↑"), 0)
        for row, grade in ((2, "CS2"), (3, "CS9"), (4, "CS1"))
    ]
    finding = only(audited(tmp_path, Grades=GRADES, Routes=routes(lookup), Stats=rows))
    assert finding.fault == 8
    assert finding.cells == "B4"
    assert [who.code for who in finding.customers] == ["02"]
    assert (finding.hand_made, finding.right) == (1, 2)
    assert not finding.calculated


def test_a_lookup_that_drifts_loses_the_first(tmp_path: Path) -> None:
    rows = routes("=VLOOKUP(A{r},Grades!A$2:C$9,{c},0)", ("04", "03", "02", "01"))
    drifting = [[str(cell).replace("A$2:C$9", f"A{at}:C{at + 7}") for cell in row] for at, row in enumerate(rows, start=1)]
    report = audited(tmp_path, Grades=GRADES, Routes=drifting)
    assert {finding.fault for finding in report.findings} == {2, 8}
    drift = next(finding for finding in report.findings if finding.fault == 8)
    assert {who.code for who in drift.customers} == {"01", "02"}


def test_a_customer_without_any_grade_is_left_alone(tmp_path: Path) -> None:
    report = audited(tmp_path, Grades=GRADES, Routes=routes('=IFERROR(VLOOKUP(A{r},Grades!$A:$C,{c},0),"")', ("01", "05")))
    assert report.findings == ()
    assert report.uncalculated == 6


def test_a_missing_grade_under_iferror(tmp_path: Path) -> None:
    grades: list[Row] = [GRADES[0], ("01", None, "CS2"), ("02", "CS2", "CS2")]
    finding = only(audited(tmp_path, Grades=grades, Routes=routes('=IFERROR(VLOOKUP(A{r},Grades!$A:$C,{c},0)&"","")', ("01", "02"))))
    assert finding.fault == 3
    assert [(who.code, who.hand_made, who.right) for who in finding.customers] == [("01", "CS2↓", "CS2○")]


CS_CHANGE: list[Row] = [("customer_code", "2017Q1", "2017Q2"), ("01", "CS2", "CB1"), ("02", "CS1", "CS1")]


@pytest.mark.parametrize(
    ("formula", "hand_made"),
    [
        ('=IF(RIGHT(D{r})<RIGHT(C{r}),D{r}&"↑",IF(RIGHT(D{r})>RIGHT(C{r}),D{r}&"↓",D{r}))', "CB1↑"),
        ('=IF(C{r}=D{r},"保持",IF(VALUE(RIGHT(C{r},1))>VALUE(RIGHT(D{r},1)),"提升","下降"))', "提升"),
        ('=IF(RIGHT(C{r},1)-RIGHT(D{r},1)>0,D{r}&"▲",IF(C{r}=D{r},D{r},D{r}&"▼"))', "CB1▲"),
        ('=IF(MID(C{r},3,1)*1>MID(D{r},3,1)*1,"up "&D{r},"kept")', "up CB1"),
    ],
)
@pytest.mark.parametrize("headers", [("Q1 grade", "Q2 grade"), ("2017Q1", "2017Q2"), ("grade", "another grade")])
def test_arrows_of_many_makes(formula: str, hand_made: str, headers: tuple[str, str], tmp_path: Path) -> None:
    rows: list[Row] = [("customer_code", "route", *headers, "change")]
    for row, (code, _, _) in enumerate(CS_CHANGE[1:], start=2):
        rows.append((code, 1, f"=VLOOKUP(A{row},Grades!A:C,2,0)", f"=VLOOKUP(A{row},Grades!A:C,3,0)", formula.format(r=row)))
    finding = only(audited(tmp_path, Grades=CS_CHANGE, Routes=rows))
    assert finding.fault == 5
    assert [(who.code, who.hand_made, who.right) for who in finding.customers] == [("01", hand_made, "CB1≠")]


def test_sums_by_code_that_drift(tmp_path: Path) -> None:
    purchases: list[Row] = [("customer_code", "quantity"), *((f"{number:02}", number) for number in range(1, 301))]
    own: list[Row] = [("customer_code", "quantity")]
    own += [
        (f"{301 - number:02}", f"=SUMIF(Purchases!A{number + 1}:A{number + 300},A{number + 1},Purchases!B{number + 1}:B{number + 300})")
        for number in range(1, 301)
    ]
    finding = only(audited(tmp_path, Purchases=purchases, Own=own))
    assert finding.fault == 8
    assert len(finding.customers) == 150
    assert finding.cells == "B152:B301"


def test_sumif_by_long_text_codes_mixes_customers(tmp_path: Path) -> None:
    codes = ("320102198800000017", "320102198800000018", "32010219880000")
    purchases: list[Row] = [("customer_code", "quantity"), *((code, 10) for code in codes)]
    totals: list[Row] = [
        ("customer_code", "total"),
        *((code, f"=SUMIF(Purchases!$A:$A,A{row},Purchases!$B:$B)") for row, code in enumerate(codes, start=2)),
    ]
    finding = only(audited(tmp_path, Purchases=purchases, Totals=totals))
    assert finding.fault == 9
    assert [(who.code, who.hand_made, who.right) for who in finding.customers] == [(codes[0], "20", "10"), (codes[1], "20", "10")]


def test_a_doubled_code_with_equal_grades_harms_nobody(tmp_path: Path) -> None:
    grades: list[Row] = [*GRADES, GRADES[1]]
    assert audited(tmp_path, Grades=grades, Routes=routes("=VLOOKUP(A{r},Grades!$A:$C,{c},0)")).findings == ()


def test_a_doubled_purchase_is_cut_to_its_first_row(tmp_path: Path) -> None:
    purchases: list[Row] = [("customer_code", "quantity"), ("01", 10), ("01", 5)]
    finding = only(audited(tmp_path, Purchases=purchases, Sheet=[("customer_code", "quantity"), ("01", "=VLOOKUP(A2,Purchases!A:B,2,0)")]))
    assert finding.fault == 10
    assert [(who.hand_made, who.right) for who in finding.customers] == [("10", "15")]


def test_counts_copied_right_with_a_fixed_criterion(tmp_path: Path) -> None:
    rows: list[Row] = [("grade", "up", "kept", "down")]
    rows += [(grade, *[f'=COUNTIF(Routes!$E$2:$E$9,$A{row}&"↑")'] * 3) for row, grade in ((2, "CS1"), (3, "CS2"), (4, "CB3"))]
    finding = only(audited(tmp_path, Grades=GRADES, Routes=routes("=VLOOKUP(A{r},Grades!$A:$C,{c},0)"), Stats=rows))
    assert finding.fault == 7
    assert finding.cells == "C2, C4, D2:D3"
    assert (finding.hand_made, finding.right) == (4, 2)
    assert {who.code for who in finding.customers} == {"01", "03"}


@pytest.mark.parametrize("formula", ["=$A$9", "=$A$9*2", "=$A2", "=TODAY()", "=IF($A2=1,2,3)"])
def test_the_same_cell_in_many_columns_may_be_meant(formula: str, tmp_path: Path) -> None:
    assert audited(tmp_path, Stats=[("grade", "b", "c"), ("CS1", formula, formula)]).findings == ()


def test_a_range_that_moves_with_its_own_row_is_meant(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("customer_code", "seen"),
        *((code, f"=COUNTIF(A{row}:A$9,A{row})") for row, code in enumerate(("01", "02", "03"), start=2)),
    ]
    assert audited(tmp_path, Sheet=rows).findings == ()


def test_zeros_that_a_writer_left_are_no_values(tmp_path: Path) -> None:
    path = tmp_path / "written.xlsx"
    book = xlsxwriter.Workbook(str(path))
    grades = book.add_worksheet("Grades")
    for row, line in enumerate([*GRADES, ("05", "CS1", "CB1")]):
        grades.write_row(row, 0, line)
    sheet = book.add_worksheet("Routes")
    for row, line in enumerate(routes("=VLOOKUP(A{r},Grades!$A:$C,{c},0)", ("01", "05"))):
        sheet.write_row(row, 0, line)
    book.close()
    report = audit(path)
    assert report.uncalculated == 6
    finding = only(report)
    assert finding.fault == 5
    assert not finding.calculated
    assert [(who.hand_made, who.right) for who in finding.customers] == [("CB1", "CB1≠")]


def test_the_grammar_of_the_settings_decides(tmp_path: Path) -> None:
    grades: list[Row] = [("customer_code", "2017Q1", "2017Q2"), ("01", "B", "A"), ("02", "A", "A")]
    plain = Settings(grammar=GradeGrammar(sizes=("A", "B", "C"), sub_levels=(), typed=False))
    assert audited(tmp_path, plain, Grades=grades, Routes=routes("=VLOOKUP(A{r},Grades!$A:$C,{c},0)", ("01", "02"))).findings == ()


def test_formulas_that_nothing_is_known_of(tmp_path: Path) -> None:
    rows: list[Row] = [("customer_code", "x", "y"), ("01", "=OFFSET(A1,1,1)", '=VLOOKUP(INDIRECT("A2"),Nowhere!A:B,2,0)')]
    report = audited(tmp_path, Odd=rows)
    assert report.findings == ()
    assert report.formulas == 2


@pytest.mark.parametrize("name", ["Sheet name", "一线", "O'Neil"])
def test_sheet_names_in_quotes(name: str, tmp_path: Path) -> None:
    quoted = name.replace("'", "''")
    rows: list[Row] = [("customer_code", "grade"), (123, f"=VLOOKUP(A2,'{quoted}'!A:B,2,0)")]
    sheets: dict[str, Sequence[Row]] = {name: [("customer_code", "grade"), ("123", "CS1")], "Own": rows}
    finding = only(audited(tmp_path, None, **sheets))
    assert (finding.fault, [who.right for who in finding.customers]) == (1, ["CS1"])
