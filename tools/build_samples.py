"""Builds the sample exports under `xlcrm/samples/`: `python -m tools.build_samples [FOLDER OF COMPLETE JOURNEY]`.

300 households of the Complete Journey data become 300 customers on ten routes. Codes, months, quantities, amounts and
grades are the data's; names, people, streets, orders inside December, and follow-ups are invented. The same input gives the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import xlsxwriter

from tools import sample_words as words
from xlcrm.samples import SAMPLE_NAMES
from xlcrm.texts import Language

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT.parent / "shared" / "data" / "completejourney_r1-5"
TARGET = ROOT / "xlcrm" / "samples"
QUARTERS = ("2017Q1", "2017Q2", "2017Q3", "2017Q4")
SEED = 2017
PER_SOURCE_ROUTE = {"steady": 53, "type_changed": 2, "new": 2, "lost": 2, "ungraded": 1}
"""How many households of each kind one source route gives; together 60, dealt onto two sample routes."""


class Dice:
    """Repeatable choices. Built on `Random.random` alone, whose sequence Python promises to keep."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        return int(self._random.random() * limit)

    def one(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer of the sample. `grades` by quarter, blank for none; `months`: month -> (quantity, cents, baskets)."""

    code: str
    number: int
    route: int
    visit_order: int
    source_type: str
    grades: dict[str, str]
    months: dict[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Order:
    """A part of December, with its day and product. Quantity in units, amount in cents."""

    customer: Customer
    day: dt.date
    number: str
    product: str
    quantity: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A contact with a customer; the texts are indexes into the words of both languages."""

    customer: Customer
    day: dt.date
    kind: int
    note: int
    next_action: int
    next_day: dt.date | None


def read(path: Path) -> list[dict[str, str]]:
    """A CSV file as one dict a row."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def situation(grades: dict[str, str]) -> str:
    """What the last quarter shows against the one before."""
    before, now = grades["2017Q3"], grades["2017Q4"]
    if not before and not now:
        return "ungraded"
    if not before or not now:
        return "new" if now else "lost"
    return "steady" if before[:2] == now[:2] else "type_changed"


def evenly(items: Sequence[T], count: int) -> list[T]:
    """`count` items spread evenly over the list."""
    return [items[index * len(items) // count] for index in range(count)]


def choose(source: Path) -> list[Customer]:
    """The 300 customers, in the order of their routes."""
    grades = {row.pop("customer_code"): row for row in read(source / "grades.csv")}
    months: dict[str, dict[str, tuple[int, int, int]]] = {}
    for row in read(source / "purchases_month.csv"):
        cents = round(float(row["amount"]) * 100)
        months.setdefault(row["customer_code"], {})[row["month"]] = (int(row["quantity"]), cents, int(row["baskets"]))
    by_route: dict[int, list[str]] = {}
    for row in read(source / "routes.csv"):
        by_route.setdefault(int(row["route"]), []).append(row["customer_code"])

    customers: list[Customer] = []
    for source_route, codes in sorted(by_route.items()):
        chosen: set[str] = set()
        for kind, count in PER_SOURCE_ROUTE.items():
            alike = [code for code in codes if situation(grades[code]) == kind]
            alike.sort(key=lambda code: (grades[code]["2017Q4"][:2], codes.index(code)))
            chosen |= set(evenly(alike, count))
        in_order = [code for code in codes if code in chosen]
        for half in (0, 1):
            route = source_route + 5 * half
            for place, code in enumerate(in_order[half::2], start=1):
                kinds = [grade[:2] for grade in reversed(grades[code].values()) if grade]
                number = len(customers) + 1
                customers.append(Customer(code, number, route, place, (kinds or ["FR"])[0], grades[code], months.get(code, {})))
    return sorted(customers, key=lambda customer: (customer.route, customer.visit_order))


def orders_of_december(customers: Iterable[Customer], dice: Dice) -> list[Order]:
    """December's totals as single orders with a day, a number and a product. One in 40 has a return among them."""
    days = [dt.date(2017, 12, day) for day in range(1, 31) if dt.date(2017, 12, day).weekday() < 6]
    orders: list[Order] = []
    for customer in customers:
        quantity, cents, baskets = customer.months.get("2017-12", (0, 0, 0))
        if not quantity:
            continue
        parts = max(1, min(baskets, 4, quantity))
        quantities = split(quantity, parts, dice)
        amounts = in_proportion(cents, quantities)
        if dice.below(40) == 0:
            back = 1 + dice.below(3)
            quantities, amounts = [*quantities, -back], [*amounts, -back * 150]
            quantities[0], amounts[0] = quantities[0] + back, amounts[0] + back * 150
        # A return comes last, after what was bought.
        for day, units, amount in zip(sorted(dice.one(days) for _ in quantities), quantities, amounts, strict=True):
            orders.append(Order(customer, day, "", dice.one(words.PRODUCTS)[0], units, amount))
    orders.sort(key=lambda order: (order.day, order.customer.code))
    return [
        Order(o.customer, o.day, f"A1712{number:04d}", o.product, o.quantity, o.amount_cents) for number, o in enumerate(orders, start=1)
    ]


def split(total: int, parts: int, dice: Dice) -> list[int]:
    """A total of at least `parts` as that many parts of at least 1 that add up to it."""
    weights = [1 + dice.below(3) for _ in range(parts)]
    shares = [1 + (total - parts) * weight // sum(weights) for weight in weights]
    shares[-1] += total - sum(shares)
    return shares


def in_proportion(total: int, shares: Sequence[int]) -> list[int]:
    """A total divided like the shares; what rounding leaves goes to the last one."""
    parts = [total * share // sum(shares) for share in shares]
    parts[-1] += total - sum(parts)
    return parts


def follow_ups(customers: Sequence[Customer], dice: Dice) -> list[FollowUp]:
    """Contacts of the last quarter: most customers were seen in the last two weeks of it, one in eight was not, some never."""
    found: list[FollowUp] = []
    for customer in customers:
        fate = dice.below(40)
        if fate == 0:
            continue
        days = [dt.date(2017, 12, 4) - dt.timedelta(days=dice.below(56))]
        if fate > 5:
            days.append(dt.date(2017, 12, 29) - dt.timedelta(days=dice.below(8)))
        if fate > 33:
            days.append(dt.date(2017, 12, 18) - dt.timedelta(days=dice.below(10)))
        for day in sorted(days):
            workday = day - dt.timedelta(days=max(0, day.weekday() - 4))
            due = None if dice.below(12) == 0 else workday + dt.timedelta(days=10 + dice.below(14))
            if due and due.weekday() > 4:
                due += dt.timedelta(days=7 - due.weekday())
            found.append(
                FollowUp(
                    customer, workday, dice.below(len(words.KINDS)), dice.below(len(words.NOTES)), dice.below(len(words.NEXT_ACTIONS)), due
                )
            )
    found.sort(key=lambda one: (one.day, one.customer.route, one.customer.visit_order))
    return found


def shop_names(customers: Sequence[Customer], language: Language) -> dict[str, str]:
    """Code -> invented name, no two alike."""
    firsts = words.FIRST_EN if language == "en" else words.FIRST_ZH
    used: dict[str, int] = {}
    names: dict[str, str] = {}
    for customer in customers:
        kind = words.TYPES[customer.source_type]
        endings = kind.endings_en if language == "en" else kind.endings_zh
        turn = used.get(customer.source_type, 0)
        used[customer.source_type] = turn + 1
        # A stride that shares no factor with the list walks over all of it before it repeats; then the next ending.
        first = firsts[(turn * 37 + customer.number) % len(firsts)]
        ending = endings[turn % len(endings)]
        name = f"{first} {ending}" if language == "en" else first + ending
        while name in names.values():
            first = firsts[(firsts.index(first) + 1) % len(firsts)]
            name = f"{first} {ending}" if language == "en" else first + ending
        names[customer.code] = name
    return names


def person(customer: Customer, language: Language) -> tuple[str, str, str]:
    """Contact, phone and address of a customer, all invented."""
    number = customer.number
    house = 3 + customer.visit_order * 7 % 190 + customer.route
    street = (customer.route + customer.visit_order // 12) % 10
    if language == "en":
        contact = f"{'ABCDEFGHJKLMNPRST'[number * 5 % 17]}. {words.FAMILY_EN[number * 7 % len(words.FAMILY_EN)]}"
        return contact, f"555-0{100 + number}", f"{house} {words.STREETS_EN[street]}"
    contact = words.FAMILY_ZH[number * 7 % len(words.FAMILY_ZH)] + words.GIVEN_ZH[number * 11 % len(words.GIVEN_ZH)]
    return contact, f"13800000{100 + number}", f"{words.STREETS_ZH[street]}{house}号"


def business_type(customer: Customer, language: Language) -> str:
    """The name of the business type, as the routes export spells it."""
    return words.TYPES[customer.source_type].en if language == "en" else words.TYPES[customer.source_type].zh


def grade_text(grade: str) -> str:
    """`FR1` of the source as `CS1` of the sample."""
    return words.TYPES[grade[:2]].letters + grade[2:] if grade else ""


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], encoding: str) -> None:
    """Every cell quoted, as such systems export them: each number is text."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_routes(path: Path, customers: Sequence[Customer], language: Language) -> None:
    """One sheet a route: two merged title rows, an empty one, the header, the customers, a total row."""
    names = shop_names(customers, language)
    book = xlsxwriter.Workbook(path)
    book.set_properties({"title": path.stem, "created": dt.datetime(2018, 1, 2, 8, 0, 0), "author": "xlcrm sample"})
    title = book.add_format({"bold": True, "font_size": 14, "align": "center"})
    plain, head = book.add_format({"align": "center"}), book.add_format({"bold": True, "border": 1, "bg_color": "#D9D9D9"})
    text = book.add_format({"border": 1, "num_format": "@"})
    for route in range(1, 11):
        mine = [customer for customer in customers if customer.route == route]
        place = (route - 1) % 5
        if language == "en":
            header = ("Sequence", "Customer code", "Customer name", "Business type", "Contact", "Phone", "Address", "Account manager")
            sheet = book.add_worksheet(f"Route {route}")
            titles = (f"Customer visit route {route}", f"Visit day {words.BATCHES_EN[place]}, customers {len(mine)}, as of 2018-01-02")
            manager, total = words.MANAGERS_EN[place], ("Total", "", f"{len(mine)} customers")
        else:
            header = ("序号", "客户代码", "客户名称", "业态", "联系人", "联系电话", "经营地址", "客户经理")
            sheet = book.add_worksheet(words.ROUTES_ZH[route - 1])
            titles = (
                f"客户拜访线路表（{words.ROUTES_ZH[route - 1]}）",
                f"访销日 {words.BATCHES_ZH[place]}，共 {len(mine)} 户，截至 2018-01-02",
            )
            manager, total = words.MANAGERS_ZH[place], ("合计", "", f"{len(mine)}户")
        sheet.merge_range(0, 0, 0, len(header) - 1, titles[0], title)
        sheet.merge_range(1, 0, 1, len(header) - 1, titles[1], plain)
        for column, width in enumerate((6, 15, 22, 18, 12, 14, 20, 14)):
            sheet.set_column(column, column, width)
        sheet.write_row(3, 0, header, head)
        for row, customer in enumerate(mine, start=4):
            cells = (customer.code, names[customer.code], business_type(customer, language), *person(customer, language), manager)
            sheet.write_number(row, 0, customer.visit_order, text)
            for column, cell in enumerate(cells, start=1):
                sheet.write_string(row, column, cell, text)
        for column, cell in enumerate(total):
            sheet.write_string(4 + len(mine), column, cell, head)
    book.close()


def write_grades(path: Path, customers: Sequence[Customer], language: Language) -> None:
    """One column a quarter. A few cells are written as people write them, one is no grade at all."""
    names = shop_names(customers, language)
    chinese = ("2017年一季度客户等级", "2017年二季度客户等级", "2017年三季度客户等级", "2017年四季度客户等级")
    header = ("Customer code", "Customer name", *QUARTERS) if language == "en" else ("客户代码", "客户名称", *chinese)
    rows = [[customer.code, names[customer.code], *(grade_text(customer.grades[q]) for q in QUARTERS)] for customer in customers]
    graded = [row for row in rows if all(row[2:])]
    graded[3][5] += " "
    graded[17][4] = graded[17][4].translate(str.maketrans("CSBZYFMXD123", "ＣＳＢＺＹＦＭＸＤ１２３"))
    graded[40][5] = graded[40][5].lower()
    next(row for row in rows if not row[2] and row[3])[2] = "CS9"
    write_csv(path, header, rows, "utf-8" if language == "en" else "gb18030")


def write_months(path: Path, customers: Sequence[Customer], language: Language) -> None:
    """January to November, one row a customer and month; then three rows that cannot be taken as they are."""
    names = shop_names(customers, language)
    rows: list[list[str]] = []
    for customer in customers:
        for month, (quantity, cents, _) in sorted(customer.months.items()):
            if month != "2017-12":
                rows.append([customer.code, names[customer.code], month, f"{quantity:,}", f"{cents / 100:,.2f}"])
    currency = "$" if language == "en" else "￥"
    for row in rows[5::400]:
        row[4] = currency + row[4]
    for row in rows[9::500]:
        row[3] = f" {row[3]} ".translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    quiet = [customer for customer in customers if "2017-10" not in customer.months]
    rows.append([quiet[0].code, names[quiet[0].code], "2017-10", "12 boxes" if language == "en" else "12箱", "96.00"])
    rows.append(["2.70E+08", "", "2017-10", "31", "88.40"])
    rows.append([quiet[1].code, names[quiet[1].code], "2017-13", "7", "25.10"])
    header = ("Customer code", "Customer name", "Month", "Quantity", "Amount")
    write_csv(
        path,
        header if language == "en" else ("客户代码", "客户名称", "月份", "购进量", "购进额"),
        rows,
        "utf-8" if language == "en" else "gb18030",
    )


def write_orders(path: Path, orders: Sequence[Order], language: Language) -> None:
    """December, one row an order."""
    header = ("Order number", "Date", "Customer code", "Product", "Quantity", "Amount")
    rows = [[o.number, o.day.isoformat(), o.customer.code, o.product, f"{o.quantity:,}", f"{o.amount_cents / 100:,.2f}"] for o in orders]
    if language == "zh":
        header = ("订单号", "订单日期", "客户代码", "产品代码", "数量", "金额")
        for row in rows:
            row[1] = row[1].replace("-", "/")
    write_csv(path, header, rows, "utf-8" if language == "en" else "gb18030")


def write_follow_ups(path: Path, found: Sequence[FollowUp], language: Language) -> None:
    """The log that account managers keep."""
    at = 0 if language == "en" else 1
    managers = (words.MANAGERS_EN, words.MANAGERS_ZH)[at]
    header = (
        ("Date", "Customer code", "Kind", "Outcome", "Note", "Next action", "Next date", "Author"),
        ("跟进日期", "客户代码", "跟进方式", "跟进结果", "跟进内容", "下一步", "下次日期", "记录人"),
    )[at]
    rows = [
        [
            one.day.isoformat(),
            one.customer.code,
            words.KINDS[one.kind][at],
            words.NOTES[one.note][at],
            words.NOTES[one.note][2 + at],
            words.NEXT_ACTIONS[one.next_action][at] if one.next_day else "",
            one.next_day.isoformat() if one.next_day else "",
            managers[(one.customer.route - 1) % 5],
        ]
        for one in found
    ]
    write_csv(path, header, rows, "utf-8-sig")


def write_products(path: Path, language: Language) -> None:
    """The products that December's orders name."""
    at = 0 if language == "en" else 1
    header = (("Product code", "Product name", "Category", "Unit"), ("产品代码", "产品名称", "类别", "单位"))[at]
    rows = [(product[0], product[1 + at], product[3 + at], product[5 + at]) for product in words.PRODUCTS]
    write_csv(path, header, rows, "utf-8-sig")


def build(source: Path = SOURCE, target: Path = TARGET) -> list[Path]:
    """Writes the sample exports of both languages and returns their paths."""
    customers = choose(source)
    orders, log = orders_of_december(customers, Dice(SEED)), follow_ups(customers, Dice(SEED + 1))
    written: list[Path] = []
    for language, names in SAMPLE_NAMES.items():
        folder = target / language
        folder.mkdir(parents=True, exist_ok=True)
        paths = {kind: folder / name for kind, name in names.items()}
        write_routes(paths["routes"], customers, language)
        write_grades(paths["grades"], customers, language)
        write_months(paths["months"], customers, language)
        write_orders(paths["orders"], orders, language)
        write_products(paths["products"], language)
        write_follow_ups(paths["follow_ups"], log, language)
        written += paths.values()
    return written


if __name__ == "__main__":
    for path in build(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE):
        print(f"{path.stat().st_size:>9,}  {path.relative_to(ROOT)}")
