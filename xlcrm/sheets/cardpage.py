"""The customer card: one page, whose rows are always the same, so that what stands beside it on its sheet stays where it is.

Every text is shortened to its cell with an ellipsis, and what does not fit is counted; so the card is one printed page, whatever a
customer has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from xlcrm.rules.card import Card, Warned, cheapest_way_up, sparkline
from xlcrm.rules.search import BETWEEN
from xlcrm.settings import Settings
from xlcrm.sheets import pagewords as words
from xlcrm.sheets import places
from xlcrm.sheets.cardcells import COLUMN_WIDTHS_PX, COLUMNS, text_cell
from xlcrm.sheets.cardlists import lists
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.pages import Bar, BarChart, Page, PageBlock, PageCell, PageLine
from xlcrm.tables import columns as c
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.texts import Language, text

PAGE_ID = "card"
TOP_KEY = "top"
"""The block of the upper rows, which has the search beside it: it is the same for every customer, so the search stays."""

SHOWN_QUARTERS = 4
PROFILE_LINES = 10
CHART_LINES = 6
"""Lines that the chart covers; it draws one quarter of each."""
LINE_PX, SPACE_PX = 20, 7

_TOP_HEIGHTS = (40, 28, SPACE_PX, 26, 24, 36, 24, SPACE_PX, 28, *(LINE_PX,) * PROFILE_LINES, SPACE_PX)
PROFILE_LINE = 9
"""The first line of the profile, counted from 0."""
CHART_LINE = len(_TOP_HEIGHTS) + 5
"""The first line below the chart's title."""
CHART_COLUMNS = 6


def card_page(card: Card | None, settings: Settings, printed_on: dt.date) -> Page:
    """The page of a customer; without one the page of nobody, which a new workbook has."""
    language = settings.language
    title = (
        text("card.title", language, quarter=words.quarter_label(card.quarter, language)) if card else places.sheet_name("card", language)
    )
    top = [PageLine(height, cells) for height, cells in zip(_TOP_HEIGHTS, _top(card, title, settings), strict=True)]
    below = [*_band(card, settings), *_figures(card, settings), PageLine(SPACE_PX), *lists(card, language)]
    footer = words.footer(settings, card.quarter, card.previous, printed_on) if card else "xlcrm"
    return Page(
        id=PAGE_ID, sheet_name=places.sheet_name("card", language), title=title, column_widths_px=COLUMN_WIDTHS_PX, head=(),
        blocks=[PageBlock(TOP_KEY, top), PageBlock(card.code if card else "", below)], landscape=False, one_page=True,
        footer_left=footer, footer_right=words.page_of(language), charts=[_chart(card, language)] if card else (),
    )  # fmt: skip


def card_changes(card: Card, settings: Settings, printed_on: dt.date) -> WorkbookChanges:
    """The card painted on its sheet, and the search beside it naming its customer, as if it had been chosen there."""
    chosen = f"{card.code}{BETWEEN}{card.name}".rstrip()
    return WorkbookChanges(pages=[card_page(card, settings, printed_on)], values={places.CARD_FIND: chosen})


# --- Name, history, profile, gap.


def _top(card: Card | None, title: str, settings: Settings) -> list[Sequence[PageCell]]:
    language = settings.language
    name = (card.name or card.code) if card else text("card.nobody", language)
    said = facts(card, language) if card else text("card.nobody_help", language)
    rows: list[Sequence[PageCell]] = [
        [text_cell(0, 9, name, "crm.customer.name", 20, True), PageCell(9, title, "crm.customer.note", span=3)],
        [text_cell(0, COLUMNS, said, "crm.customer.facts")],
        (),
        [
            text_cell(0, 9, text("card.history", language), "crm.section", 11.5, True),
            PageCell(9, sparkline([figures.quantity for figures in card.history]) if card else None, "crm.customer.spark", span=3),
        ],
        *_history(card, language),
        (),
        [text_cell(0, 6, text("card.profile", language), "crm.section"), text_cell(7, 5, text("card.gap", language), "crm.section")],
    ]
    left, right = _profile(card, language), _right(card, settings)
    rows += [[*left[place], *right[place]] for place in range(PROFILE_LINES)]
    return [*rows, ()]


