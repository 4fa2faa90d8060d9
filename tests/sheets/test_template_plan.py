"""The Visit plan sheet of a template: what follows the day and the visit that was made."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from xlcrm.sheets import places
from xlcrm.sheets.template_build import build
from xlcrm.texts import LANGUAGES, Language


@pytest.fixture(scope="module", params=LANGUAGES)
def sheet(request: pytest.FixtureRequest) -> Worksheet:
    language: Language = request.param
    return openpyxl.load_workbook(io.BytesIO(build(language)))[places.sheet_name("visit_plan", language)]


def looks(sheet: Worksheet, column: str) -> Sequence[tuple[str, bool, str]]:
    """Formula, whether it draws a line above, and the colour of its text, in the order in which a program tries them."""
    rules = [
        rule for cells, found in sheet.conditional_formatting._cf_rules.items() for rule in found if str(cells.sqref).startswith(column)
    ]
    return [
        (rule.formula[0], bool(rule.dxf.border and rule.dxf.border.top and rule.dxf.border.top.style), rule.dxf.font.color.rgb if rule.dxf.font else "")
        for rule in sorted(rules, key=lambda rule: rule.priority)
    ]  # fmt: skip


@pytest.mark.parametrize("column", "BCDEFGHI")
def test_a_line_stands_above_the_first_visit_of_a_day(sheet: Worksheet, column: str) -> None:
    found = looks(sheet, column)
    assert found[-1][:2] == ('AND($B6<>"",$B6<>$B5)', True)
    for formula, line, _ in found if column != "H" else ():  # a grade keeps its mark
        assert line == ("$B6<>$B5" in formula), "every look of a day's first row has the line too"


def test_overdue_is_told_before_done_and_only_by_the_date(sheet: Worksheet) -> None:
    date, name = looks(sheet, "B"), looks(sheet, "G")
    overdue = [formula for formula, _, _ in date if places.AS_OF in formula]
    assert len(overdue) == 2
    assert overdue == [formula for formula, _, _ in date[:2]]
    assert all('$I6=""' in formula for formula in overdue)
    assert not [formula for formula, _, _ in name if places.AS_OF in formula]
    assert [formula for formula, _, _ in name[:2]] == ['AND($B6<>"",$B6<>$B5,$I6<>"")', 'AND($I6<>"")']


def test_a_day_shows_its_weekday_and_a_share_no_sign(sheet: Worksheet) -> None:
    assert sheet["B6"].number_format.endswith(("ddd", "aaaa"))
    headed = {cell.value: cell.column_letter for cell in sheet[places.HEADER_ROW] if cell.value}
    coverage = headed.get("Coverage") or headed["完成率"]
    assert sheet[f"{coverage}6"].style == "crm.computed.share"
    assert "+" not in sheet[f"{coverage}6"].number_format
