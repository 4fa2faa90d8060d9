"""The handover sheet: one block a customer with what the new owner has to know, signed by both at the end.

Every block has the same height, and the height of a line is chosen so that a full page has less than one line left: it ends between
blocks even in a program that ignores manual breaks.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlcrm.rules.card import Contact, Task
from xlcrm.settings import Settings
from xlcrm.sheets import pagewords as words
from xlcrm.sheets import places
from xlcrm.sheets.pages import CellValue, Page, PageBlock, PageCell, PageLine
from xlcrm.sheets.pagewords import NOTHING
from xlcrm.sheets.textfit import one_line, shorten, width_px
from xlcrm.tables import columns as c
from xlcrm.texts import Language, has, text

COLUMN_WIDTHS_PX = (26, 164, 62, 54, 64, 64, 82, 8, 80, 84, 292)
NUMBER, CUSTOMER, GRADE, QUANTITY, AMOUNT, CHANGE, GAP, SPACE, DATE, KIND, NOTE = range(11)
BAND_PX, SUBBAND_PX, ROUTES_PX, HEAD_PX = 38, 26, 22, 20
ROOM_PX = 688
"""Height between the margins of A4 landscape."""
LINES_PER_BLOCK, BLOCKS_PER_PAGE = 5, 5
SPACE_PX, SIGN_PX, CAPTION_PX = 14, 44, 20
MARGINS_MM = (10.0, 10.0, 11.0, 17.0, 6.0)
INDENT_PX = 8
DIGIT_PX = 7.4
MOST_ROUTE_LINES = 3
MOST_FOLLOW_UPS, MOST_TASKS = 3, 2
FITTING = 0.97
"""Share of a cell that a text may fill, so that it keeps clear of the next column."""

ALL_FITTING = 0.93
"""The same for a line of many figures: some programs draw the columns narrower."""

_BETWEEN_ROUTES: Mapping[Language, str] = {"en": " " * 5, "zh": "\u3000" * 2}
_LAST = {"crm.route.contact": "crm.route.address"}
"""The style of a block's last line, which closes it with a rule, by that of the lines above."""


@dataclass(frozen=True, slots=True)
class HandedCustomer:
    """A customer that changes hands. line: its visit line, see `rules.comparison`; where nothing was compared, the profile alone.

    from_owner: blank where nobody owned it. type_name: the business type in words. last_purchase: a day, or a month or quarter without
    one. contacts: newest first.
    """

    line: Mapping[str, Any]
    from_owner: str
    type_name: str
    last_purchase: str
    contacts: Sequence[Contact]
    tasks: Sequence[Task]


def page_id(to: str) -> str:
    """The page of what this owner took over last."""
    return f"handover:{to}"


def sheet_name(to: str, language: Language) -> str:
    """The name of its sheet."""
    taken = {places.sheet_name(sheet_id, language).casefold() for sheet_id in places.SHEET_IDS} | {places.STYLES_SHEET.casefold()}
    return words.sheet_name_of(text("merging.page_sheet", language, to=to), taken)


def handover_page(
    customers: Sequence[HandedCustomer], to: str, settings: Settings, quarters: tuple[str, str] | None, done_on: dt.date
) -> Page:
    """The page of the customers that `to` takes over, in the order given. quarters: those that the figures compare, if any."""
    language = settings.language
    head = _head(customers, to, settings, done_on)
    line_px = (ROOM_PX - sum(line.height_px for line in head)) // (LINES_PER_BLOCK * BLOCKS_PER_PAGE)
    company = settings.company or "xlcrm"
    if quarters:
        compared = words.compared_label(*quarters, language)
        footer = text("merging.page_footer", language, company=company, quarters=compared, date=done_on)
    else:
        footer = text("merging.page_footer_plain", language, company=company, date=done_on)
    return Page(
        id=page_id(to), sheet_name=sheet_name(to, language), title=text("merging.page_title", language, to=to),
        column_widths_px=COLUMN_WIDTHS_PX, head=head,
        blocks=[_block(number, customer, line_px, settings) for number, customer in enumerate(customers, start=1)],
        foot=_foot(customers, to, language), blocks_per_page=BLOCKS_PER_PAGE, footer_left=footer, footer_right=words.page_of(language),
        margins_mm=MARGINS_MM, way_back=text("sheets.back", language),
    )  # fmt: skip


# --- Head and foot.