def facts(card: Card, language: Language) -> str:
    """Code, type, route and account manager on one line."""
    route, batch, manager = (card.line.get(name) for name in (c.ROUTE, c.BATCH, c.ACCOUNT_MANAGER))
    label = words.route_label(str(route), str(batch) if batch else None, language).replace(" · ", " ") if route else ""
    named = text("card.manager", language, name=manager) if manager else ""
    return text("card.facts_separator", language).join(part for part in (card.code, card.type_name, label, named) if part)


_GRADE_STYLES = {c.UP: ".up", c.DOWN: ".down", c.NEW: ".other", c.TYPE_CHANGED: ".other", c.LOST: ".other", c.UNGRADED: ".other"}


def _history(card: Card | None, language: Language) -> list[list[PageCell]]:
    """Quarter, grade, quantity and amount of the last quarters; a customer of fewer has them at the right."""
    shown = list(card.history[-SHOWN_QUARTERS:]) if card else []
    rows: list[list[PageCell]] = [[], [], []]
    for place in range(SHOWN_QUARTERS):
        column, at = 3 * place, place - (SHOWN_QUARTERS - len(shown))
        now = ".now" if place == SHOWN_QUARTERS - 1 else ""
        if at < 0:
            values, style = (words.NOTHING,) * 3, ".other"
        else:
            figures = shown[at]
            label = words.quarter_label(figures.quarter, language)
            values = (label, figures.shown, words.pair(figures.quantity, figures.amount, language))
            style = _GRADE_STYLES.get(figures.state or "", "" if figures.grade else ".other")
        looks = (f"crm.customer.quarter{now}", f"crm.customer.grade{style}", "crm.customer.pair")
        for row, value, look in zip(rows, values, looks, strict=True):
            row.append(PageCell(column, value, look, span=3))
    return rows


def _profile(card: Card | None, language: Language) -> list[list[PageCell]]:
    """Label and value of what is known of the customer; the user's own columns before what is not known, the rest named."""
    lines = _profile_lines(card, language) if card else []
    lines += [("", "")] * (PROFILE_LINES - len(lines))
    return [
        [text_cell(0, 2, label or words.NOTHING, "crm.customer.label"), text_cell(2, 4, value or words.NOTHING, "crm.customer.value")]
        for label, value in lines
    ]


