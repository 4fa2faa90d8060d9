"""What a formula of a hand-made workbook gives, where nobody saved its value, or under one change of its references.

Knows the functions that such workbooks use. Whatever it does not know raises `Unsupported`, never a guess. The work is
bounded: past `MAX_STEPS` touched cells everything is unsupported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from xlcrm.audit.book import NOT_AVAILABLE, Book, ErrorValue, Sheet, Value
from xlcrm.audit.formulas import Area, ArrayLiteral, Box, Call, Literal, Missing, Node, Operation, Unknown
from xlcrm.audit.values import VALUE_ERROR, MatchKey, as_number, as_text, compare, criterion, criterion_key, match_key, truth

MAX_STEPS = 30_000_000
_MAX_CHAIN = 60

Block = list[list[Value]]
Result = Value | Block


class Unsupported(Exception):
    """The formula uses something that is not worked out here, or the workbook is too large for it."""


class Calculator:
    """Values of a workbook's cells: the saved one, else worked out."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._memo: dict[tuple[str, int, int], Value] = {}
        self._open: set[tuple[str, int, int]] = set()
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
        if place in self._open or len(self._open) > _MAX_CHAIN:
            raise Unsupported
        self._open.add(place)
        try:
            result = self.evaluate(formula.tree, sheet, row, column)
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
        self._spend(1)
        match node:
            case Literal(value):
                return value
            case Missing(code):
                return ErrorValue(code) if code else None
            case Area():
                return self._area(node, sheet, row, column)
            case ArrayLiteral(rows):
                return [[_single(self.evaluate(item, sheet, row, column)) for item in line] for line in rows]
            case Operation(operator, left, right):
                second = self.evaluate(right, sheet, row, column)
                if left is None:
                    return second if operator == "+" else _each(lambda value: _arithmetic("*", -1.0, value), second)
                return _pairs(operator, self.evaluate(left, sheet, row, column), second)
            case Call():
                return self._call(node, sheet, row, column)
            case None | Unknown():
                raise Unsupported

    def single(self, node: Node, sheet: Sheet, row: int, column: int) -> Value:
        """The one value a tree gives."""
        return _single(self.evaluate(node, sheet, row, column))

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
            first = _single(given(0))
            failed = isinstance(first, ErrorValue) and (call.name == "IFERROR" or first == NOT_AVAILABLE)
            return given(1) if failed else first
        if call.name in ("VLOOKUP", "MATCH", "INDEX", "XLOOKUP"):
            return self._lookup(call, sheet, row, column)
        if call.name in _CONDITIONAL:
            return self._conditional(call, sheet, row, column)
        if call.name == "ROW" and arguments == 0:
            return float(row)
        if call.name == "COLUMN" and arguments == 0:
            return float(column)
        plain = _PLAIN.get(call.name)
        if plain is not None:
            return plain([given(position) for position in range(arguments)])
        scalar = _SCALAR.get(call.name)
        if scalar is None:
            raise Unsupported
        return _spread(scalar, [given(position) for position in range(arguments)])

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

        return _spread(choose, [condition, *branches])

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
            if isinstance(value, float) and not isinstance(value, bool):
                numbers.append(value)
        return _CONDITIONAL[call.name](numbers)


def conditional_parts(call: Call) -> tuple[Area | None, list[tuple[Area, Node]]] | None:
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


def _single(result: Result) -> Value:
    if isinstance(result, list):
        if len(result) != 1 or len(result[0]) != 1:
            raise Unsupported
        return result[0][0]
    return result


def _each(change: Callable[[Value], Value], result: Result) -> Result:
    return [[change(value) for value in line] for line in result] if isinstance(result, list) else change(result)


