"""The tutorial's kind of workbook, built by hand: three exports, lookups, arrows, counted changes, minimums.

`build` writes it without a fault, or with any of the ten faults on customers chosen for it. Nobody has calculated the
result: LibreOffice does that in the tests that need saved values.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

ALL_FAULTS = tuple(range(1, 11))
ROUTES = 10
PER_ROUTE = 4
FIRST_ROW = 3
GRADES = ("CS1", "CS2", "CS3", "CB1", "CB2", "CB3", "CZ1", "CZ2", "CZ3")


@dataclass(frozen=True)
class Customer:
    """A customer as the exports should have it. Codes are text; a grade of None is no row in that quarter's export."""

    code: str
    name: str
    route: int
    earlier: str | None
    current: str | None
    quantity: int
    amount: float


@dataclass(frozen=True)
class Words:
    """The labels of one language."""

    routes: tuple[str, ...]
    sheets: tuple[str, str, str, str, str]  # earlier grades, current grades, purchases, statistics, minimums
    route_headers: tuple[str, ...]
    title: str
    grade_headers: tuple[str, str]
    days: tuple[str, ...]
    directions: tuple[str, str, str]
    grade: str
    total: str
    minimums: tuple[str, str]
    names: tuple[str, ...]
    street: str


ZH = Words(
    routes=tuple(f"{number}线" for number in "一二三四五六七八九十"),
    sheets=("一季度等级", "二季度等级", "购进量与购进额", "等级变动统计表", "最低标准表"),
    route_headers=("序号", "客户代码", "客户名称", "联系人", "联系电话", "地址"),
    title="客户拜访线路表（{}）",
    grade_headers=("2010年一季度客户等级", "2010年二季度客户等级"),
    days=("周一", "周二", "周三", "周四", "周五", "合计"),
    directions=("提升", "保持", "下降"),
    grade="等级",
    total="合计",
    minimums=("最低购进量", "最低购进额"),
    names=("顺发超市", "和平烟酒", "新华便利", "东风商店", "鑫源食品", "永兴百货", "好又多", "利民商行"),
    street="人民路{}号",
)
EN = Words(
    routes=tuple(f"Route {number}" for number in range(1, 11)),
    sheets=("Grades Q1", "Grades Q2", "Purchases", "Change statistics", "Minimums"),
    route_headers=("No.", "Customer code", "Customer name", "Contact", "Phone", "Address"),
    title="Visit route ({})",
    grade_headers=("2010Q1 grade", "2010Q2 grade"),
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Total"),
    directions=("Promoted", "Kept", "Demoted"),
    grade="Grade",
    total="Total",
    minimums=("Min. quantity", "Min. amount"),
    names=("Corner Shop", "Peace Store", "New Market", "East Wind", "Golden Foods", "Evergreen", "Best Buy", "Kind Trade"),
    street="{} Main Street",
)
WORDS = {"zh": ZH, "en": EN}

_EARLIER = ("CS1", "CS2", "CS3", "CB2", "CB3", "CZ1", "CZ2", "CB1")
_CURRENT = ("CS1", "CS1", "CS3", "CB3", "CB2", "CZ1", "CZ3", "CB1")


