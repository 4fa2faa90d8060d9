"""The route sheet: one page definition a route, two lines a customer, ten customers a printed page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from xlcrm.settings import Settings
from xlcrm.sheets import pagewords as words
from xlcrm.sheets.pages import Page, PageBlock, PageCell, PageLine
from xlcrm.sheets.textfit import shorten, shorten_advice, width_px
from xlcrm.tables import columns as c
from xlcrm.texts import Language, has, text

Row = Mapping[str, object]

COLUMN_WIDTHS_PX = (26, 144, 149, 62, 46, 56, 64, 64, 111, 84, 174)
NUMBER, CUSTOMER, CONTACT, GRADE, EARLIER, QUANTITY, AMOUNT, CHANGE, MINIMUM, GAP, NEXT = range(11)
"""The columns; code, address and advice stand in the second line below customer, contact and grade."""

BAND_PX, SUBBAND_PX, HEAD_PX, LINE_1_PX, LINE_2_PX = 38, 26, 20, 26, 31
HEAD_ROWS = 4
"""Band, counts, and the two rows of heads: repeated on every printed page."""
BLOCKS_PER_PAGE = 10
MARGINS_MM = (10.0, 10.0, 11.0, 17.0, 6.0)
INDENT_PX = 8
DIGIT_PX = 7.4
"""The room that `_0` keeps free at the right of a figure."""

LAST_KIND = c.KIND
"""Column of the visit lines: the kind of the last follow-up."""


def route_page(
    lines: Sequence[Row], settings: Settings, current: str, previous: str, printed_on: dt.date, sheet_name: str, reconciled: bool = True
) -> Page:
    """The sheet of one route from its visit lines, which come in the order of the visit (at least one).

    A line holds what `rules.comparison` gives for a customer: quantities in thousandths, amounts in cents, change as a share.
    """
    language = settings.language
    first = lines[0]
    route = str(first[c.ROUTE])
    batch = _text(first, c.BATCH) or None
    return Page(
        id=f"route:{route}",
        sheet_name=sheet_name,
        title=words.route_label(route, batch, language),
        column_widths_px=COLUMN_WIDTHS_PX,
        head=_head(lines, route, batch, settings, current, previous, reconciled),
        blocks=[_block(number, line, settings) for number, line in enumerate(lines, 1)],
        blocks_per_page=BLOCKS_PER_PAGE,
        footer_left=words.footer(settings, current, previous, printed_on),
        footer_right=words.page_of(language),
        margins_mm=MARGINS_MM,
    )


def _head(
    lines: Sequence[Row], route: str, batch: str | None, settings: Settings, current: str, previous: str, reconciled: bool
) -> list[PageLine]:
    """Band, counts (which are the legend of the marks too), and the heads of both lines of a block."""
    language = settings.language
    manager = next((name for line in lines if (name := _text(line, c.ACCOUNT_MANAGER))), "")
    manager_text = text("print.manager", language, name=manager) if manager else ""
    title = words.route_label(route, batch, language)
    quarters = words.compared_label(current, previous, language)
    band = (
        PageCell(NUMBER, shorten(title, _span_px(NUMBER, GRADE), 18, True), "crm.route.band", span=3),
        PageCell(GRADE, shorten(manager_text, _span_px(GRADE, MINIMUM), 11), "crm.route.band.manager", span=5),
        PageCell(MINIMUM, quarters, "crm.route.band.quarters", span=3),
    )
    heads_1 = (
        ("number", NUMBER, "center"), ("customer", CUSTOMER, ""), ("contact", CONTACT, ""), ("grade", GRADE, "center"),
        ("earlier", EARLIER, "center"), ("quantity", QUANTITY, "right"), ("amount", AMOUNT, "right"), ("change", CHANGE, "right"),
        ("minimum", MINIMUM, "right"), ("gap", GAP, "right"), ("next", NEXT, ""),
    )  # fmt: skip
    heads_2 = (("code", CUSTOMER, 1), ("address", CONTACT, 1), ("advice", GRADE, 6), ("notes", GAP, 2))
    return [
        PageLine(BAND_PX, band),
        PageLine(SUBBAND_PX, [PageCell(NUMBER, _counts(lines, language, reconciled), "crm.route.subband", span=len(COLUMN_WIDTHS_PX))]),
        PageLine(
            HEAD_PX,
            [
                PageCell(
                    column, text(f"print.head_{name}", language), f"crm.route.head.{side}" if side else "crm.route.head",
                    number_format="@_0" if side == "right" else "",
                )
                for name, column, side in heads_1
            ],
        ),
        PageLine(
            HEAD_PX,
            [
                PageCell(NUMBER, None, "crm.route.head2"),
                *(PageCell(at, text(f"print.head_{name}", language), "crm.route.head2", span) for name, at, span in heads_2),
            ],
        ),
    ]  # fmt: skip


def _counts(lines: Sequence[Row], language: Language, reconciled: bool) -> str:
    """`247 customers   ↑ 30 promoted   116 kept …   ✓ reconciled`."""
    counts = dict.fromkeys(c.STATES, 0)
    for line in lines:
        state = _text(line, c.STATE)
        if state in counts:
            counts[state] += 1
    total = sum(counts.values())
    parts = [text("print.customers", language, count=len(lines))]
    parts += [text(f"print.state_{state}", language, count=count) for state, count in counts.items()]
    adds_up = reconciled and total == len(lines)
    parts.append(text("print.reconciled", language) if adds_up else text("print.not_reconciled", language, sum=total))
    joined = "     ".join(parts)
    return shorten(joined, _span_px(NUMBER, len(COLUMN_WIDTHS_PX)))


def _block(number: int, line: Row, settings: Settings) -> PageBlock:
    """The two lines of a customer."""
    language = settings.language
    change = line.get(c.CHANGE)
    share = float(change) if isinstance(change, int | float) else None
    strong = share is not None and abs(share) * 100 >= settings.change_marked_percent - 1e-9
    code = str(line[c.CUSTOMER_CODE])
    first = (
        PageCell(NUMBER, number, "crm.route.number"),
        PageCell(CUSTOMER, shorten(_text(line, c.CUSTOMER_NAME) or code, _span_px(CUSTOMER, CONTACT), 11, True), "crm.route.name"),
        PageCell(CONTACT, _contact(line), "crm.route.contact"),
        PageCell(GRADE, _text(line, c.SHOWN) or words.NOTHING, _grade_style(_text(line, c.STATE))),
        PageCell(EARLIER, _text(line, c.PREVIOUS_GRADE) or words.NOTHING, "crm.route.earlier"),
        _figure(QUANTITY, words.quantity(_int(line, c.QUANTITY)), "crm.route.int", language),
        _figure(AMOUNT, words.money(_int(line, c.AMOUNT)), "crm.route.money", language),
        PageCell(CHANGE, words.NOTHING if share is None else share, "crm.route.change.strong" if strong else "crm.route.change"),
        PageCell(MINIMUM, _minimum(line, language), "crm.route.minimum"),
        PageCell(GAP, _pair(line, c.GAP_QUANTITY, c.GAP_AMOUNT, "", COLUMN_WIDTHS_PX[GAP], True, language), "crm.route.gap"),
        PageCell(NEXT, _last_and_next(line, language), "crm.route.next"),
    )
    second = (
        PageCell(NUMBER, "☐", "crm.route.tick"),
        PageCell(CUSTOMER, shorten(code, COLUMN_WIDTHS_PX[CUSTOMER] - INDENT_PX), "crm.route.code"),
        PageCell(CONTACT, shorten(_text(line, c.ADDRESS), COLUMN_WIDTHS_PX[CONTACT] - INDENT_PX), "crm.route.address"),
        PageCell(GRADE, shorten_advice(_text(line, c.ADVICE), _span_px(GRADE, GAP)), "crm.route.advice", span=6),
        PageCell(GAP, None, "crm.route.write", span=2),
    )
    return PageBlock(code, (PageLine(LINE_1_PX, first), PageLine(LINE_2_PX, second)))


def _figure(column: int, value: float | None, style: str, language: Language) -> PageCell:
    """A figure; nothing known is a dash, 100,000 and more are shortened by the number format."""
    if value is None:
        return PageCell(column, words.NOTHING, style)
    return PageCell(column, value, style, number_format=words.SHORT_MONEY[language] if abs(value) >= words.SHORTENED_FROM else "")


def _grade_style(state: str) -> str:
    if state in (c.UP, c.DOWN):
        return f"crm.route.grade.{state}"
    return "crm.route.grade" if state == c.KEPT else "crm.route.grade.other"


def _contact(line: Row) -> str:
    """Name and phone; where both do not fit, the name gives way, for the phone is needed whole."""
    room = COLUMN_WIDTHS_PX[CONTACT] - INDENT_PX
    name, phone = _text(line, c.CONTACT), words.phone_number(_text(line, c.PHONE))
    if not name or not phone:
        return shorten(name or phone, room)
    tail = f"  {phone}"
    return shorten(name, room - width_px(tail)) + tail if width_px(tail) < room * 0.8 else shorten(phone, room)


def _minimum(line: Row, language: Language) -> str:
    grade = _text(line, c.NEXT_GRADE)
    if not grade:
        return words.NOTHING
    return _pair(line, c.NEXT_MIN_QUANTITY, c.NEXT_MIN_AMOUNT, grade, COLUMN_WIDTHS_PX[MINIMUM], False, language)


def _pair(line: Row, quantity: str, amount: str, before: str, px: int, bold: bool, language: Language) -> str:
    """`CS1  109 / 192`; where it is too wide the figures are rounded further."""
    for brevity in words.BREVITIES:
        written = words.pair(_int(line, quantity), _int(line, amount), language, brevity)
        if written == words.NOTHING:
            return written
        written = (f"{before} " if brevity.tight else f"{before}  ") + written if before else written
        if width_px(written, bold=bold) <= px - DIGIT_PX:
            return written
    return shorten(written, px - DIGIT_PX, bold=bold)


def _last_and_next(line: Row, language: Language) -> str:
    """`12-14 visit → 01-10 display`: the last follow-up and what was agreed; empty where there was none."""
    last = _dated(line.get(c.LAST_FOLLOW_UP), _choice(_text(line, LAST_KIND), language))
    coming = _dated(line.get(c.NEXT_ACTION_ON), _text(line, c.NEXT_ACTION))
    if not last and not coming:
        return words.NOTHING
    return shorten(f"{last or words.NOTHING} {words.ARROW} {coming or words.NOTHING}", COLUMN_WIDTHS_PX[NEXT] - INDENT_PX)


def _dated(day: object, what: str) -> str:
    written = day.strftime("%m-%d") if isinstance(day, dt.date) else ""
    return " ".join(part for part in (written, what) if part)


def _choice(value: str, language: Language) -> str:
    return text(f"choices.{value}", language) if value and has(f"choices.{value}") else value


def _span_px(start: int, stop: int) -> int:
    """Room for text in merged columns."""
    return sum(COLUMN_WIDTHS_PX[start:stop]) - INDENT_PX


def _text(line: Row, column: str) -> str:
    value = line.get(column)
    return "" if value is None else str(value)


def _int(line: Row, column: str) -> int | None:
    value = line.get(column)
    return value if isinstance(value, int) else None


def by_route(lines: Iterable[Row]) -> dict[str, list[Row]]:
    """Visit lines per route, routes and lines in the order in which they come; who has no route is on no sheet."""
    routes: dict[str, list[Row]] = {}
    for line in lines:
        if line.get(c.ROUTE) is not None:
            routes.setdefault(str(line[c.ROUTE]), []).append(line)
    return routes
