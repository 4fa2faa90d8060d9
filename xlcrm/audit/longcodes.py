"""Fault 9: codes that lost their digits, and counts that compare only fifteen of them."""

from __future__ import annotations

from dataclasses import replace

from xlcrm.audit.book import Value
from xlcrm.audit.evaluate import conditional_parts
from xlcrm.audit.formulas import Area, Call, Formula, calls
from xlcrm.audit.functions import Unsupported
from xlcrm.audit.lookups import LOOKUPS
from xlcrm.audit.report import Finding, Miscounted
from xlcrm.audit.values import as_text
from xlcrm.audit.workroom import Spot, Workroom, places
from xlcrm.tables import columns as c

_BY_CODE = ("SUMIF", "SUMIFS", "COUNTIF", "COUNTIFS")
_KEPT_DIGITS = 15


def damaged_code_faults(room: Workroom) -> list[Finding]:
    """Columns of customer codes that formulas look in or look up from, and that hold codes which lost digits: one finding."""
    using = _formula_using_codes(room)
    spots: list[Spot] = []
    formula: Formula | None = None
    for name, layout in room.layouts.items():
        for column in layout.columns.get(c.CUSTOMER_CODE, ()):
            damaged = room.codes(layout.sheet, column).damaged
            if damaged and (name, column) in using:
                formula = formula or using[name, column]
                spots += [Spot(layout.sheet, row, column) for row in sorted(damaged)]
    if formula is None:
        return []
    people = {room.person(spot.sheet, spot.row): None for spot in spots}
    codes = {room.value(spot)[1] for spot in spots}
    return [Finding(9, places(spots), formula.written, tuple(people), float(len(codes)), float(len(people)))]


def _formula_using_codes(room: Workroom) -> dict[tuple[str, int], Formula]:
    """Columns of codes that a lookup or count by code reads, on either side."""
    using: dict[tuple[str, int], Formula] = {}
    for formula, spots in room.copies.items():
        sheets = {spot.sheet.name: spot for spot in spots}
        for call in calls(formula.tree, *LOOKUPS, *_BY_CODE):
            for area in (argument for argument in call.arguments if isinstance(argument, Area)):
                for spot in sheets.values():
                    try:
                        sheet, box = room.calculator.box(area, spot.sheet, spot.row, spot.column)
                    except Unsupported:
                        continue
                    code = room.code_column(sheet)
                    if code is not None and box.left <= code <= box.right:
                        using.setdefault((sheet.name.casefold(), code), formula)
    return using


def fifteen_digit_faults(room: Workroom) -> list[Finding]:
    """SUMIF and COUNTIF by a long text code: they take it for a number and so take every code that begins with the same 15 digits."""
    findings = []
    for formula, spots in room.copies.items():
        wrong: dict[Spot, Miscounted] = {}
        for call in calls(formula.tree, *_BY_CODE):
            for spot in spots:
                try:
                    mixed = _mixed(room, call, spot)
                except Unsupported:
                    continue
                if mixed is not None:
                    shown = as_text(room.value(spot)[1])
                    wrong[spot] = replace(room.person(spot.sheet, spot.row, mixed[0]), hand_made=shown, right=as_text(mixed[1]))
        if wrong:
            saved = all(Workroom.saved(spot) for spot in wrong)
            findings.append(Finding(9, places(wrong), formula.written, tuple(dict.fromkeys(wrong.values())), calculated=saved))
    return findings


def _mixed(room: Workroom, call: Call, spot: Spot) -> tuple[Value, Value] | None:
    """The code looked for and the right result, where other codes are taken along; only for one condition."""
    parts = conditional_parts(call)
    if parts is None or len(parts[1]) != 1:
        return None
    figures, ((area, wanted_node),) = parts
    wanted = room.calculator.single(wanted_node, spot.sheet, spot.row, spot.column)
    if not isinstance(wanted, str) or len(wanted.strip()) <= _KEPT_DIGITS or not wanted.strip().isdigit():
        return None
    sheet, box = room.calculator.box(area, spot.sheet, spot.row, spot.column)
    taken = room.calculator.rows_where(wanted, sheet, box.left, box.top, box.bottom)
    own = [row for row in taken if as_text(sheet.value(row, box.left)).strip() == wanted.strip()]
    if len(own) == len(taken):
        return None
    right: Value = float(len(own))
    if figures is not None:
        source, target = room.calculator.box(figures, spot.sheet, spot.row, spot.column)
        numbers = [room.calculator.value(source, target.top + row - box.top, target.left) for row in own]
        right = float(sum(number for number in numbers if isinstance(number, float)))
    known, shown = room.value(spot)
    return None if known and shown == right else (wanted, right)
