"""Faults of lookups by customer code: 1 text against number, 4 spaces, 8 drifting ranges, 9 damaged codes, 10 doubled codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from xlcrm.audit.book import ErrorValue, Sheet, Value
from xlcrm.audit.formulas import Area, Box, Call, Formula, Literal, calls
from xlcrm.audit.functions import Unsupported
from xlcrm.audit.report import Finding, Miscounted
from xlcrm.audit.values import as_text
from xlcrm.audit.workroom import Spot, Workroom, is_blank, places
from xlcrm.tables import columns as c

LOOKUPS = ("VLOOKUP", "MATCH", "XLOOKUP")


@dataclass(frozen=True, slots=True)
class Lookup:
    """One lookup of one cell: what it looks for, where, and the column it brings back (None for a MATCH)."""

    spot: Spot
    wanted: Value
    area: Area
    target: Sheet
    box: Box
    result_column: int | None


def _key_area(call: Call) -> Area | None:
    area = call.arguments[1] if len(call.arguments) > 1 else None
    return area if isinstance(area, Area) and not area.is_cell else None


def _result_column(call: Call, formula: Formula, spot: Spot, box: Box) -> int | None:
    if call.name == "VLOOKUP":
        offset = call.arguments[2] if len(call.arguments) > 2 else None
        return box.left + int(offset.value) - 1 if isinstance(offset, Literal) and isinstance(offset.value, float) else None
    if call.name == "XLOOKUP":
        result = call.arguments[2] if len(call.arguments) > 2 else None
        return result.at(spot.row, spot.column).left if isinstance(result, Area) else None
    for index in calls(formula.tree, "INDEX"):
        if call in index.arguments and isinstance(index.arguments[0], Area):
            return index.arguments[0].at(spot.row, spot.column).left
    return None


def lookups_of(room: Workroom, formula: Formula, spots: list[Spot]) -> Iterator[Lookup]:
    """The lookups by customer code of all copies of a formula; those whose key is blank are left out."""
    for call in calls(formula.tree, *LOOKUPS):
        area = _key_area(call)
        if area is None:
            continue
        for spot in spots:
            try:
                target, box = room.calculator.box(area, spot.sheet, spot.row, spot.column)
                if room.layout(target).means(box.left) not in (None, c.CUSTOMER_CODE):
                    break
                wanted = room.calculator.single(call.arguments[0], spot.sheet, spot.row, spot.column)
            except Unsupported:
                continue
            if not isinstance(wanted, ErrorValue) and not is_blank(wanted):
                yield Lookup(spot, wanted, area, target, box, _result_column(call, formula, spot, box))


def true_rows(room: Workroom, lookup: Lookup) -> list[int]:
    """The rows of the whole export whose code, cleaned, is the one looked for."""
    own = room.codes(lookup.target, lookup.box.left)
    code = room.clean_codes([lookup.wanted])[0]
    return own.rows.get(code, []) if code is not None else []


def _result(room: Workroom, lookup: Lookup, row: int) -> Value:
    return room.calculator.known(lookup.target, row, lookup.result_column)[1] if lookup.result_column is not None else None


def _fault_of(room: Workroom, lookup: Lookup) -> tuple[int, Value] | None:
    """The fault of one lookup and the right result."""
    found = room.calculator.find(lookup.wanted, lookup.target, lookup.box.left, lookup.box.top, lookup.box.bottom)
    damaged = room.codes(lookup.target, lookup.box.left).damaged
    if found is not None and found in damaged:
        same = [row for row in damaged if lookup.target.value(row, lookup.box.left) == lookup.wanted]
        return (9, None) if len(same) > 1 else None
    rights = true_rows(room, lookup)
    if not rights:
        return None
    right = _result(room, lookup, rights[0])
    if found is None:
        known, shown = room.value(lookup.spot)
        if known and not isinstance(shown, ErrorValue) and not is_blank(shown):
            return None  # the program that saved it found the customer all the same
        within = [row for row in rights if lookup.box.top <= row <= lookup.box.bottom]
        if not within:
            return (8, right) if not lookup.area.top.fixed and max(rights) < lookup.box.top else None
        written = lookup.target.value(within[0], lookup.box.left)
        return (1 if isinstance(written, str) != isinstance(lookup.wanted, str) else 4), right
    if len(rights) > 1:
        results = [_result(room, lookup, row) for row in rights]
        if len({as_text(value) for value in results}) > 1:
            numbers = [value for value in results if isinstance(value, float)]
            return 10, sum(numbers) if len(numbers) == len(results) else None
    return None


def lookup_faults(room: Workroom) -> list[Finding]:
    """Lookups that miss a customer or take the wrong row."""
    findings: list[Finding] = []
    for formula, spots in room.copies.items():
        found: dict[int, dict[Spot, Miscounted]] = {}
        lookups = list(lookups_of(room, formula, spots))
        room.clean_codes([lookup.wanted for lookup in lookups])  # all at once: one by one is slow
        for lookup in lookups:
            try:
                verdict = _fault_of(room, lookup)
            except Unsupported:
                continue
            if verdict is None:
                continue
            fault, right = verdict
            shown = as_text(room.value(lookup.spot)[1]).strip()
            both = "?" if fault == 9 else as_text(right) if right is not None else _all_results(room, lookup)
            who = replace(room.person(lookup.spot.sheet, lookup.spot.row, lookup.wanted), hand_made=shown, right=both)
            found.setdefault(fault, {})[lookup.spot] = who
        for fault, customers in found.items():
            findings.append(_finding(fault, formula, spots, customers))
    return findings


def _all_results(room: Workroom, lookup: Lookup) -> str:
    """All results of a doubled code: which one is right only the user can say."""
    return " / ".join(dict.fromkeys(as_text(_result(room, lookup, row)) for row in true_rows(room, lookup)))


def _finding(fault: int, formula: Formula, spots: list[Spot], customers: dict[Spot, Miscounted]) -> Finding:
    saved = all(Workroom.saved(spot) for spot in customers)
    people = tuple(dict.fromkeys(customers.values()))
    if fault in (9, 10):
        return Finding(fault, places(customers), formula.written, people, calculated=saved)
    return Finding(fault, places(customers), formula.written, people, float(len(spots) - len(customers)), float(len(spots)), saved)
