"""The route sheet: one page definition a route, two lines a customer, ten customers a printed page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache

import polars as pl

from xlcrm.settings import Settings
from xlcrm.sheets import pagewords as words
from xlcrm.sheets.pages import BlockCell, BlockFrame, Page, PageCell, PageLine
from xlcrm.sheets.pagewords import NOTHING
from xlcrm.sheets.textfit import one_line_each, shorten, shorten_advice, shorten_advice_each, shorten_each, too_wide, width_px
from xlcrm.tables import columns as c
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.texts import Language, has, text

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


_BLOCK_LINES = (
    (LINE_1_PX, (
        BlockCell(NUMBER, "number", "crm.route.number"),
        BlockCell(CUSTOMER, "name", "crm.route.name"),
        BlockCell(CONTACT, "contact", "crm.route.contact"),
        BlockCell(GRADE, "grade", styles="grade_style"),
        BlockCell(EARLIER, "earlier", "crm.route.earlier"),
        BlockCell(QUANTITY, "quantity", "crm.route.int", 1, SCALE[ColumnKind.QUANTITY], NOTHING, number_formats="quantity_format"),
        BlockCell(AMOUNT, "amount", "crm.route.money", 1, SCALE[ColumnKind.MONEY], NOTHING, number_formats="amount_format"),
        BlockCell(CHANGE, "change", instead=NOTHING, styles="change_style"),
        BlockCell(MINIMUM, "minimum", "crm.route.minimum"),
        BlockCell(GAP, "gap", "crm.route.gap"),
        BlockCell(NEXT, "next", "crm.route.next"),
    )),
    (LINE_2_PX, (
        BlockCell(NUMBER, "", "crm.route.tick", instead="☐"),
        BlockCell(CUSTOMER, "code", "crm.route.code"),
        BlockCell(CONTACT, "address", "crm.route.address"),
        BlockCell(GRADE, "advice", "crm.route.advice", span=6),
        BlockCell(GAP, "", "crm.route.write", span=2),
    )),
)  # fmt: skip
"""The two lines of a customer, from the columns of `painted_lines`."""


def route_pages(
    lines: pl.DataFrame, settings: Settings, current: str, previous: str, printed_on: dt.date, sheet_names: Mapping[str, str],
    reconciled: Mapping[str, bool],
) -> list[Page]:  # fmt: skip
    """The sheet of each route from the visit lines, routes and lines in the order in which they come; who has no route is on no sheet.

    A line holds what `rules.comparison` gives for a customer: quantities in thousandths, amounts in cents, change as a share.
    sheet_names: by route. reconciled: routes whose states do not add up have False.
    """
    on_route = lines.filter(pl.col(c.ROUTE).is_not_null())
    first = pl.col("place").min().over(c.ROUTE)
    on_route = on_route.with_row_index("place").sort(first, "place").drop("place")
    places = on_route.select(pl.int_range(pl.len()).over(c.ROUTE)).to_series()
    painted = painted_lines(on_route, places, settings)
    found = []
    start = 0
    for part in on_route.partition_by(c.ROUTE, maintain_order=True):
        route = str(part[c.ROUTE][0])
        blocks = BlockFrame(painted, start, part.height, _BLOCK_LINES, "key", "place")
        start += part.height
        batch = str(part[c.BATCH][0] or "") if c.BATCH in part.columns else ""
        page = Page(
            id=f"route:{route}",
            sheet_name=sheet_names[route],
            title=words.route_label(route, batch or None, settings.language),
            column_widths_px=COLUMN_WIDTHS_PX,
            head=_head(part, route, batch or None, settings, current, previous, reconciled.get(route, True)),
            blocks=blocks,
            blocks_per_page=BLOCKS_PER_PAGE,
            footer_left=words.footer(settings, current, previous, printed_on),
            footer_right=words.page_of(settings.language),
            margins_mm=MARGINS_MM,
            way_back=text("sheets.back", settings.language),
        )
        found.append(page)
    return found


def routes_of(lines: pl.DataFrame) -> list[str]:
    """The routes in the order in which they come."""
    return [str(route) for route in lines.get_column(c.ROUTE).drop_nulls().unique(maintain_order=True)]


def _head(
    lines: pl.DataFrame, route: str, batch: str | None, settings: Settings, current: str, previous: str, reconciled: bool
) -> list[PageLine]:
    """Band, counts (which are the legend of the marks too), and the heads of both lines of a block."""
    language = settings.language
    managers = lines.get_column(c.ACCOUNT_MANAGER).drop_nulls()
    manager = str(managers.filter(managers != "").first() or "") if managers.len() else ""
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


def _counts(lines: pl.DataFrame, language: Language, reconciled: bool) -> str:
    """`247 customers   ↑ 30 promoted   116 kept …   ✓ reconciled`."""
    found = dict(lines.get_column(c.STATE).value_counts(sort=False).iter_rows())
    counts = {state: found.get(state, 0) for state in c.STATES}
    total = sum(counts.values())
    parts = [text("print.customers", language, count=lines.height)]
    parts += [text(f"print.state_{state}", language, count=count) for state, count in counts.items()]
    adds_up = reconciled and total == lines.height
    parts.append(text("print.reconciled", language) if adds_up else text("print.not_reconciled", language, sum=total))
    joined = "     ".join(parts)
    return shorten(joined, _span_px(NUMBER, len(COLUMN_WIDTHS_PX)))


def painted_lines(lines: pl.DataFrame, places: pl.Series, settings: Settings) -> pl.DataFrame:
    """What stands in each cell of the blocks, a row a customer; `places` counts the customers of a route from 0.

    A figure that is not known is null. Texts are as long as their cell allows.
    """
    language = settings.language
    lines = lines.with_columns(_missing(lines))
    code = lines[c.CUSTOMER_CODE]
    state = pl.col(c.STATE)
    marked = pl.col(c.CHANGE).abs() * 100 >= settings.change_marked_percent - 1e-9
    cells = lines.select(
        key=c.CUSTOMER_CODE,
        place=places,
        number=places + 1,
        grade=_blank_as(c.SHOWN, NOTHING),
        grade_style=pl.when(state.is_in([c.UP, c.DOWN])).then(pl.lit("crm.route.grade.") + state)
        .otherwise(pl.when(state == c.KEPT).then(pl.lit("crm.route.grade")).otherwise(pl.lit("crm.route.grade.other"))),
        earlier=_blank_as(c.PREVIOUS_GRADE, NOTHING),
        quantity=c.QUANTITY,
        quantity_format=_short_format(c.QUANTITY, ColumnKind.QUANTITY, language),
        amount=c.AMOUNT,
        amount_format=_short_format(c.AMOUNT, ColumnKind.MONEY, language),
        change=c.CHANGE,
        change_style=pl.when(marked).then(pl.lit("crm.route.change.strong")).otherwise(pl.lit("crm.route.change")),
    )  # fmt: skip
    names = lines.select(_blank_as(c.CUSTOMER_NAME, pl.col(c.CUSTOMER_CODE))).to_series()
    return cells.with_columns(
        name=shorten_each(names, _span_px(CUSTOMER, CONTACT), 11, True),
        contact=_contacts(lines[c.CONTACT], lines[c.PHONE]),
        minimum=_minimums(lines, language),
        gap=_gaps(lines[c.GAP_QUANTITY], lines[c.GAP_AMOUNT], language),
        next=_last_and_next(lines, language),
        code=shorten_each(code, COLUMN_WIDTHS_PX[CUSTOMER] - INDENT_PX),
        address=shorten_each(lines[c.ADDRESS], COLUMN_WIDTHS_PX[CONTACT] - INDENT_PX),
        advice=_advice(lines, settings),
    )


_TEXTS = (
    c.CUSTOMER_NAME, c.CONTACT, c.PHONE, c.ADDRESS, c.SHOWN, c.PREVIOUS_GRADE, c.GRADE, c.STATE, c.NEXT_GRADE, c.ADVICE, LAST_KIND,
    c.NEXT_ACTION,
)  # fmt: skip
_FIGURES = (c.QUANTITY, c.AMOUNT, c.GAP_QUANTITY, c.GAP_AMOUNT, c.NEXT_MIN_QUANTITY, c.NEXT_MIN_AMOUNT, c.SKIPPED_TIERS)
_KINDS: Mapping[str, type[pl.DataType]] = {
    **dict.fromkeys(_TEXTS, pl.String), **dict.fromkeys(_FIGURES, pl.Int64), c.CHANGE: pl.Float64,
    c.LAST_FOLLOW_UP: pl.Date, c.NEXT_ACTION_ON: pl.Date,
}  # fmt: skip


def _missing(lines: pl.DataFrame) -> list[pl.Expr]:
    """Every column that a block needs, in its type; one that the lines lack, or that holds nothing at all, is blank."""
    return [(pl.col(name) if name in lines.columns else pl.lit(None)).cast(kind).alias(name) for name, kind in _KINDS.items()]


def _blank_as(column: str, instead: str | pl.Expr) -> pl.Expr:
    """A column of texts with something else where it is blank."""
    return pl.when(pl.col(column) != "").then(pl.col(column)).otherwise(instead if isinstance(instead, pl.Expr) else pl.lit(instead))


def _short_format(column: str, kind: ColumnKind, language: Language) -> pl.Expr:
    """From 100,000 on a figure is shortened by its number format, and stays a number."""
    large = pl.col(column).abs() >= words.SHORTENED_FROM * SCALE[kind]
    return pl.when(large).then(pl.lit(words.SHORT_MONEY[language])).otherwise(pl.lit(""))


def _contacts(names: pl.Series, phones: pl.Series) -> pl.Series:
    """Name and phone; where both do not fit, the name gives way, for the phone is needed whole."""
    room = COLUMN_WIDTHS_PX[CONTACT] - INDENT_PX
    names, phones = one_line_each(names), words.phone_numbers(phones.fill_null(""))
    both = pl.select(pl.when((names != "") & (phones != "")).then(names + "  " + phones).otherwise(names + phones)).to_series()
    cut = too_wide(both, room)
    if not cut.any():
        return one_line_each(both)
    shortened = cache(shorten)  # digits are all as wide as one another: a name meets the same room again and again

    def fitted(name: str, phone: str) -> str:
        if not name or not phone:
            return shortened(name or phone, room)
        tail = f"  {phone}"
        taken = width_px(tail)
        return shortened(name, room - taken) + tail if taken < room * 0.8 else shortened(phone, room)

    pairs = zip(names.filter(cut).to_list(), phones.filter(cut).to_list(), strict=True)
    return both.scatter(cut.arg_true(), [fitted(name, phone) for name, phone in pairs])


def _minimums(lines: pl.DataFrame, language: Language) -> pl.Series:
    """`CS1  109 / 192`: the next better grade and what it asks for; there are about as many different ones as there are grades."""
    columns = [c.NEXT_GRADE, c.NEXT_MIN_QUANTITY, c.NEXT_MIN_AMOUNT]
    different = lines.select(columns).unique()
    shown = [
        _pair(quantity, amount, grade, COLUMN_WIDTHS_PX[MINIMUM], False, language) if grade else NOTHING
        for grade, quantity, amount in different.iter_rows()
    ]
    found = different.with_columns(minimum=pl.Series(shown, dtype=pl.String))
    return lines.select(columns).join(found, on=columns, how="left", nulls_equal=True, maintain_order="left")["minimum"]


def _gaps(quantities: pl.Series, amounts: pl.Series, language: Language) -> pl.Series:
    """`12 / 340`; the few that have too little room for that are written one by one."""
    px = COLUMN_WIDTHS_PX[GAP]
    usual = words.pairs(quantities, amounts)
    odd = usual.is_null() | too_wide(usual, px - DIGIT_PX, bold=True)
    if not odd.any():
        return usual
    figures = zip(quantities.filter(odd).to_list(), amounts.filter(odd).to_list(), strict=True)
    return usual.scatter(odd.arg_true(), [_pair(quantity, amount, "", px, True, language) for quantity, amount in figures])


def _pair(quantity: int | None, amount: int | None, before: str, px: int, bold: bool, language: Language) -> str:
    """Two figures behind a grade; where that is too wide the figures are rounded further."""
    for brevity in words.BREVITIES:
        written = words.pair(quantity, amount, language, brevity)
        if written == NOTHING:
            return written
        written = (f"{before} " if brevity.tight else f"{before}  ") + written if before else written
        if width_px(written, bold=bold) <= px - DIGIT_PX:
            return written
    return shorten(written, px - DIGIT_PX, bold=bold)


def _last_and_next(lines: pl.DataFrame, language: Language) -> pl.Series:
    """`12-14 visit → 01-10 display`: the last follow-up and what was agreed; a dash where there was none."""
    kinds = [kind for kind in lines[LAST_KIND].unique().to_list() if kind]
    named = pl.col(LAST_KIND).replace(kinds, [text(f"choices.{kind}", language) if has(f"choices.{kind}") else kind for kind in kinds])
    last, coming = _dated(c.LAST_FOLLOW_UP, named), _dated(c.NEXT_ACTION_ON, pl.col(c.NEXT_ACTION))
    both = pl.concat_str(last.replace("", NOTHING), pl.lit(f" {words.ARROW} "), coming.replace("", NOTHING))
    shown = lines.select(pl.when((last == "") & (coming == "")).then(pl.lit(NOTHING)).otherwise(both)).to_series()
    return shorten_each(shown, COLUMN_WIDTHS_PX[NEXT] - INDENT_PX)


def _dated(day: str, what: pl.Expr) -> pl.Expr:
    """`12-14 visit`, or the one of the two that there is."""
    return pl.concat_str(pl.col(day).dt.strftime("%m-%d"), pl.when(what != "").then(what), separator=" ", ignore_nulls=True)


def _advice(lines: pl.DataFrame, settings: Settings) -> pl.Series:
    """The line of advice; where the next tier is not the one right above, which ones were passed over, for nobody holds them."""
    room = _span_px(GRADE, GAP)
    advice = shorten_advice_each(lines[c.ADVICE], room)
    passed = (lines[c.SKIPPED_TIERS] > 0).fill_null(False)
    if not passed.any():
        return advice
    some = lines.filter(passed).select(c.GRADE, c.SKIPPED_TIERS).iter_rows()
    notes = [_passed_over(grade, count, settings) for grade, count in some]
    told = zip(lines[c.ADVICE].filter(passed).fill_null("").to_list(), notes, strict=True)
    return advice.scatter(passed.arg_true(), [(shorten_advice(line, room - width_px(note)) + note).strip() for line, note in told])


def _passed_over(grade: str, skipped: int, settings: Settings) -> str:
    """` (CS2: nobody)`: the sizes between a grade and its next better tier; of three and more the first and the last."""
    parts = settings.grammar.parse(grade)
    if parts is None:
        return ""
    own = settings.grammar.sizes.index(parts.size)
    tiers = [f"{parts.business_type}{size}" for size in settings.grammar.sizes[max(own - skipped, 0) : own]]
    named = text("print.list_separator", settings.language).join(tiers) if len(tiers) < 3 else f"{tiers[0]}–{tiers[-1]}"
    space = "" if settings.language == "zh" else " "  # Chinese brackets bring their own room
    return space + text("print.passed_over", settings.language, grades=named)


def _span_px(start: int, stop: int) -> int:
    """Room for text in merged columns."""
    return sum(COLUMN_WIDTHS_PX[start:stop]) - INDENT_PX
