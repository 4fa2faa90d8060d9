"""Faults of counting formulas: 2 customers lost to `#N/A`, 7 references fixed too much, 8 ranges that drift, 10 counted twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from xlcrm.audit.arrows import Arrow, direction
from xlcrm.audit.book import NOT_AVAILABLE, Sheet, Value
from xlcrm.audit.evaluate import ConditionalParts, conditional_parts
from xlcrm.audit.formulas import Area, Call, Edge, Formula, Node, calls, walk, with_areas
from xlcrm.audit.functions import Unsupported
from xlcrm.audit.report import Finding, Miscounted
from xlcrm.audit.workroom import Spot, Workroom, places
from xlcrm.tables import columns as c

COUNTING = ("COUNTIF", "COUNTIFS", "SUMPRODUCT")
CONDITIONAL = (*COUNTING, "SUMIF", "SUMIFS", "MINIFS", "MAXIFS", "AVERAGEIF", "AVERAGEIFS")
_LOOKUPS = ("VLOOKUP", "MATCH", "XLOOKUP")
_PEOPLE_COLUMNS = (c.ROUTE, c.VISIT_ORDER, c.CONTACT, c.PHONE, c.ADDRESS)


def aggregates(formula: Formula) -> list[Call]:
    """The calls of a formula that go through ranges: COUNTIF and its like, and MIN or MAX over an IF."""
    over_if = [call for call in calls(formula.tree, "MIN", "MAX", "SUM", "COUNT") if calls(call, "IF")]
    return calls(formula.tree, *CONDITIONAL) + over_if


def _ranges(call: Call) -> list[Area]:
    return [node for node in walk(call) if isinstance(node, Area) and not node.is_cell]


def counted_columns(room: Workroom) -> dict[tuple[str, int], tuple[Formula, set[int]]]:
    """Every column that a count goes through: (sheet, column) -> the first such formula and the rows it reads."""
    found: dict[tuple[str, int], tuple[Formula, set[int]]] = {}
    for formula, spots in room.copies.items():
        for call in aggregates(formula):
            if call.name not in COUNTING:
                continue
            for area in _ranges(call):
                seen: set[tuple[str | None, int, int, int]] = set()
                for spot in spots:
                    try:
                        sheet, box = room.calculator.box(area, spot.sheet, spot.row, spot.column)
                    except Unsupported:
                        continue
                    place = (sheet.name, box.left, box.top, box.bottom)
                    if place in seen or len(seen) > 200:
                        continue
                    seen.add(place)
                    rows = found.setdefault((sheet.name, box.left), (formula, set()))[1]
                    rows.update(range(max(box.top, room.layout(sheet).header_row + 1), box.bottom + 1))
    return found


def _root_of_error(room: Workroom, spot: Spot, depth: int = 0) -> Spot | None:
    """The lookup whose `#N/A` a cell repeats."""
    formula = spot.sheet.formula(spot.row, spot.column)
    if formula is None or depth > 8:
        return None
    if calls(formula.tree, *_LOOKUPS):
        return spot
    for area in room.areas[formula]:
        if area.is_cell and area.sheet is None:
            before = Spot(spot.sheet, area.top.number(spot.row), area.left.number(spot.column))
            if room.value(before) == (True, NOT_AVAILABLE):
                root = _root_of_error(room, before, depth + 1)
                if root is not None:
                    return root
    return None


def vanished_faults(room: Workroom, found: list[Arrow]) -> list[Finding]:
    """Fault 2: rows of a counted (or compared) column that show `#N/A` and so are in no count."""
    verdicts = {arrow.spot: arrow for arrow in found}
    columns = {place: rows for place, (_, rows) in counted_columns(room).items()}
    for arrow in found:
        columns.setdefault((arrow.spot.sheet.name, arrow.spot.column), set()).add(arrow.spot.row)
    lost: dict[Formula, dict[Spot, Miscounted]] = {}
    for (name, column), rows in columns.items():
        sheet = room.book.sheet(name)
        if sheet is None or column not in sheet.formulas:
            continue
        spots = [Spot(sheet, row, column) for row in sorted(rows & sheet.formulas[column].keys())]
        for spot in spots:
            root = _root_of_error(room, spot) if room.value(spot) == (True, NOT_AVAILABLE) else None
            if root is None:
                continue
            formula = root.sheet.formulas[root.column][root.row]
            arrow_here = verdicts.get(spot)
            right = arrow_here.verdict.shown if arrow_here else ""
            person = room.person(sheet, spot.row)
            lost.setdefault(formula, {})[root] = Miscounted(person.code, person.name, NOT_AVAILABLE.code, right)
    findings = []
    for formula, people in lost.items():
        total = len(room.copies[formula])
        saved = all(Workroom.saved(spot) for spot in people)
        customers = tuple(dict.fromkeys(people.values()))
        findings.append(Finding(2, places(people), formula.written, customers, float(total - len(people)), float(total), saved))
    return findings


def _fixed(area: Area, row: int, top: int | None = None, bottom: int | None = None) -> Area:
    """The range with its rows fixed: those it has for a formula in that row, or these."""
    first, last = area.top.number(row) if top is None else top, area.bottom.number(row) if bottom is None else bottom
    return Area(area.sheet, Edge(first, True), area.left, Edge(last, True), area.right)


def _drifts(area: Area, call: Call) -> bool:
    """Whether the range moves down with each copy, and not on purpose (counting a column's own cells from here on)."""
    if area.is_cell or area.top.fixed or (not area.bottom.fixed and area.bottom.at == area.top.at):
        return False
    own = [node for node in walk(call) if isinstance(node, Area) and node.is_cell and node.sheet == area.sheet and node.left == area.left]
    return not own


@dataclass(slots=True)
class _Drift:
    """The copies of one formula on one sheet, whichever sheets and texts it names, that leave customers behind."""

    formula: Formula
    wrong: dict[Spot, tuple[Value, Value]] = field(default_factory=dict)
    people: dict[Miscounted, None] = field(default_factory=dict)
    counts: bool = True

    def finding(self) -> Finding:
        hand_made, right = (_sum(pair[side] for pair in self.wrong.values()) if self.counts else None for side in (0, 1))
        saved = all(Workroom.saved(spot) for spot in self.wrong)
        return Finding(8, places(self.wrong), self.formula.written, tuple(self.people), hand_made, right, saved)


_NAMED = re.compile(r"\"[^\"]*\"|(?:'[^']*'|[^\W\d][\w.]*)!")


def drifting_faults(room: Workroom) -> list[Finding]:
    """Fault 8: ranges without `$` that leave the first rows behind when copied down. Lookups are judged with the lookups."""
    found: dict[tuple[str, str], _Drift] = {}
    for formula, spots in room.copies.items():
        drifting = [call for call in aggregates(formula) if any(_drifts(area, call) for area in _ranges(call))]
        if not drifting or len({spot.row for spot in spots}) < 2:
            continue
        first_rows: dict[tuple[str, int], int] = {}
        for spot in spots:
            place = (spot.sheet.name, spot.column)
            first_rows[place] = min(spot.row, first_rows.get(place, spot.row))
        for spot in spots:
            first = first_rows[spot.sheet.name, spot.column]
            try:
                lost = [person for call in drifting for person in _left_behind(room, call, spot, first)]
                right = _repaired(room, formula, spot, first) if lost else None
            except Unsupported:
                continue
            hand_made = room.value(spot)[1]
            if lost and right != hand_made:
                drift = found.setdefault((spot.sheet.name, _NAMED.sub("", formula.written)), _Drift(formula))
                drift.counts = drift.counts and all(call.name in COUNTING for call in drifting)
                drift.wrong[spot] = (hand_made, right)
                drift.people.update(dict.fromkeys(lost))
    return [drift.finding() for drift in found.values()]


def _sum(values: Iterable[Value]) -> float:
    return float(sum(value for value in values if isinstance(value, float)))


def _repaired(room: Workroom, formula: Formula, spot: Spot, first: int) -> Value:
    tree = formula.tree
    if tree is None:
        raise Unsupported
    whole = with_areas(tree, lambda area: area if area.is_cell or area.top.fixed else _fixed(area, first))
    return room.calculator.single(whole, spot.sheet, spot.row, spot.column)


def _left_behind(room: Workroom, call: Call, spot: Spot, first: int) -> Iterator[Miscounted]:
    """The customers whom the first copy's range holds, this copy's does not, and whom the call would have taken."""
    ranges = [area for area in _ranges(call) if _drifts(area, call)]
    if not ranges or spot.row == first:
        return
    sheet, box = room.calculator.box(_fixed(ranges[0], first), spot.sheet, spot.row, spot.column)
    header = room.layout(sheet).header_row
    lost = range(max(0, header + 1 - box.top), min(spot.row - first, box.bottom - box.top + 1))
    parts = conditional_parts(call)
    taken = _one_by_one(room, call, ranges, spot, first, lost) if parts is None else _by_criteria(room, parts, spot, first, lost)
    for offset in taken:
        yield room.person(sheet, box.top + offset)


def _by_criteria(room: Workroom, parts: ConditionalParts, spot: Spot, first: int, lost: range) -> list[int]:
    """The lost rows (from the range's first) that meet all criteria and, where figures are summed, hold one that is not 0."""
    figures, conditions = parts
    chosen = set(lost)
    for area, wanted in conditions:
        sheet, box = room.calculator.box(_fixed(area, first), spot.sheet, spot.row, spot.column)
        value = room.calculator.single(wanted, spot.sheet, spot.row, spot.column)
        chosen &= {row - box.top for row in room.calculator.rows_where(value, sheet, box.left, box.top, box.bottom)}
    if figures is not None:
        sheet, box = room.calculator.box(_fixed(figures, first), spot.sheet, spot.row, spot.column)
        chosen = {offset for offset in chosen if room.calculator.value(sheet, box.top + offset, box.left) not in (None, 0.0, "")}
    return sorted(chosen)


def _one_by_one(room: Workroom, call: Call, ranges: list[Area], spot: Spot, first: int, lost: range) -> Iterator[int]:
    """The lost rows that alone would make the call give something: any formula, but slow."""
    for offset in lost:

        def one_row(area: Area, at: int = offset) -> Area:
            row = area.top.number(first) + at
            return _fixed(area, first, row, row) if area in ranges else area

        alone = room.calculator.single(with_areas(call, one_row), spot.sheet, spot.row, spot.column)
        if isinstance(alone, float) and alone != 0:
            yield offset


def _fixed_across(room: Workroom, formula: Formula) -> bool:
    """Whether the formula gives the same in every column, though it is about its row or goes through a range; one about a single
    fixed cell (a price, a date) is meant to."""
    areas = room.areas[formula]
    return (
        bool(areas)
        and not isinstance(formula.tree, Area)
        and all(area.left.fixed and area.right.fixed for area in areas)
        and any(not area.is_cell or not area.top.fixed for area in areas)
        and not calls(formula.tree, "COLUMN", "COLUMNS", "RAND", "RANDBETWEEN", *_LOOKUPS, "INDEX", "IF")
    )


def _head(sheet: Sheet, row: int, column: int) -> str:
    """The nearest text above a cell."""
    for above in range(row - 1, max(row - 400, 0), -1):
        value = sheet.value(above, column)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _label(room: Workroom, sheet: Sheet, row: int) -> str | None:
    """The grade that a row of statistics is about."""
    texts = [sheet.value(row, column) for column in sorted(sheet.values) if isinstance(sheet.value(row, column), str)]
    return next((grade for grade in room.clean_grades(texts[:3]) if grade is not None), None)


def copied_right_faults(room: Workroom, found: list[Arrow]) -> list[Finding]:
    """Fault 7: the same fixed references side by side under different headers."""
    findings = []
    for formula, spots in room.copies.items():
        if not _fixed_across(room, formula):
            continue
        by_row: dict[tuple[str, int], list[Spot]] = {}
        for spot in spots:
            by_row.setdefault((spot.sheet.name, spot.row), []).append(spot)
        wrong: list[Spot] = []
        people: dict[Miscounted, None] = {}
        totals = [0.0, 0.0]
        complete = True
        for group in by_row.values():
            heads = [_head(spot.sheet, spot.row, spot.column) for spot in group]
            if len(group) < 2 or len(set(heads)) < 2:
                continue
            for spot, head in list(zip(group, heads, strict=True))[1:]:
                hand_made = room.value(spot)[1]
                right = _right_count(room, formula, spot, group[0], head, found)
                if right is not None and right == hand_made:
                    continue
                wrong.append(spot)
                complete = complete and right is not None and isinstance(hand_made, float)
                totals[0] += hand_made if isinstance(hand_made, float) else 0.0
                totals[1] += right or 0.0
                people.update(dict.fromkeys(_people_of(room, spot, head, found)))
        if wrong:
            saved = all(Workroom.saved(spot) for spot in wrong)
            hand_made_total, right_total = (totals[0], totals[1]) if complete else (None, None)
            findings.append(Finding(7, places(wrong), formula.written, tuple(people), hand_made_total, right_total, saved))
    return findings


def _right_count(room: Workroom, formula: Formula, spot: Spot, first: Spot, head: str, found: list[Arrow]) -> float | None:
    """What the cell should show: the sum of its own columns, or the customers whom its header and its row's grade mean."""
    tree = formula.tree
    if tree is None:
        return None
    if all(area.is_cell and area.sheet is None for area in room.areas[formula]):
        step = spot.column - first.column

        def moved(area: Area) -> Area:
            left = Edge(area.left.at + step, True)
            return Area(area.sheet, area.top, left, area.bottom, left)

        try:
            value = room.calculator.single(with_areas(tree, moved), spot.sheet, spot.row, spot.column)
        except Unsupported:
            return None
        return value if isinstance(value, float) else None
    return float(len(_arrows_of(room, spot, head, found, _rows_read(room, tree, spot))))


def _rows_read(room: Workroom, tree: Node, spot: Spot) -> set[tuple[str, int]] | None:
    """The (sheet, row) pairs of all ranges a formula reads."""
    rows: set[tuple[str, int]] = set()
    for area in (node for node in walk(tree) if isinstance(node, Area) and not node.is_cell):
        try:
            sheet, box = room.calculator.box(area, spot.sheet, spot.row, spot.column)
        except Unsupported:
            return None
        rows.update((sheet.name, row) for row in range(box.top, box.bottom + 1))
    return rows or None


def _arrows_of(room: Workroom, spot: Spot, head: str, found: list[Arrow], rows: set[tuple[str, int]] | None) -> list[Arrow]:
    grade = _label(room, spot.sheet, spot.row)
    if grade is None:
        return []
    meant = [arrow for arrow in found if arrow.verdict.grade == grade and arrow.verdict.state == direction(head)]
    return [arrow for arrow in meant if rows is None or (arrow.spot.sheet.name, arrow.spot.row) in rows]


def _people_of(room: Workroom, spot: Spot, head: str, found: list[Arrow]) -> Iterator[Miscounted]:
    formula = spot.sheet.formula(spot.row, spot.column)
    rows = _rows_read(room, formula.tree, spot) if formula is not None and formula.tree is not None else None
    for arrow in _arrows_of(room, spot, head, found, rows):
        yield arrow.who


def counted_twice_faults(room: Workroom, found: list[Arrow]) -> list[Finding]:
    """Fault 10: one customer in several rows that are counted."""
    compared = {arrow.spot.sheet.name for arrow in found}
    rows_of: dict[str, dict[Spot, Formula]] = {}
    total = 0
    for (name, _), (formula, rows) in counted_columns(room).items():
        sheet = room.book.sheet(name)
        column = room.code_column(sheet) if sheet is not None else None
        if sheet is None or column is None:
            continue
        if name not in compared and not any(room.layout(sheet).columns.get(kind) for kind in _PEOPLE_COLUMNS):
            continue
        for row, code in room.codes(sheet, column).code.items():
            if row in rows:
                spots = rows_of.setdefault(code, {})
                total += Spot(sheet, row, column) not in spots
                spots.setdefault(Spot(sheet, row, column), formula)
    twice = {code: spots for code, spots in rows_of.items() if len(spots) > 1}
    if not twice:
        return []
    all_spots = [spot for spots in twice.values() for spot in spots]
    people = []
    for code_spots in twice.values():
        first = next(iter(code_spots))
        person = room.person(first.sheet, first.row)
        people.append(Miscounted(person.code, person.name, f"×{len(code_spots)}", "×1"))
    formula = next(iter(next(iter(twice.values())).values()))
    return [Finding(10, places(all_spots), formula.written, tuple(people), float(total), float(len(rows_of)), calculated=True)]
