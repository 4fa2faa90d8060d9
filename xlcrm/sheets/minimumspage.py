"""The page of the minimums: the lowest quantity and the lowest amount that still earned each grade, and who holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from xlcrm.settings import Settings
from xlcrm.sheets import pagewords as words
from xlcrm.sheets import places
from xlcrm.sheets.pages import Page, PageBlock, PageCell, PageLine
from xlcrm.sheets.textfit import shorten, width_px
from xlcrm.tables import columns as c
from xlcrm.texts import Language, text

COLUMN_WIDTHS_PX = (122, 52, 70, 106, 164, 106, 164)
TYPE, GRADE, HOLDERS, QUANTITY, QUANTITY_BY, AMOUNT, AMOUNT_BY = range(7)
TITLE_PX, SUBTITLE_PX, HEAD_PX, LINE_PX, SPACE_PX, NOTE_PX = 34, 24, 30, 23, 12, 20
GRADES_A_BLOCK = 18
"""A business type with more grades is cut into blocks, so that one always fits on a sheet of paper."""
NAMES_IN_NOTE = 30
NAMES_IN_LINE = 3
FITTING = 0.97
"""Share of a cell that a name may fill, so that it keeps clear of the next column."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Customers that no minimum counts, and recorded zeros (which do count and are worth a look)."""

    not_counted: int
    zeros: Sequence[str]
    """Names of the customers whose recorded purchases are zero."""


def left_out(visit_lines: pl.DataFrame) -> LeftOut:
    """From the visit lines: who has no grade or no purchase record, and whose recorded purchases are zero."""
    customers = visit_lines.unique(subset=c.CUSTOMER_CODE, keep="first", maintain_order=True)
    graded = pl.col(c.STATE).is_in([c.UP, c.KEPT, c.DOWN, c.NEW, c.TYPE_CHANGED])
    recorded = pl.col(c.QUANTITY).is_not_null() | pl.col(c.AMOUNT).is_not_null()
    counted = customers.filter(graded & recorded)
    zeros = counted.filter((pl.col(c.QUANTITY).fill_null(0) == 0) | (pl.col(c.AMOUNT).fill_null(0) == 0))
    names = [str(name or code) for name, code in zeros.select(c.CUSTOMER_NAME, c.CUSTOMER_CODE).iter_rows()]
    return LeftOut(customers.height - counted.height, names)


def minimums_page(
    minimums: pl.DataFrame, names: Mapping[str, str], type_names: Mapping[str, str], outside: LeftOut, settings: Settings,
    current: str, previous: str, printed_on: dt.date,
) -> Page:  # fmt: skip
    """The page. minimums: columns of the table, and the codes that hold each minimum in `quantity_holders`, `amount_holders`.

    names: customer code -> name. A grade that nobody counts for shows dashes. The lowest grade of a type has no minimum.
    """
    language = settings.language
    head_cells = (
        (TYPE, "type", "crm.min.head"), (GRADE, "grade", "crm.min.head.center"), (HOLDERS, "holders", "crm.min.head.right"),
        (QUANTITY, "min_quantity", "crm.min.head.right"),
        (QUANTITY_BY, "held_by", "crm.min.head"), (AMOUNT, "min_amount", "crm.min.head.right"), (AMOUNT_BY, "held_by", "crm.min.head"),
    )  # fmt: skip
    head = [
        PageLine(TITLE_PX, [
            PageCell(TYPE, text("print.minimums_title", language), "crm.title", span=4),
            PageCell(QUANTITY_BY, words.quarter_label(current, language), "crm.title.note", span=3),
        ]),
        PageLine(SUBTITLE_PX, [PageCell(TYPE, text("print.minimums_subtitle", language), "crm.subtitle", span=len(COLUMN_WIDTHS_PX))]),
        PageLine(HEAD_PX, [PageCell(at, text(f"print.head_{name}", language), style) for at, name, style in head_cells]),
    ]  # fmt: skip
    return Page(
        id="minimums", sheet_name=places.sheet_name("minimums", language), title=text("print.minimums_title", language),
        column_widths_px=COLUMN_WIDTHS_PX, head=head, blocks=_blocks(minimums, names, type_names, language),
        foot=_notes(minimums, outside, settings), landscape=False,
        footer_left=words.footer(settings, current, previous, printed_on), footer_right=words.page_of(language),
        way_back=text("sheets.back", language),
    )  # fmt: skip


def _blocks(minimums: pl.DataFrame, names: Mapping[str, str], type_names: Mapping[str, str], language: Language) -> list[PageBlock]:
    groups: dict[str, list[dict[str, object]]] = {}
    for row in minimums.iter_rows(named=True):
        groups.setdefault(str(row[c.BUSINESS_TYPE] or ""), []).append(row)
    blocks = []
    for business_type, group in groups.items():
        for start in range(0, len(group), GRADES_A_BLOCK):
            part = group[start : start + GRADES_A_BLOCK]
            lines: list[PageLine] = []
            for number, row in enumerate(part):
                name = shorten(type_names.get(business_type) or business_type, (COLUMN_WIDTHS_PX[TYPE] - 8) * FITTING, bold=True)
                lines += _grade_lines(row, name if number == 0 else None, names, language, ".last" if number == len(part) - 1 else "")
            blocks.append(PageBlock(f"{business_type}:{start}" if start else business_type, lines))
    return blocks