def _arithmetic(operator: str, left: Value, right: Value) -> Value:
    if operator == "&":
        return next((side for side in (left, right) if isinstance(side, ErrorValue)), None) or as_text(left) + as_text(right)
    if operator in ("=", "<", ">", "<=", ">=", "<>"):
        return compare(operator, left, right)
    one, other = as_number(left), as_number(right)
    if isinstance(one, ErrorValue):
        return one
    if isinstance(other, ErrorValue):
        return other
    try:
        result = {"+": lambda: one + other, "-": lambda: one - other, "*": lambda: one * other, "/": lambda: one / other, "^": lambda: one**other}
        number = result[operator]()
    except ZeroDivisionError:
        return ErrorValue("#DIV/0!")
    except OverflowError:
        return ErrorValue("#NUM!")
    return float(number) if isinstance(number, (int, float)) else ErrorValue("#NUM!")


def _spread(function: Callable[[list[Value]], Value], results: list[Result]) -> Result:
    """Applies a function of single values cell by cell where an argument is a block."""
    blocks = [result for result in results if isinstance(result, list)]
    if not blocks:
        return function([cast(Value, result) for result in results])
    height, width = max(len(block) for block in blocks), max(len(block[0]) for block in blocks)

    def at(result: Result, row: int, column: int) -> Value:
        if not isinstance(result, list):
            return result
        row, column = (0 if len(result) == 1 else row), (0 if len(result[0]) == 1 else column)
        return result[row][column] if row < len(result) and column < len(result[0]) else NOT_AVAILABLE

    return [[function([at(result, row, column) for result in results]) for column in range(width)] for row in range(height)]


def _pairs(operator: str, left: Result, right: Result) -> Result:
    return _spread(lambda values: _arithmetic(operator, values[0], values[1]), [left, right])


def _flat(results: list[Result]) -> Iterator[tuple[Value, bool]]:
    """Every value, and whether it came from a range (where texts do not count as numbers)."""
    for result in results:
        if isinstance(result, list):
            for line in result:
                for value in line:
                    yield value, True
        else:
            yield result, False


def _numbers(results: list[Result]) -> list[float] | ErrorValue:
    numbers: list[float] = []
    for value, in_range in _flat(results):
        if isinstance(value, ErrorValue):
            return value
        if in_range and (value is None or isinstance(value, (str, bool))):
            continue
        number = as_number(value)
        if isinstance(number, ErrorValue):
            return number
        numbers.append(number)
    return numbers


def _of_numbers(function: Callable[[list[float]], Value]) -> Callable[[list[Result]], Result]:
    def apply(results: list[Result]) -> Result:
        numbers = _numbers(results)
        return numbers if isinstance(numbers, ErrorValue) else function(numbers)

    return apply


def _sumproduct(results: list[Result]) -> Result:
    product = _spread(lambda values: _product(values, len(results) > 1), results)
    return _of_numbers(sum_exactly)([product if isinstance(product, list) else [[product]]])


def _product(values: list[Value], texts_are_zero: bool) -> Value:
    total = 1.0
    for value in values:
        if isinstance(value, ErrorValue):
            return value
        total *= 0.0 if texts_are_zero and not isinstance(value, float) else cast(float, value) if isinstance(value, float) else 0.0
    return total


def sum_exactly(numbers: list[float]) -> float:
    """A sum; 0 of nothing."""
    return float(sum(numbers))


def _average(numbers: list[float]) -> Value:
    return sum(numbers) / len(numbers) if numbers else ErrorValue("#DIV/0!")


def _all_any(decide: Callable[[list[bool]], bool]) -> Callable[[list[Result]], Result]:
    def apply(results: list[Result]) -> Result:
        found: list[bool] = []
        for value, _ in _flat(results):
            is_true = truth(value)
            if isinstance(is_true, ErrorValue):
                return is_true
            found.append(is_true)
        return decide(found)

    return apply


def _text_function(function: Callable[[str, int], str]) -> Callable[[list[Value]], Value]:
    def apply(values: list[Value]) -> Value:
        count = as_number(values[1]) if len(values) > 1 else 1.0
        for value in (values[0], count):
            if isinstance(value, ErrorValue):
                return value
        return function(as_text(values[0]), int(cast(float, count)))

    return apply


