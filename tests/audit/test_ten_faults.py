"""Each of the ten faults: the hand-made formula's wrong result as LibreOffice calculates it, beside xlcrm's right one, and the audit's finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.by_xlcrm import RightResult, right_result
from tests.audit.tutorial_workbook import ALL_FAULTS, FIRST_ROW, GRADES, PER_ROUTE, ZH, Customer, Tutorial, chosen
from tests.support_libreoffice import Recalculated
from xlcrm.audit import AuditReport, Finding, audit

STATISTICS = ZH.sheets[3]


class Case:
    """One fault's workbook, calculated, and what xlcrm makes of its exports."""

    def __init__(self, calculated: Recalculated, tutorial: Tutorial, right: RightResult) -> None:
        self.calculated, self.tutorial, self.right = calculated, tutorial, right
        self.report: AuditReport = audit(calculated.path)

    def customer(self, position: int) -> Customer:
        return self.tutorial.customers[position]

    def hand_made(self, position: int, column: str) -> object:
        """A cell of the row that a customer has on the own route's sheet."""
        sheet = ZH.routes[position // PER_ROUTE]
        return self.calculated.value(sheet, f"{column}{FIRST_ROW + position % PER_ROUTE}")

    def counted(self, cell: str) -> object:
        return self.calculated.value(STATISTICS, cell)

    def finding(self, fault: int) -> Finding:
        """The first finding of that fault."""
        return next(finding for finding in self.report.findings if finding.fault == fault)

    def people(self, fault: int) -> dict[str, tuple[str, str]]:
        """Everyone the findings of a fault name: code -> (hand-made, right) of the last one."""
        return {
            who.code: (who.hand_made, who.right) for finding in self.report.findings if finding.fault == fault for who in finding.customers
        }


@pytest.fixture
def case(
    request: pytest.FixtureRequest, calculated: dict[str, Recalculated], built: dict[str, tuple[Path, Tutorial]], tmp_path: Path
) -> Case:
    name = f"fault_{request.param}"
    tutorial = built[name][1]
    return Case(calculated[name], tutorial, right_result(tmp_path, tutorial))


def of_fault(fault: int) -> pytest.MarkDecorator:
    """The test gets that fault's workbook as `case`."""
    return pytest.mark.parametrize("case", [fault], indirect=True, ids=[f"fault-{fault}"])


@of_fault(1)
def test_1_text_codes_against_numeric_codes(case: Case) -> None:
    for position in (0, 5):
        customer = case.customer(position)
        assert case.hand_made(position, "G") == "#N/A"
        assert case.right.shown(customer.code) == customer.current
        assert case.people(1)[customer.code][0] == "#N/A"
    assert case.finding(1).hand_made == 38
    assert case.finding(1).right == 40
    assert case.finding(1).formula.startswith("=VLOOKUP(")


@of_fault(2)
def test_2_customers_with_not_available_vanish(case: Case) -> None:
    grades_total = sum(int(str(case.counted(f"{column}13"))) for column in "QRS")
    assert grades_total == 38
    assert case.right.total("total_up", "total_kept", "total_down", "new", "type_changed") == 40
    for position, shown in ((1, "CS2○"), (9, "CB3○")):
        customer = case.customer(position)
        assert case.hand_made(position, "I") == "#N/A"
        assert case.right.state(customer.code) == "new"
        assert case.people(2)[customer.code] == ("#N/A", shown)
    assert (case.finding(2).hand_made, case.finding(2).right) == (38, 40)


@of_fault(3)
def test_3_blank_grades_count_as_changes(case: Case) -> None:
    without_earlier, without_current = case.customer(2), case.customer(6)
    assert case.hand_made(2, "I") == "CS2↓"
    assert case.right.state(without_earlier.code) == "new"
    assert case.hand_made(6, "I") == "0↑"
    assert case.right.state(without_current.code) == "lost"
    assert case.people(3) == {without_earlier.code: ("CS2↓", "CS2○"), without_current.code: ("0↑", "CB2×")}


@of_fault(4)
def test_4_a_blank_at_the_end_counts_as_promoted_then_not_at_all(case: Case) -> None:
    customer = case.customer(3)
    assert case.hand_made(3, "I") == "CS3 ↑"
    in_its_row = [case.counted(f"{column}6") for column in "BCDEFGHIJKLMNOP"]
    assert (
        sum(int(str(count)) for count in in_its_row)
        == case.right.statistic("CS3", "total_up") + case.right.statistic("CS3", "total_kept") - 1
    )
    assert case.right.state(customer.code) == "kept"
    assert case.people(4)[customer.code] == ("CS3 ↑", "CS3")
    assert case.hand_made(13, "J") == "#N/A", "a blank behind the code of the export"
    assert case.customer(13).code in case.people(4)


@of_fault(5)
def test_5_a_type_change_counts_as_kept(case: Case) -> None:
    customer = case.customer(7)
    assert case.hand_made(7, "I") == "CB1"
    assert case.right.state(customer.code) == "type_changed"
    assert case.right.shown(customer.code) == "CB1≠"
    assert case.people(5)[customer.code] == ("CB1", "CB1≠")
    assert set(case.people(5)) == {customer.code, case.customer(11).code}


@of_fault(6)
def test_6_last_characters_of_sub_levels(case: Case) -> None:
    better_size, same_size = case.customer(10), case.customer(14)
    assert case.hand_made(10, "I") == "CZ12↓"
    assert case.right.state(better_size.code) == "up"
    assert case.hand_made(14, "I") == "CZ12↓"
    assert case.right.state(same_size.code) == "kept"
    assert case.people(6) == {better_size.code: ("CZ12↓", "CZ12↑"), same_size.code: ("CZ12↓", "CZ12")}


@of_fault(7)
def test_7_the_promoted_total_three_times(case: Case) -> None:
    for row, grade in ((4, "CS1"), (6, "CS3"), (9, "CB3")):
        promoted, kept, demoted = (case.counted(f"{column}{row}") for column in "QRS")
        assert promoted == kept == demoted == case.right.statistic(grade, "total_up")
    assert case.counted("R6") != case.right.statistic("CS3", "total_kept")
    finding = case.finding(7)
    assert "R6" in finding.cells
    assert "S9" in finding.cells
    missed = 0
    for grade in GRADES:
        promoted = case.right.statistic(grade, "total_up")
        missed += sum(count for column in ("total_kept", "total_down") if (count := case.right.statistic(grade, column)) != promoted)
    assert finding.right == missed
    assert len(finding.customers) == missed


@of_fault(8)
def test_8_a_drifting_range_loses_the_first_customers(case: Case) -> None:
    assert case.counted("D12") == 0
    assert case.right.statistic("CZ3", "mon_down") == 2
    assert case.counted("D9") == 0
    assert case.right.statistic("CB3", "mon_down") == 1
    finding = case.finding(8)
    assert finding.cells == "B8, D9, D12"
    assert {who.code for who in finding.customers} == {case.customer(position).code for position in (1, 2, 20, 22)}
    assert (finding.hand_made, finding.right) == (0, 4)


@of_fault(9)
def test_9_long_codes_lose_digits(case: Case, tmp_path: Path) -> None:
    assert case.hand_made(16, "B") == case.hand_made(17, "B"), "two customers, one number"
    assert case.hand_made(17, "I") == "CS1↑", "the first one's grades"
    damaged = [problem for problem in case.right.problems if problem.code == "code_damaged"]
    assert len(damaged) == 8, "two codes in each of four exports are problem rows, none joins a customer"
    as_text = chosen({9})
    as_text.numeric_codes = frozenset()
    right = right_result(tmp_path / "text", as_text)
    assert not right.problems
    assert right.shown(case.customer(16).code) == "CS1↑"
    assert right.shown(case.customer(17).code) == "CS2↓"
    names = {who.name for finding in case.report.findings for who in finding.customers if finding.fault == 9}
    assert names == {case.customer(16).name, case.customer(17).name}
    columns = next(finding for finding in case.report.findings if finding.hand_made is not None)
    assert (columns.hand_made, columns.right) == (1, 2)


@of_fault(10)
def test_10_twice_on_routes_and_twice_in_an_export(case: Case) -> None:
    on_two, twice = case.customer(18), case.customer(19)
    assert sum(int(str(case.counted(f"{column}13"))) for column in "QRS") == 41
    assert case.right.total("total_up", "total_kept", "total_down", "new", "type_changed") == 40
    assert case.hand_made(19, "H") == "CB3", "the first match, silently"
    assert {problem.code for problem in case.right.problems} == {"two_routes", "duplicate_row"}
    people = case.people(10)
    assert people[on_two.code] == ("×2", "×1")
    assert people[twice.code] == ("CB3", "CB3 / CB1")
    counted = next(finding for finding in case.report.findings if finding.hand_made is not None)
    assert (counted.hand_made, counted.right) == (41, 40)


EXPECTED = {1: {1, 2}, **{fault: {fault} for fault in ALL_FAULTS[1:]}}


@pytest.mark.parametrize("fault", ALL_FAULTS)
def test_saved_values_or_none_the_verdict_is_the_same(
    fault: int, built: dict[str, tuple[Path, Tutorial]], calculated: dict[str, Recalculated]
) -> None:
    name = f"fault_{fault}"
    worked_out, saved = audit(built[name][0]), audit(calculated[name].path)
    assert {finding.fault for finding in saved.findings} == EXPECTED[fault]
    assert [(f.fault, f.cells, f.customers, f.hand_made, f.right) for f in worked_out.findings] == [
        (f.fault, f.cells, f.customers, f.hand_made, f.right) for f in saved.findings
    ]
    assert all(finding.calculated for finding in saved.findings)
    assert saved.uncalculated == 0


@pytest.mark.parametrize("name", ["all", "all_en"])
def test_all_ten_in_one_workbook(name: str, calculated: dict[str, Recalculated]) -> None:
    assert {finding.fault for finding in audit(calculated[name].path).findings} == set(ALL_FAULTS)


@pytest.mark.parametrize("name", ["clean", "clean_en"])
def test_a_clean_workbook_has_no_findings(name: str, calculated: dict[str, Recalculated], built: dict[str, tuple[Path, Tutorial]]) -> None:
    report = audit(calculated[name].path)
    assert report.findings == ()
    assert report.formulas > 400
    assert audit(built[name][0]).findings == ()
