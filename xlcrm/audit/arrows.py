"""Faults of comparing two grades: 3 blanks, 4 spaces, 5 type changes, 6 last characters."""

from __future__ import annotations

from dataclasses import dataclass

from xlcrm.audit.book import ErrorValue, Value
from xlcrm.audit.formulas import Area, Formula, Literal, Node, Operation, calls, walk
from xlcrm.audit.lookups import lookups_of, true_rows
from xlcrm.audit.report import Finding, Miscounted
from xlcrm.audit.values import as_text
from xlcrm.audit.verdicts import Verdict, right_verdicts
from xlcrm.audit.workroom import Spot, Workroom, is_blank, places
from xlcrm.tables import columns as c
from xlcrm.tables.periods import find_quarter

_UP = ("↑", "▲", "△", "⬆", "提升", "上升", "升", "up", "promoted")
_DOWN = ("↓", "▼", "▽", "⬇", "下降", "降", "down", "demoted")
_COMPARISONS = ("<", ">", "<=", ">=")


@dataclass(frozen=True, slots=True)
class ArrowFormula:
    """A formula that compares two grades of its row and marks the change. Both columns are numbers on each spot's own sheet."""

    formula: Formula
    spots: tuple[Spot, ...]
    earlier: Area
    current: Area


@dataclass(frozen=True, slots=True)
class Arrow:
    """One compared customer. known: whether the hand-made result is known; hand_made: that result.

    earlier_seen, current_seen: the two cells compared; verdict: the right one by the customer's true grades.
    """

    rule: ArrowFormula
    spot: Spot
    who: Miscounted
    known: bool
    hand_made: Value
    earlier_seen: Value
    current_seen: Value
    verdict: Verdict

    @property
    def direction(self) -> str:
        """What the hand-made result says: up, down, kept, or nothing where it shows no grade."""
        return direction(self.hand_made)


def direction(value: Value) -> str:
    """up, down or kept as a marked grade says; empty for an error or a blank."""
    if isinstance(value, ErrorValue) or is_blank(value):
        return ""
    shown = as_text(value).casefold()
    if any(mark in shown for mark in _UP):
        return c.UP
    return c.DOWN if any(mark in shown for mark in _DOWN) else c.KEPT


def _compared(node: Node) -> tuple[Area, Area] | None:
    """The two cells of the row that a comparison is about, in the order in which it names them."""
    if not (isinstance(node, Operation) and node.operator in _COMPARISONS):
        return None
    cells = list(dict.fromkeys(area for area in walk(node) if isinstance(area, Area)))
    own = [area for area in cells if area.is_cell and area.sheet is None and not area.top.fixed and area.top.at == 0]
    return (own[0], own[1]) if len(cells) == len(own) == 2 else None


def _marked(tree: Node | None, marks: tuple[str, ...]) -> bool:
    texts = [node.value.casefold() for node in walk(tree) if isinstance(node, Literal) and isinstance(node.value, str)]
    return any(mark in written for written in texts for mark in marks)


def arrow_formulas(room: Workroom) -> list[ArrowFormula]:
    """The formulas that compare two grades."""
    found: list[ArrowFormula] = []
    for formula, spots in room.copies.items():
        if not calls(formula.tree, "IF", "IFS") or not _marked(formula.tree, (*_UP, *_DOWN)):
            continue
        for node in walk(formula.tree):
            pair = _compared(node)
            if pair is not None and all(_holds_grades(room, spots, area) for area in pair):
                current, earlier = _in_time(room, formula, spots[0], node, *pair)
                found.append(ArrowFormula(formula, tuple(spots), earlier, current))
                break
    return found


def _holds_grades(room: Workroom, spots: list[Spot], area: Area) -> bool:
    values = [room.calculator.known(s.sheet, s.row, area.left.number(s.column))[1] for s in spots[:2000]]
    filled = [value for value in values if isinstance(value, str) and value.strip()]
    grades = [grade for grade in room.clean_grades(filled) if grade is not None]
    if filled:
        return 2 * len(grades) >= len(filled)
    return room.layout(spots[0].sheet).means(area.left.number(spots[0].column)) == c.GRADE


def _in_time(room: Workroom, formula: Formula, spot: Spot, node: Node, left: Area, right: Area) -> tuple[Area, Area]:
    """The two grades as (current, earlier): by the quarters in their headers, else by which of them, when smaller, is marked as up."""
    layout = room.layout(spot.sheet)
    quarters = [find_quarter(layout.header(area.left.number(spot.column))) for area in (left, right)]
    if quarters[0] is not None and quarters[1] is not None and quarters[0][0] != quarters[1][0]:
        return (left, right) if quarters[0][0] > quarters[1][0] else (right, left)
    for call in calls(formula.tree, "IF", "IFS"):
        if call.arguments[:1] == (node,) and isinstance(node, Operation):
            up_when_true = _marked(call.arguments[1], _UP) if len(call.arguments) > 1 else False
            return (left, right) if up_when_true == node.operator.startswith("<") else (right, left)
    return left, right