def clean_customers(words: Words) -> list[Customer]:
    """Forty customers on ten routes, graded in both quarters, nobody changing type."""
    customers = []
    for index in range(ROUTES * PER_ROUTE):
        kind = (index * 3 + index // 8) % 8
        customers.append(
            Customer(
                code=f"0320102{index + 1:05d}", name=f"{words.names[index % 8]}{index + 1}", route=index // PER_ROUTE + 1,
                earlier=_EARLIER[kind], current=_CURRENT[kind],
                quantity=30 + (int(_CURRENT[kind][-1]) * -5) + index * 7 % 13 + 20, amount=1000.5 + index * 37 % 400,
            )
        )  # fmt: skip
    return customers


@dataclass
class Tutorial:
    """What the workbook is built from: the right customers, and what the exports say of them."""

    words: Words
    faults: frozenset[int]
    customers: list[Customer]
    numeric_codes: frozenset[str] = frozenset()
    numeric_on_route: frozenset[str] = frozenset()
    written_grade: dict[tuple[str, str], str | None] = field(default_factory=dict)
    also_on: dict[str, int] = field(default_factory=dict)
    repeated_grade: dict[str, str] = field(default_factory=dict)
    spaced_in_purchases: frozenset[str] = frozenset()

    def cell_code(self, code: str, sheet: str) -> str | int:
        """The code as it stands on that sheet."""
        if code in self.numeric_codes or (sheet == "route" and code in self.numeric_on_route):
            return int(code)
        return f"{code} " if sheet == "purchases" and code in self.spaced_in_purchases else code


def chosen(faults: Collection[int], language: str = "zh") -> Tutorial:
    """The customers and exports with these faults. The position of a customer tells which fault it shows."""
    words = WORDS[language]
    customers = clean_customers(words)
    tutorial = Tutorial(words, frozenset(faults), customers)
    written = tutorial.written_grade

    def change(position: int, **values: object) -> Customer:
        customers[position] = replace(customers[position], **values)  # type: ignore[arg-type] # field names are checked by replace
        return customers[position]

    if 1 in faults:
        tutorial.numeric_on_route = frozenset(change(at, code=f"9320102{at + 1:05d}").code for at in (0, 5))
    if 2 in faults:
        change(1, earlier=None, current="CS2")
        change(9, earlier=None, current="CB3")
    if 3 in faults:
        written[change(2, earlier=None, current="CS2").code, "earlier"] = None
        written[change(6, earlier="CB2", current=None).code, "current"] = None
    if 4 in faults:
        written[change(3, earlier="CS3", current="CS3").code, "current"] = "CS3 "
        tutorial.spaced_in_purchases = frozenset({change(13).code})
    if 5 in faults:
        change(7, earlier="CS1", current="CB1")
        change(11, earlier="CB3", current="CZ2")
    if 6 in faults:
        change(10, earlier="CZ21", current="CZ12")
        change(14, earlier="CZ1", current="CZ12")
    if 9 in faults:
        tutorial.numeric_codes = frozenset(
            change(at, code=code, earlier=earlier, current=current).code
            for at, code, earlier, current in ((16, "320102198800000017", "CS2", "CS1"), (17, "320102198800000018", "CS1", "CS2"))
        )
    if 10 in faults:
        tutorial.also_on[customers[18].code] = 10
        change(18, earlier="CS2", current="CS1")
        tutorial.repeated_grade[change(19, earlier="CB2", current="CB1").code] = "CB3"
    return tutorial


_HEAD = PatternFill("solid", start_color="DDE8F0")
_LINE = Side(style="thin", color="A8B4BE")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def _finish(sheet: Worksheet, header_rows: int, widths: dict[str, int]) -> None:
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.border = _BOX
            cell.alignment = Alignment(horizontal="center", vertical="center")
            if cell.row <= header_rows:
                cell.fill, cell.font = _HEAD, Font(bold=True)


def _title(sheet: Worksheet, title: str, width: int) -> None:
    sheet["A1"] = title
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment(horizontal="center")


def _grade_sheet(book: Workbook, tutorial: Tutorial, quarter: str) -> None:
    words = tutorial.words
    position = 0 if quarter == "earlier" else 1
    sheet = book.create_sheet(words.sheets[position])
    _title(sheet, words.grade_headers[position], 3)
    sheet.append([words.route_headers[1], words.route_headers[2], words.grade_headers[position]])
    for customer in tutorial.customers:
        grade = customer.earlier if quarter == "earlier" else customer.current
        blank = (customer.code, quarter) in tutorial.written_grade
        if grade is None and not blank:
            continue
        code = tutorial.cell_code(customer.code, quarter)
        if quarter == "current" and customer.code in tutorial.repeated_grade:
            sheet.append([code, customer.name, tutorial.repeated_grade[customer.code]])
        sheet.append([code, customer.name, tutorial.written_grade[customer.code, quarter] if blank else grade])
    _finish(sheet, 2, {"A": 22, "B": 18, "C": 24})


def _purchases(book: Workbook, tutorial: Tutorial) -> None:
    words = tutorial.words
    sheet = book.create_sheet(words.sheets[2])
    labels = ("购进量", "购进额") if words is ZH else ("Quantity", "Amount")
    sheet.append([words.route_headers[1], words.route_headers[2], *labels, words.grade])
    for row, customer in enumerate(tutorial.customers, start=2):
        code = tutorial.cell_code(customer.code, "purchases")
        sheet.append([code, customer.name, customer.quantity, customer.amount, f"=VLOOKUP(A{row},'{words.sheets[1]}'!$A:$C,3,0)"])
    _finish(sheet, 1, {"A": 22, "B": 18, "C": 12, "D": 12, "E": 12})


def _route_sheets(book: Workbook, tutorial: Tutorial) -> list[int]:
    words = tutorial.words
    earlier, current, purchases = words.sheets[:3]
    lasts = []
    for route in range(1, ROUTES + 1):
        sheet = book.create_sheet(words.routes[route - 1])
        last_headers = ("等级变动", "购进量", "购进额") if words is ZH else ("Change", "Quantity", "Amount")
        _title(sheet, words.title.format(words.routes[route - 1]), 11)
        sheet.append([*words.route_headers, *words.grade_headers, *last_headers])
        members = [c for c in tutorial.customers if c.route == route or tutorial.also_on.get(c.code) == route]
        for number, customer in enumerate(members, start=1):
            row = FIRST_ROW + number - 1
            sheet.append([
                number, tutorial.cell_code(customer.code, "route"), customer.name, customer.name.split()[0][:6] if words is EN else customer.name[:2], f"1390000{number:04d}", words.street.format(number),
                f"=VLOOKUP($B{row},'{earlier}'!$A:$C,3,0)", f"=VLOOKUP($B{row},'{current}'!$A:$C,3,0)",
                f'=IF(RIGHT(H{row},1)<RIGHT(G{row},1),H{row}&"↑",IF(RIGHT(H{row},1)>RIGHT(G{row},1),H{row}&"↓",H{row}))',
                f"=VLOOKUP($B{row},'{purchases}'!$A:$D,3,0)", f"=VLOOKUP($B{row},'{purchases}'!$A:$D,4,0)",
            ])  # fmt: skip
        lasts.append(FIRST_ROW + len(members) - 1)
        _finish(sheet, 2, {"A": 6, "B": 20, "C": 16, "D": 10, "E": 14, "F": 16, "G": 22, "H": 22, "I": 12, "J": 10, "K": 10})
    return lasts


def stat_grades(tutorial: Tutorial) -> tuple[str, ...]:
    """The rows of the statistics sheet."""
    return (*GRADES, "CZ12") if 6 in tutorial.faults else GRADES


def _statistics(book: Workbook, tutorial: Tutorial, lasts: list[int]) -> None:
    words = tutorial.words
    sheet = book.create_sheet(words.sheets[3])
    _title(sheet, words.sheets[3], 19)
    sheet.append([words.grade, *(label for day in words.days for label in (day, None, None))])
    sheet.append([None, *(direction for _ in words.days for direction in words.directions)])
    for at in range(6):
        sheet.merge_cells(start_row=2, start_column=2 + 3 * at, end_row=2, end_column=4 + 3 * at)
    first = 4
    for row, grade in enumerate(stat_grades(tutorial), start=first):
        cells: list[str] = [grade]
        for day in range(5):
            for mark in ("↑", "", "↓"):
                parts = []
                for route in (day, day + 5):
                    drift = row - first if 8 in tutorial.faults and day == 0 else 0
                    dollar = "" if 8 in tutorial.faults and day == 0 else "$"
                    rows = f"$I{dollar}{FIRST_ROW + drift}:$I{dollar}{lasts[route] + drift}"
                    criterion = f'$A{row}&"{mark}"' if mark else f"$A{row}"
                    parts.append(f"COUNTIF('{words.routes[route]}'!{rows},{criterion})")
                cells.append("=" + "+".join(parts))
        for offset in range(3):
            letters = ["BEHKN", "CFILO", "DGJMP"][0 if 7 in tutorial.faults else offset]
            dollar = "$" if 7 in tutorial.faults else ""
            cells.append("=" + "+".join(f"{dollar}{letter}{row}" for letter in letters))
        sheet.append(cells)
    end = first + len(stat_grades(tutorial)) - 1
    sheet.append([words.total, *(f"=SUM({_letter(at)}{first}:{_letter(at)}{end})" for at in range(2, 20))])
    _finish(sheet, 3, {"A": 10, **{_letter(at): 7 for at in range(2, 20)}})


def _letter(number: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number - 1]


def _minimums(book: Workbook, tutorial: Tutorial) -> None:
    words = tutorial.words
    sheet = book.create_sheet(words.sheets[4])
    _title(sheet, words.sheets[4], 3)
    sheet.append([words.grade, *words.minimums])
    source = words.sheets[2]
    last = len(tutorial.customers) + 1
    for row, grade in enumerate((grade for grade in GRADES if not grade.endswith("3")), start=3):
        quantity = f"=_xlfn.MINIFS('{source}'!$C$2:$C${last},'{source}'!$E$2:$E${last},$A{row})"
        amount = f"=MIN(IF('{source}'!$E$2:$E${last}=$A{row},'{source}'!$D$2:$D${last}))"
        sheet.append([grade, quantity, None])
        sheet[f"C{row}"] = ArrayFormula(f"C{row}", amount)
    _finish(sheet, 2, {"A": 10, "B": 14, "C": 14})


def write(path: Path, tutorial: Tutorial) -> Path:
    """Writes the workbook of that tutorial."""
    book = Workbook()
    active = book.active
    assert active is not None
    book.remove(active)
    _grade_sheet(book, tutorial, "earlier")
    _grade_sheet(book, tutorial, "current")
    _purchases(book, tutorial)
    lasts = _route_sheets(book, tutorial)
    _statistics(book, tutorial, lasts)
    _minimums(book, tutorial)
    book.save(path)
    return path


def build(path: Path, faults: Collection[int] = (), language: str = "zh") -> Tutorial:
    """Writes a workbook with these faults, and returns what it was built from."""
    tutorial = chosen(faults, language)
    write(path, tutorial)
    return tutorial


def write_exports(folder: Path, tutorial: Tutorial) -> list[Path]:
    """The exports that the workbook was made from, a file each: routes, grades of both quarters, purchases; faults of the data included."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = Workbook()
    _grade_sheet(whole, tutorial, "earlier")
    _grade_sheet(whole, tutorial, "current")
    _purchases(whole, tutorial)
    _route_sheets(whole, tutorial)
    words = tutorial.words
    files = {"routes": words.routes, "earlier": words.sheets[:1], "current": words.sheets[1:2], "purchases": words.sheets[2:3]}
    kept_columns = {"routes": 6, "purchases": 4}
    written = []
    for name, sheets in files.items():
        book = Workbook()
        blank = book.active
        assert blank is not None
        book.remove(blank)
        for sheet in sheets:
            target = book.create_sheet(sheet)
            for row in whole[sheet].iter_rows(max_col=kept_columns.get(name), values_only=True):
                target.append(list(row))
        written.append(folder / f"{name}.xlsx")
        book.save(written[-1])
    return written