def _profile_lines(card: Card, language: Language) -> list[tuple[str, str]]:
    known = [line for line in (*card.profile, *card.own_columns) if line[1]]
    unknown = [line for line in (*card.profile, *card.own_columns) if not line[1]]
    if len(known) <= PROFILE_LINES:
        return [*known, *unknown][:PROFILE_LINES]
    own = [line for line in card.own_columns if line[1]]
    standard = [line for line in card.profile if line[1]]
    # Both kinds are shown: of the profile what comes first, at least half of the lines.
    room = PROFILE_LINES - 1
    kept = standard[: max(room - len(own), (room + 1) // 2)]
    shown = [*kept, *own[: room - len(kept)]]
    rest = [label for label, value in known if (label, value) not in shown]
    names = text("print.list_separator", language).join(rest)
    return [*shown, (text("card.more_columns", language, count=len(rest)), names)]


def _right(card: Card | None, settings: Settings) -> list[list[PageCell]]:
    """Gap and cushion in six lines, then why this grade in four."""
    language = settings.language
    pairs = gap_lines(card, settings) if card else [("", "", "")] * 6
    rows = [
        [
            text_cell(7, 3, label or words.NOTHING, "crm.customer.label"),
            text_cell(10, 2, value or words.NOTHING, f"crm.customer.right{style}"),
        ]
        for label, value, style in pairs
    ]
    rows.append([text_cell(7, 5, text("card.why", language), "crm.section")])
    why = list(card.why) if card else []
    why += [""] * (PROFILE_LINES - len(rows) - len(why))
    return [*rows, *([text_cell(7, 5, sentence or words.NOTHING, "crm.customer.value")] for sentence in why)]


def gap_lines(card: Card, settings: Settings) -> list[tuple[str, str, str]]:
    """Label, value, and the look of the value."""
    line, language = card.line, settings.language
    next_grade, grade = line.get(c.NEXT_GRADE), line.get(c.GRADE)

    def pair(quantity: str, amount: str) -> str:
        return words.pair(line.get(quantity), line.get(amount), language)

    best = bool(grade) and not next_grade
    minimum = ("card.minimum_of", pair(c.NEXT_MIN_QUANTITY, c.NEXT_MIN_AMOUNT)) if next_grade else ("card.minimum_none", words.NOTHING)
    missing = pair(c.GAP_QUANTITY, c.GAP_AMOUNT) if next_grade else words.NOTHING
    cushion = pair(c.CUSHION_QUANTITY, c.CUSHION_AMOUNT)
    above = "card.cushion_none" if cushion == words.NOTHING else "card.cushion_above"
    change, falls = _changes(card, settings)
    quarter = words.quarter_label(card.previous, language)
    way = text("card.best", language) if best else _way_up(card, language)
    return [
        (text(minimum[0], language, grade=next_grade), minimum[1], ""),
        (text("card.own", language), pair(c.QUANTITY, c.AMOUNT), ""),
        (text("card.gap_to" if next_grade else "card.gap_none", language, grade=next_grade), missing, ".strong"),
        (text(above, language, grade=grade), cushion, ""),
        (text("card.change_against", language, quarter=quarter), change, ".down" if falls else ""),
        (text("card.cheapest", language), way, ".up" if next_grade else ""),
    ]


def _changes(card: Card, settings: Settings) -> tuple[str, bool]:
    """Quantity and amount against the earlier quarter, and whether one of them fell enough to be marked."""
    parts, falls = [], False
    for now, before in ((c.QUANTITY, c.PREVIOUS_QUANTITY), (c.AMOUNT, c.PREVIOUS_AMOUNT)):
        earlier, bought = card.line.get(before), card.line.get(now)
        if earlier is None or earlier <= 0:
            parts.append(words.NOTHING)
            continue
        share = ((bought or 0) - earlier) / earlier
        falls |= share <= -settings.change_marked_percent / 100
        parts.append(change_words(share))
    return (words.NOTHING if set(parts) == {words.NOTHING} else " / ".join(parts)), falls


def change_words(share: float | None) -> str:
    """A change as text: `+12%`, `−24%`, a dash where there is nothing to compare with."""
    if share is None:
        return words.NOTHING
    percent = round(share * 100)
    return ">999%" if percent > 999 else f"{words.MINUS if percent < 0 else '+'}{abs(percent)}%"


def _way_up(card: Card, language: Language) -> str:
    if not card.line.get(c.NEXT_GRADE):
        return words.NOTHING
    way = cheapest_way_up(card.line)
    if way is None:
        return text("card.cheapest_reached", language)
    column, missing = way
    kind = ColumnKind.QUANTITY if column == c.GAP_QUANTITY else ColumnKind.MONEY
    number = words.short_figure(words.rounded(missing, SCALE[kind]), language)
    return text("card.cheapest_units" if kind is ColumnKind.QUANTITY else "card.cheapest_money", language, number=number)


# --- What is due, the chart, the products.


def _band(card: Card | None, settings: Settings) -> list[PageLine]:
    """Three lines: the most urgent reason why the customer is due, the others, the advice."""
    language = settings.language
    lines: list[tuple[str | None, str]] = [(None, "crm.customer.calm")] * 3
    if card is not None:
        warned = [warning_words(each, language) for each in card.warnings]
        advice = str(card.line.get(c.ADVICE) or "")
        advised = text("card.advice", language, advice=advice) if advice else None
        more = text("card.separator", language).join(warned[1:])
        if more:
            first = (text("card.warning_first", language, words=warned[0]), "crm.customer.warn")
            lines = [first, (more, "crm.customer.warn.more"), (advised, "crm.customer.calm.more")]
        elif warned:
            first = (text("card.warning_first", language, words=warned[0]), "crm.customer.warn")
            lines = [first, (advised, "crm.customer.warn.more"), (None, "crm.caption")]
        else:
            first = (text("card.nothing_due", language), "crm.customer.calm")
            lines = [first, (advised, "crm.customer.calm.more"), (None, "crm.caption")]
    rows = [PageLine(LINE_PX, [text_cell(0, COLUMNS, said, style, bold=True, indent=12)]) for said, style in lines]
    return [*rows, PageLine(SPACE_PX)]


def warning_words(warned: Warned, language: Language) -> str:
    """Why a customer is due, with the day or how long it is over."""
    if warned.days_overdue:
        return text("card.days_overdue", language, words=warned.words, days=warned.days_overdue)
    return text("card.due_on", language, words=warned.words, day=warned.due_on)


def _figures(card: Card | None, settings: Settings) -> list[PageLine]:
    """Title, then the cells that the chart draws beside the products of the last two quarters."""
    language = settings.language
    title = PageLine(26, [
        text_cell(0, 3, text("card.by_quarter", language), "crm.section", 11.5, True),
        text_cell(3, 3, _dashed(card, language) if card else None, "crm.caption", 9),
        text_cell(6, 6, text("card.by_product", language), "crm.section"),
    ])  # fmt: skip
    behind, products = _behind(card, language), _products(card, settings)
    return [title, *(PageLine(LINE_PX, [*behind[place], *products[place]]) for place in range(CHART_LINES))]


def _minimum(card: Card) -> float | None:
    value = card.line.get(c.NEXT_MIN_QUANTITY) if card.line.get(c.NEXT_GRADE) else None
    return words.quantity(value)


def _dashed(card: Card, language: Language) -> str | None:
    minimum = card.line.get(c.NEXT_MIN_QUANTITY)
    if _minimum(card) is None or not isinstance(minimum, int):
        return None
    number = words.short_figure(words.rounded(minimum, SCALE[ColumnKind.QUANTITY]), language)
    return text("card.dashed", language, grade=card.line.get(c.NEXT_GRADE), number=number)


def _behind(card: Card | None, language: Language) -> list[list[PageCell]]:
    """Quarter, quantity of an earlier quarter or of this one, and the next tier's minimum: what the sheet's own chart draws."""
    shown = card.history[-CHART_LINES:] if card else ()
    rows = []
    for place in range(CHART_LINES):
        at = place - (CHART_LINES - len(shown))
        label, earlier, now, minimum = None, None, None, None
        if card is not None and at >= 0:
            figures = shown[at]
            last = at == len(shown) - 1
            quantity = words.quantity(figures.quantity)
            label, minimum = _axis_label(figures.quarter, language), _minimum(card)
            earlier, now = (None, quantity) if last else (quantity, None)
        numbers = [PageCell(column, value, "crm.customer.behind.right") for column, value in ((1, earlier), (2, now), (3, minimum))]
        rows.append([PageCell(0, label, "crm.customer.behind"), *numbers])
    return rows


def _axis_label(quarter: str, language: Language) -> str:
    """A quarter as short as six of them need it side by side."""
    year, _, number = quarter.partition("Q")
    return text("card.axis", language, year=year, number=number)


def _chart(card: Card, language: Language) -> BarChart:
    shown = card.history[-CHART_LINES:]
    bars = []
    for figures in shown:
        label, bought = _axis_label(figures.quarter, language), figures.quantity
        written = "" if bought is None else words.short_figure(words.rounded(bought, SCALE[ColumnKind.QUANTITY]), language)
        bars.append(Bar(label, words.quantity(bought), written, now=figures is shown[-1]))
    return BarChart(CHART_LINE, CHART_LINES, 0, CHART_COLUMNS, bars, _minimum(card))


def _products(card: Card | None, settings: Settings) -> list[list[PageCell]]:
    """Name, quantity, amount and change of the products of this quarter and the one before."""
    language = settings.language
    heads = [text_cell(6, 3, words.quarter_label(card.quarter, language) if card else None, "crm.customer.head", 9)]
    for column, name in ((9, "quantity"), (10, "amount"), (11, "change")):
        heads.append(text_cell(column, 1, text(f"card.product_{name}", language), "crm.customer.head.right", 9))
    rows = [heads]
    for product in card.products if card else ():
        marked = product.change is not None and abs(product.change) >= settings.change_marked_percent / 100
        figures = [
            None if value is None else words.short_figure(words.rounded(value, scale), language, words.BREVITIES[1])
            for value, scale in ((product.quantity, SCALE[ColumnKind.QUANTITY]), (product.amount, SCALE[ColumnKind.MONEY]))
        ]
        change = words.NOTHING if product.change is None else product.change
        rows.append(
            [
                text_cell(6, 3, product.name, "crm.customer.text"),
                *(PageCell(column, figure or words.NOTHING, "crm.customer.right") for column, figure in zip((9, 10), figures, strict=True)),
                PageCell(11, change, "crm.customer.change.strong" if marked else "crm.customer.change"),
            ]
        )
    if card is not None and not card.products:
        bought = any(card.line.get(name) for name in (c.QUANTITY, c.PREVIOUS_QUANTITY))
        said = text("card.no_products" if bought else "card.no_products_now", language)
        rows.append([text_cell(6, 6, said, "crm.customer.text.quiet")])
    rows += [
        [PageCell(6, None, "crm.customer.text", span=3), *(PageCell(column, None, "crm.customer.right") for column in (9, 10, 11))]
    ] * CHART_LINES
    return rows[:CHART_LINES]