def _head(customers: Sequence[HandedCustomer], to: str, settings: Settings, done_on: dt.date) -> list[PageLine]:
    language = settings.language
    everything = len(COLUMN_WIDTHS_PX)
    title = shorten(text("merging.page_title", language, to=to), _room(NUMBER, SPACE), 18, True)
    entry = "merging.page_count" if len(customers) != 1 else "merging.page_count_one"
    count = text(entry, language, customers=len(customers), date=done_on)
    owners = shorten(text("merging.page_from", language, owners=_owners(customers, language)), _room(NUMBER, everything))
    lines = [
        PageLine(BAND_PX, [
            PageCell(NUMBER, title, "crm.route.band", span=SPACE),
            PageCell(SPACE, count, "crm.route.band.quarters", span=everything - SPACE),
        ]),
        PageLine(SUBBAND_PX, [PageCell(NUMBER, owners, "crm.route.subband", span=everything)]),
    ]  # fmt: skip
    for routes in _route_lines(customers, language):
        lines.append(PageLine(ROUTES_PX, [PageCell(NUMBER, routes, "crm.route.subband", span=everything)]))
    heads_1 = (
        ("customer", CUSTOMER, ""), ("grade", GRADE, "center"), ("quantity", QUANTITY, "right"), ("amount", AMOUNT, "right"),
        ("change", CHANGE, "right"), ("gap", GAP, "right"), ("date", DATE, ""), ("kind", KIND, ""), ("open", NOTE, ""),
    )  # fmt: skip
    first = [PageCell(NUMBER, "#", "crm.route.head.center"), PageCell(SPACE, None, "crm.route.head")]
    first += [
        PageCell(at, text(f"merging.head_{name}", language), f"crm.route.head.{side}" if side else "crm.route.head",
                 number_format="@_0" if side == "right" else "")
        for name, at, side in heads_1
    ]  # fmt: skip
    heads_2 = (
        ("details", CUSTOMER, GRADE, ""), ("type", GRADE, CHANGE, ""), ("last_purchase", CHANGE, SPACE, ".right"),
        ("note", NOTE, NOTE + 1, ""),
    )  # fmt: skip
    second = [
        PageCell(NUMBER, None, "crm.route.head2"), PageCell(SPACE, None, "crm.route.head2", span=NOTE - SPACE),
        *(
            PageCell(start, text(f"merging.head_{name}", language), f"crm.route.head2{side}", stop - start,
                     number_format="@_0" if side else "")
            for name, start, stop, side in heads_2
        ),
    ]  # fmt: skip
    return [*lines, PageLine(HEAD_PX, first), PageLine(HEAD_PX, second)]


def _owners(customers: Sequence[HandedCustomer], language: Language) -> str:
    """`Anna Keller (18), Chris Doyle (12)`; a single one without its count."""
    counted = Counter(customer.from_owner or text("merging.nobody", language) for customer in customers)
    if len(counted) == 1:
        return next(iter(counted))
    named = (text("merging.page_from_one", language, owner=owner, customers=count) for owner, count in counted.items())
    return text("merging.between", language).join(named)


def _route_lines(customers: Sequence[HandedCustomer], language: Language) -> list[str]:
    """How many customers of each route, on as many lines as that takes; at least one, so that the head is as high as its page wants it."""
    counted = Counter((customer.line.get(c.ROUTE), customer.line.get(c.BATCH)) for customer in customers)
    named = [
        text("merging.page_route", language, route=words.route_label(str(route), batch, language, short=True), customers=count)
        if route is not None
        else text("merging.page_no_route", language, customers=count)
        for (route, batch), count in sorted(counted.items(), key=lambda entry: words.route_order(entry[0][0]))
    ]
    gap, room = _BETWEEN_ROUTES[language], _room(NUMBER, len(COLUMN_WIDTHS_PX)) * ALL_FITTING
    lines = [""]
    for each in named:
        longer = f"{lines[-1]}{gap}{each}" if lines[-1] else each
        if lines[-1] and width_px(longer) > room and len(lines) < MOST_ROUTE_LINES:
            lines.append(each)
        else:
            lines[-1] = longer
    return [shorten(line, room) for line in lines]