def _true_grade(room: Workroom, spot: Spot, area: Area, seen: Value) -> Value:
    """The grade the cell should hold: what it holds, or where its lookup failed, what the export has under the cleaned code."""
    if not isinstance(seen, ErrorValue) and not is_blank(seen):
        return seen
    column = area.left.number(spot.column)
    formula = spot.sheet.formula(spot.row, column)
    if formula is None:
        return None
    for lookup in lookups_of(room, formula, [Spot(spot.sheet, spot.row, column)]):
        rows = true_rows(room, lookup)
        if rows and lookup.result_column is not None:
            return room.calculator.known(lookup.target, rows[0], lookup.result_column)[1]
    return None


def arrows(room: Workroom, rules: list[ArrowFormula]) -> list[Arrow]:
    """Every compared customer, with the right verdict of our rules. Rows without a customer are left out."""
    rows: list[tuple[ArrowFormula, Spot, Value, Value]] = []
    for rule in rules:
        for spot in rule.spots:
            code = room.code_column(spot.sheet)
            if code is not None and is_blank(room.calculator.known(spot.sheet, spot.row, code)[1]):
                continue
            seen = [room.calculator.known(spot.sheet, spot.row, area.left.number(spot.column))[1] for area in (rule.earlier, rule.current)]
            rows.append((rule, spot, seen[0], seen[1]))
    earlier = room.clean_grades(_true_grade(room, spot, rule.earlier, seen) for rule, spot, seen, _ in rows)
    current = room.clean_grades(_true_grade(room, spot, rule.current, seen) for rule, spot, _, seen in rows)
    verdicts = right_verdicts(list(zip(earlier, current, strict=True)), room.settings.grammar)
    found = []
    for (rule, spot, before, now), verdict in zip(rows, verdicts, strict=True):
        known, hand_made = room.value(spot)
        found.append(Arrow(rule, spot, room.person(spot.sheet, spot.row), known, hand_made, before, now, verdict))
    return found


def _sub_levels(arrow: Arrow, room: Workroom) -> bool:
    parsed = [room.settings.grammar.parse(as_text(seen)) for seen in (arrow.earlier_seen, arrow.current_seen)]
    return any(part is not None and (part.sub_level or len(part.size) > 1) for part in parsed)


def _fault_of(arrow: Arrow, room: Workroom) -> int | None:
    """Why the hand-made verdict differs from the right one."""
    if isinstance(arrow.hand_made, ErrorValue):
        return None  # judged with the counts: fault 2
    if not arrow.known or arrow.direction == "" or arrow.direction == arrow.verdict.state:
        blank_shown = arrow.known and arrow.direction != "" and _spaced(arrow.current_seen)
        return 4 if blank_shown else None
    if is_blank(arrow.earlier_seen) or is_blank(arrow.current_seen):
        return 3
    if _spaced(arrow.earlier_seen) or _spaced(arrow.current_seen):
        return 4
    if arrow.verdict.state == c.TYPE_CHANGED:
        return 5
    return 6 if _sub_levels(arrow, room) else None


def _spaced(value: Value) -> bool:
    return isinstance(value, str) and value != value.strip()


def arrow_faults(room: Workroom, found: list[Arrow]) -> list[Finding]:
    """What is wrong with the comparisons, by fault and formula."""
    by_fault: dict[tuple[int, Formula], list[Arrow]] = {}
    everyone: dict[Formula, int] = {}
    for arrow in found:
        everyone[arrow.rule.formula] = everyone.get(arrow.rule.formula, 0) + 1
        fault = _fault_of(arrow, room)
        if fault is not None:
            by_fault.setdefault((fault, arrow.rule.formula), []).append(arrow)
    findings = []
    for (fault, formula), wrong in by_fault.items():
        people = tuple(dict.fromkeys(_with_verdicts(arrow) for arrow in wrong))
        right = float(everyone[formula])
        saved = all(Workroom.saved(arrow.spot) for arrow in wrong)
        findings.append(Finding(fault, places(arrow.spot for arrow in wrong), formula.written, people, right - len(wrong), right, saved))
    return findings


def _with_verdicts(arrow: Arrow) -> Miscounted:
    return Miscounted(arrow.who.code, arrow.who.name, as_text(arrow.hand_made), arrow.verdict.shown)
