"""What a formula of a hand-made workbook gives, where nobody saved its value, or under one change of its references.

Knows the functions that such workbooks use. Whatever it does not know raises `Unsupported`, never a guess. The work is
bounded: past `MAX_STEPS` touched cells everything is unsupported.
"""

from __future__ import annotations

from typing import cast

from xlcrm.audit.book import NOT_AVAILABLE, Book, ErrorValue, Sheet, Value
from xlcrm.audit.formulas import Area, ArrayLiteral, Box, Call, Literal, Missing, Node, Operation, Unknown
from xlcrm.audit.functions import CONDITIONAL, PLAIN, SCALAR, Result, Unsupported, arithmetic, each, pairs_of, single_of, spread
from xlcrm.audit.values import MatchKey, as_number, criterion, criterion_key, match_key, truth

MAX_STEPS = 30_000_000
_STEPS_A_NODE = 8
_MAX_CHAIN = 60


class Calculator:
    """Values of a workbook's cells: the saved one, else worked out."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._memo: dict[tuple[str, int, int], Value] = {}
        self._open: set[tuple[str, int, int]] = set()
        self._failed: set[tuple[str, int, int]] = set()
        self._steps = 0
        self._lookup_keys: dict[tuple[str, int, int, int], dict[MatchKey, int]] = {}
        self._criterion_rows: dict[tuple[str, int, int, int], dict[MatchKey | None, list[int]]] = {}

    @property
    def exhausted(self) -> bool:
        """Whether the work was cut off."""
        return self._steps > MAX_STEPS

    def _spend(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MAX_STEPS:
            raise Unsupported

    def value(self, sheet: Sheet, row: int, column: int) -> Value:
        """The value of a cell. Raises Unsupported where it was never calculated and cannot be worked out."""
        rows = sheet.values.get(column)
        if rows is not None and row in rows:
            return rows[row]
        formula = sheet.formula(row, column)
        if formula is None:
            return None
        place = (sheet.name, row, column)
        if place in self._memo:
            return self._memo[place]
        if place in self._failed or place in self._open or len(self._open) > _MAX_CHAIN:
            raise Unsupported
        self._open.add(place)
        try:
            result = self.evaluate(formula.tree, sheet, row, column)
        except Unsupported:
            self._failed.add(place)
            raise
        finally:
            self._open.discard(place)
        found = result[0][0] if isinstance(result, list) else result
        self._memo[place] = found = 0.0 if found is None else found
        return found

    def known(self, sheet: Sheet, row: int, column: int) -> tuple[bool, Value]:
        """Whether the value of a cell is known, and the value."""
        try:
            return True, self.value(sheet, row, column)
        except Unsupported:
            return False, None

    def sheet_of(self, box: Box, own: Sheet) -> Sheet:
        """The sheet a reference leads to."""
        found = own if box.sheet is None else self.book.sheet(box.sheet)
        if found is None:
            raise Unsupported
        return found

    def box(self, area: Area, own: Sheet, row: int, column: int) -> tuple[Sheet, Box]:
        """The cells of a reference, cut at the end of what the sheet holds."""
        box = area.at(row, column)
        sheet = self.sheet_of(box, own)
        if box.top < 1 or box.left < 1:
            raise Unsupported
        return sheet, Box(box.sheet, box.top, box.left, max(box.top, min(box.bottom, sheet.last_row)), min(box.right, box.left + 400))

    def evaluate(self, node: Node | None, sheet: Sheet, row: int, column: int) -> Result:
        """What a tree gives in that cell."""
        self._spend(_STEPS_A_NODE)
        match node:
            case Literal(value):
                return value
            case Missing(code):
                return ErrorValue(code) if code else None
            case Area():
                return self._area(node, sheet, row, column)
            case ArrayLiteral(rows):
                return [[single_of(self.evaluate(item, sheet, row, column)) for item in line] for line in rows]
            case Operation(operator, left, right):
                second = self.evaluate(right, sheet, row, column)
                if left is None:
                    return second if operator == "+" else each(lambda value: arithmetic("*", -1.0, value), second)
                return pairs_of(operator, self.evaluate(left, sheet, row, column), second)
            case Call():
                return self._call(node, sheet, row, column)
            case None | Unknown():
                raise Unsupported

    def single(self, node: Node, sheet: Sheet, row: int, column: int) -> Value:
        """The one value a tree gives."""
        return single_of(self.evaluate(node, sheet, row, column))

    def _area(self, area: Area, own: Sheet, row: int, column: int) -> Result:
        sheet, box = self.box(area, own, row, column)
        if area.is_cell:
            return self.value(sheet, box.top, box.left)
        self._spend((box.bottom - box.top + 1) * (box.right - box.left + 1))
        return [[self.value(sheet, r, c) for c in range(box.left, box.right + 1)] for r in range(box.top, box.bottom + 1)]

    def find(self, wanted: Value, sheet: Sheet, column: int, top: int, bottom: int) -> int | None:
        """The first row whose cell an exact lookup takes for the wanted value."""
        place = (sheet.name, column, top, bottom)
        keys = self._lookup_keys.get(place)
        if keys is None:
            self._spend(bottom - top + 1)
            keys = self._lookup_keys[place] = {}
            for row in range(top, bottom + 1):
                key = match_key(self.value(sheet, row, column))
                if key is not None:
                    keys.setdefault(key, row)
        key = match_key(wanted)
        return keys.get(key) if key is not None else None

    def rows_where(self, wanted: Value, sheet: Sheet, column: int, top: int, bottom: int) -> list[int]:
        """The rows of a column that a criterion of COUNTIF takes."""
        key, test = criterion(wanted)
        if test is not None:
            self._spend(bottom - top + 1)
            return [row for row in range(top, bottom + 1) if test(self.value(sheet, row, column))]
        place = (sheet.name, column, top, bottom)
        index = self._criterion_rows.get(place)
        if index is None:
            self._spend(bottom - top + 1)
            index = self._criterion_rows[place] = {}
            for row in range(top, bottom + 1):
                index.setdefault(criterion_key(self.value(sheet, row, column)), []).append(row)
        return index.get(key, [])

    def _call(self, call: Call, sheet: Sheet, row: int, column: int) -> Result:
        def given(position: int) -> Result:
            return self.evaluate(call.arguments[position], sheet, row, column)

        arguments = len(call.arguments)
        if call.name == "IF" and arguments >= 2:
            return self._if(call, sheet, row, column)
        if call.name in ("IFERROR", "IFNA") and arguments == 2:
            first = single_of(given(0))
            failed = isinstance(first, ErrorValue) and (call.name == "IFERROR" or first == NOT_AVAILABLE)
            return given(1) if failed else first
        if call.name in ("VLOOKUP", "MATCH", "INDEX", "XLOOKUP"):
            return self._lookup(call, sheet, row, column)
        if call.name in CONDITIONAL:
            return self._conditional(call, sheet, row, column)
        if call.name == "ROW" and arguments == 0:
            return float(row)
        if call.name == "COLUMN" and arguments == 0:
            return float(column)
        plain = PLAIN.get(call.name)
        if plain is not None:
            return plain([given(position) for position in range(arguments)])
        scalar = SCALAR.get(call.name)
        if scalar is None:
            raise Unsupported
        return spread(scalar, [given(position) for position in range(arguments)])

    def _if(self, call: Call, sheet: Sheet, row: int, column: int) -> Result:
        condition = self.evaluate(call.arguments[0], sheet, row, column)
        if not isinstance(condition, list):
            chosen = truth(condition)
            if isinstance(chosen, ErrorValue):
                return chosen
            if not chosen and len(call.arguments) < 3:
                return False
            return self.evaluate(call.arguments[1 if chosen else 2], sheet, row, column)
        branches = [self.evaluate(node, sheet, row, column) for node in call.arguments[1:]]

        def choose(values: list[Value]) -> Value:
            chosen = truth(values[0])
            if isinstance(chosen, ErrorValue):
                return chosen
            return values[1] if chosen else (values[2] if len(values) > 2 else False)

        return spread(choose, [condition, *branches])

    def _lookup(self, call: Call, sheet: Sheet, row: int, column: int) -> Result:
        arguments = call.arguments
        if call.name == "INDEX":
            return self._index(call, sheet, row, column)
        exact = 3 if call.name == "VLOOKUP" else 2
        area = arguments[1] if len(arguments) > 1 else None
        if not isinstance(area, Area):
            raise Unsupported
        if call.name != "XLOOKUP":
            kind = self.single(arguments[exact], sheet, row, column) if len(arguments) > exact else True
            if kind not in (0.0, False, None):
                raise Unsupported  # an approximate match needs sorted data: not followed
        wanted = self.single(arguments[0], sheet, row, column)
        if isinstance(wanted, ErrorValue):
            return wanted
        target, box = self.box(area, sheet, row, column)
        found = self.find(wanted, target, box.left, box.top, box.bottom)
        if call.name == "MATCH":
            return NOT_AVAILABLE if found is None else float(found - box.top + 1)
        if call.name == "XLOOKUP":
            if found is None:
                return self.evaluate(arguments[3], sheet, row, column) if len(arguments) > 3 else NOT_AVAILABLE
            if not isinstance(arguments[2], Area):
                raise Unsupported
            source, result = self.box(arguments[2], sheet, row, column)
            return self.value(source, result.top + found - box.top, result.left)
        if found is None:
            return NOT_AVAILABLE
        offset = as_number(self.single(arguments[2], sheet, row, column))
        if isinstance(offset, ErrorValue) or not 1 <= offset <= box.right - box.left + 1:
            return ErrorValue("#REF!")
        return self.value(target, found, box.left + int(offset) - 1)

    def _index(self, call: Call, sheet: Sheet, row: int, column: int) -> Result:
        area = call.arguments[0] if call.arguments else None
        if not isinstance(area, Area) or len(call.arguments) < 2:
            raise Unsupported
        target, box = self.box(area, sheet, row, column)
        down = as_number(self.single(call.arguments[1], sheet, row, column))
        across = as_number(self.single(call.arguments[2], sheet, row, column)) if len(call.arguments) > 2 else 1.0
        if isinstance(down, ErrorValue):
            return down
        if isinstance(across, ErrorValue):
            return across
        return self.value(target, box.top + int(down) - 1, box.left + int(across) - 1)

    def _conditional(self, call: Call, sheet: Sheet, row: int, column: int) -> Value:
        """COUNTIF(S), SUMIF(S), AVERAGEIF(S), MINIFS, MAXIFS."""
        parts = conditional_parts(call)
        if parts is None:
            raise Unsupported
        figures, conditions = parts
        chosen: set[int] | None = None
        for area, wanted in conditions:
            source, box = self.box(area, sheet, row, column)
            rows = self.rows_where(self.single(wanted, sheet, row, column), source, box.left, box.top, box.bottom)
            offsets = {found - box.top for found in rows}
            chosen = offsets if chosen is None else chosen & offsets
        if figures is None:
            return float(len(chosen or ()))
        source, box = self.box(figures, sheet, row, column)
        numbers: list[float] = []
        for offset in sorted(chosen or ()):
            value = self.value(source, box.top + offset, box.left)
            if isinstance(value, ErrorValue):
                return value
            if isinstance(value, float):
                numbers.append(value)
        return CONDITIONAL[call.name](numbers)


ConditionalParts = tuple[Area | None, list[tuple[Area, Node]]]


def conditional_parts(call: Call) -> ConditionalParts | None:
    """The range of figures and the (range, criterion) pairs of a COUNTIF-like call; None where they are no plain references."""
    arguments = call.arguments
    if call.name in ("COUNTIF", "COUNTIFS"):
        figures, pairs = None, arguments
    elif call.name in ("SUMIF", "AVERAGEIF"):
        figures, pairs = (arguments[2] if len(arguments) > 2 else arguments[0] if arguments else None), arguments[:2]
    else:
        figures, pairs = (arguments[0] if arguments else None), arguments[1:]
    if len(pairs) < 2 or len(pairs) % 2 or not (figures is None or isinstance(figures, Area)):
        return None
    areas = pairs[::2]
    if not all(isinstance(area, Area) for area in areas):
        return None
    return figures, list(zip(cast(tuple[Area, ...], areas), pairs[1::2], strict=True))