def _foot(customers: Sequence[HandedCustomer], to: str, language: Language) -> list[PageLine]:
    """Space for both to sign."""
    owners = list(dict.fromkeys(customer.from_owner for customer in customers if customer.from_owner))
    sides = ((NUMBER, SPACE, "sign_from", owners[0] if len(owners) == 1 else ""), (DATE, NOTE + 1, "sign_to", to))
    captions = []
    for start, stop, entry, name in sides:
        room = _room(start, stop)
        rest = text(f"merging.{entry}", language, name="")
        caption = text(f"merging.{entry}", language, name=shorten(name, room - width_px(rest, 9), 9)) if name else rest.replace(" :", ":")
        captions.append(PageCell(start, shorten(caption, room, 9), "crm.caption", span=stop - start))
    return [
        PageLine(SPACE_PX),
        PageLine(SIGN_PX, [PageCell(start, None, "crm.write", span=stop - start) for start, stop, _, _ in sides]),
        PageLine(CAPTION_PX, captions),
    ]


# --- A customer.


def _block(number: int, customer: HandedCustomer, line_px: int, settings: Settings) -> PageBlock:
    left, right = _facts(number, customer, settings), _history(customer, settings.language)
    lines = [[*facts, PageCell(SPACE, None, "crm.route.contact"), *history] for facts, history in zip(left, right, strict=True)]
    lines[-1] = [_closing(cell) for cell in lines[-1]]
    return PageBlock(str(customer.line[c.CUSTOMER_CODE]), [PageLine(line_px, cells) for cells in lines])


def _closing(cell: PageCell) -> PageCell:
    return PageCell(cell.column, cell.value, _LAST.get(cell.style, cell.style), cell.span, cell.rows, cell.number_format)


def _facts(number: int, customer: HandedCustomer, settings: Settings) -> list[list[PageCell]]:
    """The left half: who it is and how it stands."""
    line, language = customer.line, settings.language
    name = shorten(str(line.get(c.CUSTOMER_NAME) or line[c.CUSTOMER_CODE]), _room(CUSTOMER, GRADE) * FITTING, 11, True)
    change = line.get(c.CHANGE)
    strong = change is not None and abs(change) * 100 >= settings.change_marked_percent - 1e-9
    batch = str(line.get(c.BATCH) or "") or None
    route = words.route_label(str(line[c.ROUTE]), batch, language) if line.get(c.ROUTE) is not None else NOTHING
    return [
        [
            PageCell(NUMBER, number, "crm.route.number"), PageCell(CUSTOMER, name, "crm.route.name"),
            PageCell(GRADE, str(line.get(c.SHOWN) or NOTHING), _grade_style(line.get(c.STATE))),
            _figure(QUANTITY, words.quantity(line.get(c.QUANTITY)), "crm.route.int", language),
            _figure(AMOUNT, words.money(line.get(c.AMOUNT)), "crm.route.money", language),
            PageCell(CHANGE, NOTHING if change is None else change, "crm.route.change.strong" if strong else "crm.route.change"),
            PageCell(GAP, _gap(line, language), "crm.route.gap"),
        ],
        [
            PageCell(NUMBER, "☐", "crm.route.number"), _left(CUSTOMER, GRADE, line[c.CUSTOMER_CODE]),
            _left(GRADE, CHANGE, customer.type_name),
            PageCell(CHANGE, customer.last_purchase or NOTHING, "crm.route.minimum", span=SPACE - CHANGE),
        ],
        [
            PageCell(NUMBER, None, "crm.route.contact"), PageCell(CUSTOMER, _contact(line), "crm.route.contact"),
            _left(GRADE, SPACE, route),
        ],
        [PageCell(NUMBER, None, "crm.route.contact"), _left(CUSTOMER, SPACE, line.get(c.ADDRESS))],
        [
            PageCell(NUMBER, None, "crm.route.fill"),
            PageCell(CUSTOMER, text("merging.remarks", language), "crm.route.code", span=SPACE - CUSTOMER),
        ],
    ]  # fmt: skip


def _left(start: int, stop: int, value: object) -> PageCell:
    shown = shorten("" if value is None else str(value), _room(start, stop) * FITTING)
    return PageCell(start, shown or None, "crm.route.contact", span=stop - start)


def _grade_style(state: object) -> str:
    if state in (c.UP, c.DOWN):
        return f"crm.route.grade.{state}"
    return "crm.route.grade" if state == c.KEPT else "crm.route.grade.other"