def _of_text(function: Callable[[str], Value]) -> Callable[[list[Value]], Value]:
    return lambda values: values[0] if isinstance(values[0], ErrorValue) else function(as_text(values[0]))


def _mid(values: list[Value]) -> Value:
    start, count = as_number(values[1]), as_number(values[2])
    for value in (values[0], start, count):
        if isinstance(value, ErrorValue):
            return value
    first = int(cast(float, start)) - 1
    return as_text(values[0])[first : first + int(cast(float, count))] if first >= 0 else VALUE_ERROR


def _substitute(values: list[Value]) -> Value:
    if len(values) != 3:
        raise Unsupported
    failed = next((value for value in values if isinstance(value, ErrorValue)), None)
    return failed or as_text(values[0]).replace(as_text(values[1]), as_text(values[2]))


_CONDITIONAL: dict[str, Callable[[list[float]], Value]] = {
    "COUNTIF": sum_exactly, "COUNTIFS": sum_exactly, "SUMIF": sum_exactly, "SUMIFS": sum_exactly,
    "AVERAGEIF": _average, "AVERAGEIFS": _average,
    "MINIFS": lambda numbers: min(numbers, default=0.0), "MAXIFS": lambda numbers: max(numbers, default=0.0),
}  # fmt: skip
_PLAIN: dict[str, Callable[[list[Result]], Result]] = {
    "SUM": _of_numbers(sum_exactly), "MIN": _of_numbers(lambda numbers: min(numbers, default=0.0)),
    "MAX": _of_numbers(lambda numbers: max(numbers, default=0.0)), "AVERAGE": _of_numbers(_average), "SUMPRODUCT": _sumproduct,
    "COUNT": lambda results: float(sum(isinstance(value, float) for value, _ in _flat(results))),
    "COUNTA": lambda results: float(sum(value is not None for value, _ in _flat(results))),
    "AND": _all_any(all), "OR": _all_any(any),
}  # fmt: skip
_SCALAR: dict[str, Callable[[list[Value]], Value]] = {
    "RIGHT": _text_function(lambda text, count: text[-count:] if count > 0 else ""),
    "LEFT": _text_function(lambda text, count: text[: max(count, 0)]),
    "MID": _mid,
    "LEN": _of_text(lambda text: float(len(text))),
    "TRIM": _of_text(lambda text: " ".join(part for part in text.split(" ") if part)),
    "CLEAN": _of_text(lambda text: "".join(letter for letter in text if letter >= " ")),
    "UPPER": _of_text(str.upper), "LOWER": _of_text(str.lower),
    "VALUE": lambda values: as_number(values[0]),
    "N": lambda values: values[0] if isinstance(values[0], (float, ErrorValue)) else 0.0,
    "T": lambda values: values[0] if isinstance(values[0], (str, ErrorValue)) else "",
    "SUBSTITUTE": _substitute,
    "EXACT": lambda values: as_text(values[0]) == as_text(values[1]),
    "CONCATENATE": lambda values: next((value for value in values if isinstance(value, ErrorValue)), None) or "".join(map(as_text, values)),
    "NOT": lambda values: decided if isinstance(decided := truth(values[0]), ErrorValue) else not decided,
    "ISNA": lambda values: values[0] == NOT_AVAILABLE, "ISERROR": lambda values: isinstance(values[0], ErrorValue),
    "ISBLANK": lambda values: values[0] is None, "ISNUMBER": lambda values: isinstance(values[0], float) and not isinstance(values[0], bool),
    "ISTEXT": lambda values: isinstance(values[0], str),
    "ABS": lambda values: number if isinstance(number := as_number(values[0]), ErrorValue) else abs(number),
    "NA": lambda values: NOT_AVAILABLE,
}  # fmt: skip
