"""The customer card from a workbook: what stands on it, that it is one page whatever a customer has, and the way along a route."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from pypdf import PdfReader

from xlcrm.imports.textsheet import TextSheet, frame_of_rows
from xlcrm.jobs.cardprint import print_card
from xlcrm.jobs.cards import card_of
from xlcrm.jobs.cardsheet import beside, show_card
from xlcrm.jobs.cardtext import card_lines
from xlcrm.jobs.importing import import_sheets
from xlcrm.jobs.quarter import close_quarter
from xlcrm.jobs.searching import customer_of
from xlcrm.printing.layout import paper_of, printed_pages
from xlcrm.problems import CannotDo
from xlcrm.rules.card import NO_FINDINGS, Card
from xlcrm.sheets import cardlists
from xlcrm.sheets.cardpage import card_page
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.pages import Page, PageCell
from xlcrm.sheets.textfit import ELLIPSIS
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language, text

DAY = dt.date(2018, 1, 5)
Rows = Sequence[Sequence[object]]

CUSTOMERS: Rows = [
    ["customer_code", "customer_name", "business_type", "route", "visit_order", "contact", "phone", "Shelf metres", "Empty"],
    ["01", "One", "CS", "1", "2", "Ann", "13800001580", "12", None],
    ["02", "Two", "CS", "1", "1", None, None, None, None],
    ["03", "Three", "CS", "1", None, None, None, None, None],
    ["04", "Four", "CB", "2", None, None, None, None, None],
    ["05", "New", "CS", "1", "3", None, None, None, None],
    ["06", "Nowhere", "CS", None, None, None, None, None, None],
    ["07", "永兴便利店", "CS", "1", None, "李敏", None, None, None],
]  # fmt: skip
GRADES: Rows = [
    ["customer_code", "2017Q2", "2017Q3", "2017Q4"],
    ["01", "CS2", "CS1", "CS2"],
    ["02", "CS1", "CS1", "CS1"],
    ["03", "CS2", "CS2", None],
    ["05", None, None, "CS2"],
]
PURCHASES: Rows = [
    ["customer_code", "date", "product_code", "quantity", "amount"],
    ["01", "2017-05-02", "P1", "30", "300.00"], ["01", "2017-08-02", "P1", "40", "400.00"], ["01", "2017-08-03", "P2", "8", "90.00"],
    ["01", "2017-10-02", "P1", "20", "200.00"], ["01", "2017-12-02", "P3", "6", "60.00"],
    ["02", "2017-05-02", "P1", "50", "500.00"], ["02", "2017-10-02", "P2", "50", "500.00"],
    ["03", "2017-05-02", "P4", "5", "50.00"],
    ["05", "2017-12-02", "P1", "4", "44.00"],
]  # fmt: skip
PRODUCTS: Rows = [["product_code", "product_name"], ["P1", "Tea"], ["P2", "Rice"], ["P4", "Wine"]]
FOLLOW_UPS: Rows = [
    ["customer_code", "date", "kind", "outcome", "note", "next_action", "next_action_on", "author"],
    ["01", "2017-11-02", "visit", "interested", "wants a display", "display", "2017-11-20", "Lee"],
    ["01", "2017-12-20", "call", None, "stock is high", "order", "2018-01-02", "Lee"],
    ["03", "2018-01-04", "visit", None, "closed for good", None, None, "Lee"],
]


def book_of(folder: Path, *exports: Rows, language: Language = "en") -> FileStore:
    store = FileStore.create(folder / "book.xlsx", language)
    sheets = [TextSheet("book.xlsx", f"export {number}", frame_of_rows(rows)) for number, rows in enumerate(exports)]
    report = import_sheets(store, "book.xlsx", sheets)
    assert not report.problems, report.problems
    return FileStore.open(folder / "book.xlsx")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> FileStore:
    folder = tmp_path_factory.mktemp("cards")
    made = book_of(folder, CUSTOMERS, GRADES, PURCHASES, PRODUCTS, FOLLOW_UPS)
    close_quarter(made, "2017Q4", "2017Q3", as_of=DAY)
    return FileStore.open(folder / "book.xlsx")


def test_a_card_says_what_the_tables_say(store: FileStore) -> None:
    card = card_of(store, "01", DAY)
    assert (card.name, card.quarter, card.previous) == ("One", "2017Q4", "2017Q3")
    assert [(each.quarter, each.shown, each.quantity, each.amount) for each in card.history] == [
        ("2017Q2", "CS2", 30_000, 30_000),  # no grades of the quarter before: nothing is said of a change
        ("2017Q3", "CS1↑", 48_000, 49_000),
        ("2017Q4", "CS2↓", 26_000, 26_000),
    ]
    assert card.line[c.GAP_QUANTITY] == 24_000
    assert dict(card.profile)["Contact"] == "Ann  138 0000 1580"
    assert card.own_columns == [("Shelf metres", "12"), ("Empty", "")]
    assert [(each.name, each.quantity, each.change) for each in card.products] == [
        ("Tea", 20_000, -0.5), ("Rice", 0, -1.0), ("P3", 6_000, None)
    ]  # fmt: skip
    assert [(each.date.isoformat(), each.kind, each.said) for each in card.contacts] == [
        ("2017-12-20", "call", "stock is high"), ("2017-11-02", "visit", "interested · wants a display")
    ]  # fmt: skip
    assert [(each.what, each.overdue) for each in card.tasks] == [("order", True)]
    assert card.warnings[0].reason == "next_action"
    assert card.warnings[0].days_overdue == 3
    assert card.why == [
        "CS2: taken from the export as it stands",
        "CS2 from 4 / 44, CS1 from 50 / 500",
        "Grades row 12 · CS2; purchases: 2",
    ]
    assert card.similar == []


def test_a_lost_customer_keeps_its_history_and_has_no_grade(store: FileStore) -> None:
    card = card_of(store, "03", DAY)
    assert [each.shown for each in card.history] == ["CS2", "CS2", "CS2×"]
    assert card.why == ["no grade in 2017 Q4", "CS2 in 2017 Q3"]
    assert card.products == []


def test_a_new_customer_sees_its_nearest_and_what_they_buy(store: FileStore) -> None:
    card = card_of(store, "05", DAY)
    assert [(each.name, each.products) for each in card.similar] == [("Three", ["Wine"]), ("One", ["Rice", "P3"]), ("Two", ["Rice"])]


def test_an_earlier_agreement_that_a_later_one_overtook_is_still_a_warning(tmp_path: Path) -> None:
    rows: Rows = [
        ["customer_code", "date", "kind", "next_action", "next_action_on"],
        ["02", "2017-12-20", "visit", "display", "2018-01-02"], ["02", "2017-12-28", "call", "order", "2018-02-01"],
    ]  # fmt: skip
    card = card_of(book_of(tmp_path, CUSTOMERS, rows), "02", DAY)
    assert [(each.words, each.days_overdue) for each in card.warnings if each.reason == "next_action"] == [("agreed: display", 3)]


def test_an_unknown_code_is_refused(store: FileStore) -> None:
    with pytest.raises(CannotDo) as refused:
        card_of(store, "99", DAY)
    assert refused.value.problem.code == "unknown_customer"


def test_a_customer_with_nothing_has_a_card(tmp_path: Path) -> None:
    store = book_of(tmp_path, CUSTOMERS)
    card = card_of(store, "06", DAY)
    assert card.quarter == "2018Q1"
    assert [each.shown for each in card.history] == ["–"]
    assert printed_pages(card_page(card, store.settings(), DAY))[0].pages == 1
    assert card_lines(card, store.settings())


# --- One page, whatever a customer has.


def cells(page: Page) -> list[PageCell]:
    return [cell for block in page.blocks for line in block.lines for cell in line.cells]


def texts(page: Page) -> list[str]:
    return [str(cell.value) for cell in cells(page) if cell.value not in (None, "")]


LONG: dict[Language, str] = {
    "en": "Agreed on two more facings at the entrance and a tasting on every second Saturday until Easter ",
    "zh": "店主同意在门口增加两个陈列面并且每隔一个星期六举办一次品尝活动直到春节结束以后再商量",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_customer_of_200_follow_ups_and_12_columns_of_its_own_is_one_page(tmp_path: Path, language: Language) -> None:
    long = LONG[language] * 3
    own = [f"{'自定义列' if language == 'zh' else 'Own column'} {number}" for number in range(12)]
    customers: Rows = [
        ["customer_code", "customer_name", "route", "contact", "address", "business_type", *own],
        ["000123456789012345", long, "1", long, long, long, *([long] * 12)],
    ]
    products: Rows = [["product_code", "product_name"], *([f"P{number}", long] for number in range(9))]
    purchases: Rows = [
        ["customer_code", "date", "product_code", "quantity", "amount"],
        *(["000123456789012345", f"2017-{1 + number % 12:02}-03", f"P{number % 9}", "1234567", "99999999.99"] for number in range(60)),
    ]
    follow_ups: Rows = [
        ["customer_code", "date", "kind", "outcome", "note", "next_action", "next_action_on"],
        *(
            ["000123456789012345", (DAY - dt.timedelta(days=2 * number)).isoformat(), "return visit", long, long, long, "2018-03-01"]
            for number in range(200)
        ),
    ]
    grades: Rows = [["customer_code", "2017Q1", "2017Q2", "2017Q3", "2017Q4"], ["000123456789012345", "CS1", "CS2", "CS3", "CS1"]]
    store = book_of(tmp_path, customers, products, purchases, follow_ups, grades, language=language)
    store = analysed(store, "000123456789012345")
    card = card_of(store, "000123456789012345", DAY)
    page = card_page(card, store.settings(), DAY)
    assert printed_pages(page)[0].pages == 1
    assert paper_of(page).scale == 1.0  # nothing is made smaller
    shown = texts(page)
    begin = long[:6]
    assert all(word.endswith(ELLIPSIS) for word in shown if begin in word)  # what is cut says so
    assert sum(begin in word for word in shown) > 15
    rest = next(cell for cell in cells(page) if str(cell.value).startswith(text("card.more_columns", language, count=5 + 12 - 9)))
    assert rest.column == 0
    assert text("card.more_contacts", language, count=200 - (cardlists.LIST_LINES - 1 - 1 - 6 - 4 - cardlists.LEAST_WRITING)) in shown
    assert text("card.more_tasks", language, count=197) in shown
    print_card(store, "000123456789012345", tmp_path / "card.pdf", DAY)
    assert len(PdfReader(tmp_path / "card.pdf").pages) == 1


def test_every_card_has_the_same_rows(store: FileStore) -> None:
    """What stands beside the page on its sheet stays in its row."""
    settings = store.settings()
    shapes = {
        tuple(line.height_px for block in card_page(card, settings, DAY).blocks for line in block.lines)
        for card in (None, *(card_of(store, code, DAY) for code in ("01", "03", "05", "06")))
    }
    assert len(shapes) == 1


# --- What the last analysis left.


ANALYSED: dict[str, dict[str, list[object]]] = {
    "stages": {c.STAGE: ["sustained"], c.SINCE: ["2017Q2"]},
    "rfm": {c.SEGMENT: ["potential_loyal"]},
    "activity": {c.NEXT_PURCHASE: [dt.date(2017, 12, 28)], c.PROBABILITY: [0.37]},
    "warnings": {
        c.LEVEL: [2], c.PROBABILITY: [0.37], c.SIGNALS: ["amount_down, order_cycle_longer"], c.ACTION: ["Visit and ask."],
        c.REASONS: ["Amount 1.00 after 9.00"],
    },
    "suggestions": {
        c.PRODUCT_CODE: ["P2", "P4", "P9"], c.ANTECEDENT: ["P1", "P1 + P3", "P3"], c.CONFIDENCE: [0.62, 0.5, 0.4], c.LIFT: [2.13, 1.5, 1.2],
    },
}  # fmt: skip


def analysed(store: FileStore, code: str, only: Sequence[str] = tuple(ANALYSED)) -> FileStore:
    """The workbook with result tables of one customer, as a run of the analysis leaves them."""
    tables = {}
    for table_id in only:
        columns = ANALYSED[table_id]
        rows = len(next(iter(columns.values())))
        tables[table_id] = pl.DataFrame({c.CUSTOMER_CODE: [code] * rows, **columns})
    store.save(WorkbookChanges(tables=tables))
    return FileStore.open(store.path)


def test_a_card_shows_what_the_last_analysis_found(tmp_path: Path) -> None:
    store = analysed(book_of(tmp_path, CUSTOMERS, GRADES, PURCHASES, PRODUCTS, FOLLOW_UPS), "01")
    card = card_of(store, "01", DAY)
    shown, said = texts(card_page(card, store.settings(), DAY)), "\n".join(card_lines(card, store.settings()))
    for words in (
        "Sustained development, 2017 Q2",
        "Potential loyal",
        "Warning, level 2",
        "Visit and ask.",
        "Buys less, Longer order cycle",
    ):
        assert words in shown
        assert words in said
    for words in ("2017-12-28 (late) · 37%", "Offer Rice", "takes Tea", "62% take it too · lift 2.1", "takes Tea + P3", "Offer P9"):
        assert words in shown
    for words in ("2017-12-28 (late)", "37%", "Amount 1.00 after 9.00", "Offer Wine", "50% take it too · lift 1.5"):
        assert words in said
    assert card_of(store, "02", DAY).findings == NO_FINDINGS


def test_without_an_analysis_nothing_is_said_of_one(store: FileStore) -> None:
    card = card_of(store, "01", DAY)
    assert card.findings == NO_FINDINGS
    assert text("card.findings", "en") not in texts(card_page(card, store.settings(), DAY))
    assert text("card.findings", "en") not in card_lines(card, store.settings())


def test_a_customer_that_is_not_warned_has_no_line_of_signals(tmp_path: Path) -> None:
    store = analysed(book_of(tmp_path, CUSTOMERS), "02", ("stages",))
    shown = texts(card_page(card_of(store, "02", DAY), store.settings(), DAY))
    assert text("card.warning_none", "en") in shown
    assert not any("Offer" in words or "level" in words for words in shown)


def test_a_workbook_without_the_tables_of_an_analysis_has_cards(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """One made by an earlier version."""
    monkeypatch.setattr(FileStore, "has", lambda self, table_id: table_id not in ANALYSED)
    assert card_of(store, "01", DAY).findings == NO_FINDINGS


def test_all_lists_at_once_leave_room_for_the_last_follow_up(tmp_path: Path) -> None:
    """A new customer with everything: suggestions and similar customers give way, a follow-up and lines to write on are there."""
    agreed: Rows = [["customer_code", "date", "kind", "note", "next_action", "next_action_on"],
                    *(["05", f"2018-01-0{day}", "visit", f"said {day}", f"do {day}", "2018-02-01"] for day in range(1, 6))]  # fmt: skip
    store = analysed(book_of(tmp_path, CUSTOMERS, GRADES, PURCHASES, PRODUCTS, agreed), "05")
    card = card_of(store, "05", DAY)
    assert len(card.similar) == 3
    assert len(card.tasks) > 3
    page = card_page(card, store.settings(), DAY)
    shown = texts(page)
    assert "said 5" in shown
    assert sum(word.startswith("Offer") for word in shown) == 1
    assert sum(cell.style == "crm.write" for cell in cells(page)) == 4 * cardlists.LEAST_WRITING
    assert printed_pages(page)[0].pages == 1
    assert paper_of(page).scale == 1.0


# --- In the terminal.


def test_the_terminal_shows_the_same(store: FileStore) -> None:
    lines = card_lines(card_of(store, "01", DAY), store.settings())
    said = "\n".join(lines)
    for words in (
        "One    Customer card · 2017 Q4",
        "CS2↓",
        "Shelf metres",
        "agreed: order (3 days overdue)",
        "Tea",
        "−50%",
        "wants a display",
    ):
        assert words in said
    assert "▅█▅" in said


@pytest.mark.parametrize(
    ("typed", "code"),
    [("01", "01"), ("Three", "03"), ("ann", "01"), ("yxbld", "07"), ("兴便", "07"), ("1580", "01"), ("07  永兴便利店", "07")],
)
def test_a_customer_is_found_by_more_than_its_code(store: FileStore, typed: str, code: str) -> None:
    if typed == "yxbld":
        pytest.importorskip("pypinyin")
    assert customer_of(store, typed) == code


@pytest.mark.parametrize(
    ("typed", "problem", "names"),
    [
        ("o", "customer_ambiguous", "01 One"),
        ("Threw", "customer_not_found_similar", "03 Three"),
        ("zzzzzz", "customer_not_found", "zzzzzz"),
    ],
)
def test_a_search_that_names_nobody_or_several_says_whom(store: FileStore, typed: str, problem: str, names: str) -> None:
    with pytest.raises(CannotDo) as refused:
        customer_of(store, typed)
    assert refused.value.problem.code == problem
    assert names in refused.value.problem.line("en")


# --- Along the route.


def test_the_way_along_a_route_is_that_of_the_route_sheet(store: FileStore) -> None:
    """By visit order, those without one last, by code."""
    way = ["02", "01", "05", "03", "07"]
    for place, code in enumerate(way):
        after, before = beside(store, code, 1), beside(store, code, -1)
        assert after.code == way[(place + 1) % len(way)]
        assert before.code == way[place - 1]
        assert after.turned == (code == "07")
        assert before.turned == (code == "02")
        assert (after.place, after.stops, after.route) == ((place + 1) % len(way) + 1, len(way), "1")
    sheets = [name for name in store.page_ids() if name == "route:1"]
    assert sheets == ["route:1"]
    assert beside(store, "04", 1) == beside(store, "04", -1)


def test_a_customer_without_a_route_has_no_next_one(store: FileStore) -> None:
    with pytest.raises(CannotDo) as refused:
        beside(store, "06", 1)
    assert refused.value.problem.code == "customer_without_route"


def test_a_painted_card_changes_nothing_but_its_sheet(tmp_path: Path) -> None:
    store = book_of(tmp_path, CUSTOMERS, GRADES, PURCHASES)
    before = {table: store.read(table).frame for table in ("customers", "grades", "purchases")}
    shown: Card = show_card(store, "01", DAY)
    assert shown.code == "01"
    after = FileStore.open(store.path)
    for table, frame in before.items():
        assert isinstance(frame, pl.DataFrame)
        assert after.read(table).frame.equals(frame)


@pytest.mark.parametrize(("language", "named"), [("en", "(no product)"), ("zh", "（未注明产品）")])
def test_what_was_bought_without_a_product_stands_beside_the_products(tmp_path: Path, language: Language, named: str) -> None:
    without: Rows = [*PURCHASES[:1], ["01", "2017-08-02", "P1", "40", "400.00"], ["01", "2017-10-02", None, "35", "350.00"]]
    book = book_of(tmp_path, CUSTOMERS, GRADES, without, PRODUCTS, language=language)
    close_quarter(book, "2017Q4", "2017Q3", as_of=DAY)
    products = card_of(FileStore.open(book.path), "01", as_of=DAY).products
    assert [(each.name, each.quantity, each.change) for each in products] == [("Tea", 0, -1.0), (named, 35_000, None)]


def test_where_no_product_is_named_there_is_no_list_of_products(tmp_path: Path) -> None:
    nameless: Rows = [[*line[:2], None if number else "product_code", *line[3:]] for number, line in enumerate(PURCHASES)]
    book = book_of(tmp_path, CUSTOMERS, GRADES, nameless)
    assert card_of(FileStore.open(book.path), "01", as_of=DAY).products == []