def _figure(column: int, value: float | None, style: str, language: Language) -> PageCell:
    """A figure; from 100,000 on its number format shortens it."""
    shown: CellValue = NOTHING if value is None else value
    short = value is not None and abs(value) >= words.SHORTENED_FROM
    return PageCell(column, shown, style, number_format=words.SHORT_MONEY[language] if short else "")


def _gap(line: Mapping[str, Any], language: Language) -> str:
    room = COLUMN_WIDTHS_PX[GAP] - DIGIT_PX
    written = NOTHING
    for brevity in words.BREVITIES:
        written = words.pair(line.get(c.GAP_QUANTITY), line.get(c.GAP_AMOUNT), language, brevity)
        if width_px(written, bold=True) <= room:
            return written
    return shorten(written, room, bold=True)


def _contact(line: Mapping[str, Any]) -> str | None:
    """Name and phone; the name gives way where both do not fit."""
    room = _room(CUSTOMER, GRADE) * FITTING
    name, phone = one_line(str(line.get(c.CONTACT) or "")), one_line(str(line.get(c.PHONE) or ""))
    if name and phone:
        tail = f"  {phone}"
        taken = width_px(tail)
        return shorten(name, room - taken) + tail if taken < room * 0.8 else shorten(phone, room)
    return shorten(name or phone, room) or None


def _history(customer: HandedCustomer, language: Language) -> list[list[PageCell]]:
    """The right half: what is open, then the last follow-ups, newest first; a text has further lines where some are left."""
    entries: list[tuple[str, str, str, str]] = []
    for place, task in enumerate(customer.tasks[:MOST_TASKS]):
        what, more = one_line(task.what) or NOTHING, len(customer.tasks) - MOST_TASKS
        if place == MOST_TASKS - 1 and more > 0:
            tail = text("merging.more_open", language, what="", more=more)
            kept = shorten(what, _note_room() - width_px(tail, bold=True) - INDENT_PX, bold=True)
            what = text("merging.more_open", language, what=kept, more=more)
        what = text("merging.overdue", language, what=what) if task.overdue else what
        entries.append((task.due_on.isoformat() if task.due_on else NOTHING, text("merging.next", language), what, "crm.route.head"))
    for contact in customer.contacts[:MOST_FOLLOW_UPS]:
        kind = text(f"choices.{contact.kind}", language) if has(f"choices.{contact.kind}") else contact.kind
        entries.append((contact.date.isoformat(), kind, one_line(contact.said) or NOTHING, "crm.route.contact"))
    if not customer.contacts:
        entries.append((NOTHING, "", text("merging.no_follow_up", language), "crm.route.contact"))
    spare, rows = LINES_PER_BLOCK - len(entries), []
    for date, kind, said, style in entries:
        parts = wrapped(said, _note_room(), 1 + spare, bold=style == "crm.route.head")
        spare -= len(parts) - 1
        rows.append(_history_line(date, shorten(kind, _room(KIND, NOTE) * FITTING), parts[0], style))
        rows += [_history_line(None, None, part, style) for part in parts[1:]]
    return rows + [_history_line(None, None, None, "crm.route.contact")] * (LINES_PER_BLOCK - len(rows))


def _history_line(date: str | None, kind: str | None, said: str | None, style: str) -> list[PageCell]:
    return [PageCell(DATE, date, "crm.route.contact"), PageCell(KIND, kind, "crm.route.contact"), PageCell(NOTE, said, style)]


def wrapped(written: str, px: float, lines: int, bold: bool = False) -> list[str]:
    """A text on at most so many lines of that width, broken at a blank or beside a Chinese character; the last one may be cut with `…`."""
    rest = one_line(written)
    found: list[str] = []
    while len(found) < lines - 1 and width_px(rest, bold=bold) > px:
        end, used = 0, 0.0
        while end < len(rest) and (used := used + width_px(rest[end], bold=bold)) <= px:
            end += 1
        end = max(end, 1)
        blank = rest.rfind(" ", 0, end + 1)
        if rest[end].isascii() and rest[end - 1].isascii() and blank > 0:
            end = blank
        found.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*found, shorten(rest, px, bold=bold)]


def _note_room() -> float:
    return _room(NOTE, NOTE + 1) * FITTING


def _room(start: int, stop: int) -> int:
    """Room for text in merged columns."""
    return sum(COLUMN_WIDTHS_PX[start:stop]) - INDENT_PX