def _grade_lines(
    row: Mapping[str, object], type_name: str | None, names: Mapping[str, str], language: Language, last: str
) -> tuple[PageLine, PageLine]:
    """Two lines: the figures stand in both, the holder's name above the code."""
    quantity, amount = row.get(c.MIN_QUANTITY), row.get(c.MIN_AMOUNT)
    by_quantity = _holder_cells(QUANTITY_BY, codes_of(row.get(c.QUANTITY_HOLDERS)), names, language, last)
    by_amount = _holder_cells(AMOUNT_BY, codes_of(row.get(c.AMOUNT_HOLDERS)), names, language, last)
    customers = row.get(c.CUSTOMERS)
    first = [
        PageCell(TYPE, type_name, f"crm.min.type{last}", rows=2),
        PageCell(GRADE, str(row[c.GRADE] or ""), f"crm.min.grade{last}", rows=2),
        PageCell(HOLDERS, customers if isinstance(customers, int) else words.NOTHING, f"crm.min.holders{last}", rows=2),
        PageCell(QUANTITY, _shown(words.quantity(quantity if isinstance(quantity, int) else None)), f"crm.min.quantity{last}", rows=2),
        by_quantity[0],
        PageCell(AMOUNT, _shown(words.money(amount if isinstance(amount, int) else None)), f"crm.min.amount{last}", rows=2),
        by_amount[0],
    ]
    return PageLine(LINE_PX, first), PageLine(LINE_PX, [by_quantity[1], by_amount[1]])


def _shown(value: float | None) -> float | str:
    return words.NOTHING if value is None else value


def codes_of(holders: object) -> list[str]:
    """The codes that hold a minimum: a list, or a text with commas between them."""
    if holders is None:
        return []
    if isinstance(holders, str):
        return [part.strip() for part in holders.replace("、", ",").split(",") if part.strip()]
    if isinstance(holders, pl.Series):
        return [str(code) for code in holders.to_list()]
    if isinstance(holders, Sequence):
        return [str(code) for code in holders]
    return []


def _holder_cells(column: int, codes: Sequence[str], names: Mapping[str, str], language: Language, last: str) -> tuple[PageCell, PageCell]:
    """Name and code of the first holder; at a tie how many more, and all of them in a note."""
    room = (COLUMN_WIDTHS_PX[column] - 8) * FITTING
    code_style = f"crm.min.code{last}"
    if not codes:
        return PageCell(column, words.NOTHING, "crm.min.name"), PageCell(column, None, code_style)
    name = names.get(codes[0]) or codes[0]
    note = ""
    if len(codes) > 1:
        tail = text("print.tied", language, name="", more=len(codes) - 1, count=len(codes))
        shown = text("print.tied", language, name=shorten(name, room - width_px(tail)), more=len(codes) - 1, count=len(codes))
        lines = [f"{names.get(code, '')} {code}".strip() for code in codes[:NAMES_IN_NOTE]]
        if len(codes) > NAMES_IN_NOTE:
            lines.append(text("print.more_names", language, more=len(codes) - NAMES_IN_NOTE))
        note = "\n".join(lines)
    else:
        shown = shorten(name, room)
    return PageCell(column, shown, "crm.min.name", note=note), PageCell(column, shorten(codes[0], room), code_style)


def _notes(minimums: pl.DataFrame, outside: LeftOut, settings: Settings) -> list[PageLine]:
    """What was left out and why."""
    language = settings.language
    separator = text("print.list_separator", language)
    types = [business_type or "" for business_type in minimums.get_column(c.BUSINESS_TYPE).unique(maintain_order=True).to_list()]
    lowest = separator.join(f"{business_type}{settings.grammar.sizes[-1]}" for business_type in types[:2])
    counted = text("print.not_counted", language, count=outside.not_counted) if outside.not_counted else text("print.all_counted", language)
    names = separator.join(outside.zeros[:NAMES_IN_LINE]) + (" …" if len(outside.zeros) > NAMES_IN_LINE else "")
    zero = text("print.zero_some", language, count=len(outside.zeros), names=names) if outside.zeros else text("print.zero_none", language)
    notes = [text("print.lowest_has_none", language, grades=lowest)] if lowest else []
    notes += [counted, zero]
    room = sum(COLUMN_WIDTHS_PX) * FITTING
    cells = [PageCell(TYPE, shorten(note, room, 9.5), "crm.subtitle", span=len(COLUMN_WIDTHS_PX)) for note in notes]
    return [PageLine(SPACE_PX), *(PageLine(NOTE_PX, [cell]) for cell in cells)]
