"""The handover sheet: what stands in a block, how it breaks over pages, in both languages, with nothing known and with far too much."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcrm.printing.layout import printed_pages
from xlcrm.rules.card import Contact, Task
from xlcrm.settings import Settings
from xlcrm.sheets import handoverpage as sheet
from xlcrm.sheets.handoverpage import HandedCustomer, handover_page, wrapped
from xlcrm.sheets.pages import Page
from xlcrm.sheets.textfit import one_line, width_px
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language

DAY = dt.date(2018, 1, 5)
LONG = "Asked for a discount on the new line, wants to see the display before he decides; competitor offers eight percent until March"
LONG_ZH = "客户要求新品折扣，决定前想先看陈列效果；竞争对手提供八折优惠并免费送货至三月，店主儿子春天接手店铺，需要重新介绍公司政策"


def customer(
    code: str = "001",
    owner: str = "Ana",
    contacts: int = 3,
    tasks: int = 1,
    said: str = "left price list",
    line: dict[str, Any] | None = None,
) -> HandedCustomer:
    known = {
        c.CUSTOMER_CODE: code, c.CUSTOMER_NAME: "Corner Shop", c.ROUTE: "3", c.BATCH: "wed", c.CONTACT: "M. Hart", c.PHONE: "555-0110",
        c.ADDRESS: "12 Mill Lane", c.SHOWN: "CS1↑", c.STATE: c.UP, c.QUANTITY: 196_000, c.AMOUNT: 58_300, c.CHANGE: 0.42,
        c.GAP_QUANTITY: 22_000, c.GAP_AMOUNT: 4_300,
    }  # fmt: skip
    met = [
        Contact(dt.date(2017, 12, 28 - number), ("visit", "call", "return_visit")[number % 3], said, "", None) for number in range(contacts)
    ]
    open_tasks = [Task(DAY, f"{number + 1}: {said}", dt.date(2018, 1, 4 + number), number == 0) for number in range(tasks)]
    return HandedCustomer(known | (line or {}), owner, "Convenience", "2017-12-27", met, open_tasks)


def page(customers: list[HandedCustomer], language: Language = "en", to: str = "Ben") -> Page:
    return handover_page(customers, to, Settings(language=language, company="Acme"), ("2017Q4", "2017Q3"), DAY)


def words(painted: Page, number: int = 0) -> list[list[Any]]:
    return [[cell.value for cell in line.cells if cell.value is not None] for line in list(painted.blocks)[number].lines]


def test_a_block_holds_what_the_new_owner_has_to_know() -> None:
    lines = words(page([customer()]))
    assert lines[0] == [1, "Corner Shop", "CS1↑", 196, 583, 0.42, "22 / 43", "2018-01-04", "Next", "! 1: left price list"]
    assert lines[1] == ["☐", "001", "Convenience", "2017-12-27", "2017-12-28", "visit", "left price list"]
    assert lines[2] == ["M. Hart  555-0110", "Route 3 · Wednesday", "2017-12-27", "call", "left price list"]
    assert lines[3] == ["12 Mill Lane", "2017-12-26", "return visit", "left price list"]
    assert lines[4] == ["Remarks"]


def test_the_head_says_from_whom_to_whom_how_many_and_on_which_routes() -> None:
    painted = page(
        [customer("1"), customer("2", "Zoe", line={c.ROUTE: "12", c.BATCH: "tue"}), customer("3", "", line={c.ROUTE: None, c.BATCH: None})]
    )
    head = [cell.value for line in painted.head for cell in line.cells if cell.value]
    assert head[:4] == [
        "Handover to Ben", "3 customers · 2018-01-05", "From Ana (1), Zoe (1), nobody (1)",
        "Route 3 · Wed: 1     Route 12 · Tue: 1     No route: 1",
    ]  # fmt: skip
    signed = [cell.value for line in painted.foot for cell in line.cells if cell.value]
    assert signed == ["Handed over by: date, signature", "Taken over by Ben: date, signature"]  # three owners sign themselves
    assert next(cell.value for cell in page([customer()]).foot[-1].cells) == "Handed over by Ana: date, signature"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("routes", [1, 12, 40])
def test_every_page_but_the_last_is_full_and_ends_between_blocks(language: Language, routes: int) -> None:
    painted = page([customer(f"{number:03}", line={c.ROUTE: str(number % routes + 1)}) for number in range(42)], language)
    assert {sum(line.height_px for line in block.lines) for block in painted.blocks} == {
        sheet.LINES_PER_BLOCK * painted.blocks[0].lines[0].height_px
    }
    left = sheet.ROOM_PX - sum(line.height_px for line in painted.head) - sheet.BLOCKS_PER_PAGE * sum(
        line.height_px for line in painted.blocks[0].lines
    )  # fmt: skip
    assert 0 <= left < painted.blocks[0].lines[0].height_px  # the next line of a block does not fit any more, nor does the foot
    pages = printed_pages(painted)
    assert len(pages) == -(-42 // sheet.BLOCKS_PER_PAGE)
    assert all(printed.lines[: len(painted.head)] == painted.head for printed in pages)
    assert sum(line.height_px for line in painted.foot) <= sum(
        line.height_px for line in painted.blocks[0].lines
    )  # one place takes it whole


@pytest.mark.parametrize(("language", "said"), [("en", LONG), ("zh", LONG_ZH), ("en", "x" * 900), ("zh", "长" * 900)])
@pytest.mark.parametrize(("contacts", "tasks"), [(0, 0), (1, 0), (1, 1), (3, 1), (9, 6)])
def test_texts_that_are_too_long_stay_in_their_cells(language: Language, said: str, contacts: int, tasks: int) -> None:
    long = dict.fromkeys((c.CUSTOMER_NAME, c.CONTACT, c.ADDRESS, c.PHONE, c.ROUTE, c.CUSTOMER_CODE), said)
    painted = page([customer(contacts=contacts, tasks=tasks, said=said, owner=said, line={c.AMOUNT: 10**12, **long})], language, to=said)
    for line in [*painted.head, *painted.blocks[0].lines, *painted.foot]:
        assert sum(cell.span for cell in line.cells if cell.span) <= len(sheet.COLUMN_WIDTHS_PX)
        for cell in line.cells:
            if isinstance(cell.value, str):
                size, bold = sizes(cell.style)
                room = sum(sheet.COLUMN_WIDTHS_PX[cell.column : cell.column + cell.span])
                assert width_px(cell.value, size, bold) <= room, cell
    assert len(painted.blocks[0].lines) == sheet.LINES_PER_BLOCK
    assert len(painted.sheet_name) <= 31


def sizes(style: str) -> tuple[float, bool]:
    from xlcrm.sheets.styles import STYLES

    return STYLES[style].size, STYLES[style].bold


def test_a_note_takes_the_lines_that_are_left() -> None:
    lines = words(page([customer(contacts=1, tasks=0, said=LONG)]))
    told = " ".join(line[-1] for line in lines if line[-1] not in ("12 Mill Lane", "Remarks"))
    assert LONG in told.replace("  ", " ")
    crowded = words(page([customer(contacts=3, tasks=2, said=LONG)]))
    assert all(line[-1].endswith("…") for line in crowded)


def test_many_open_tasks_are_counted() -> None:
    lines = words(page([customer(contacts=1, tasks=4, said="bring samples")]))
    assert lines[0][-1] == "! 1: bring samples"
    assert lines[1][-1] == "2: bring samples (+2 more)"


def test_of_a_customer_of_whom_nothing_is_known_the_block_says_so() -> None:
    painted = handover_page([HandedCustomer({c.CUSTOMER_CODE: "001"}, "", "", "", [], [])], "Ben", Settings(), None, DAY)
    lines = words(painted)
    assert lines[0][:4] == [1, "001", "–", "–"]
    assert "no follow-up yet" in lines[0]
    assert painted.footer_left == "xlcrm · handed over 2018-01-05"


@given(st.text(max_size=300), st.floats(20, 400), st.integers(1, 6), st.booleans())
def test_a_broken_text_is_the_same_text_and_fits(written: str, px: float, lines: int, bold: bool) -> None:
    parts = wrapped(written, px, lines, bold)
    assert 1 <= len(parts) <= lines
    assert all(width_px(part, bold=bold) <= px for part in parts)
    if not parts[-1].endswith("…"):
        assert "".join("".join(parts).split()) == "".join(one_line(written).split())
