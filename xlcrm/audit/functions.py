"""The functions of a spreadsheet that hand-made workbooks use, on values and on blocks of values."""

from __future__ import annotations

import operator as operators
from collections.abc import Callable, Iterator
from typing import cast

from xlcrm.audit.book import NOT_AVAILABLE, ErrorValue, Value
from xlcrm.audit.values import VALUE_ERROR, as_number, as_text, compare, truth

Block = list[list[Value]]
"""Values row by row."""
Result = Value | Block


class Unsupported(Exception):
    """The formula uses something that is not worked out here, or the workbook is too large for it."""


_OPERATORS: dict[str, Callable[[float, float], object]] = {
    "+": operators.add, "-": operators.sub, "*": operators.mul, "/": operators.truediv, "^": operators.pow,
}  # fmt: skip


def single_of(result: Result) -> Value:
    """The one value of a result; a block of more is not understood here."""
    if isinstance(result, list):
        if len(result) != 1 or len(result[0]) != 1:
            raise Unsupported
        return result[0][0]
    return result


def each(change: Callable[[Value], Value], result: Result) -> Result:
    """Changes every value of a result."""
    return [[change(value) for value in line] for line in result] if isinstance(result, list) else change(result)


def arithmetic(operator: str, left: Value, right: Value) -> Value:
    """`+ - * / ^ &` and the comparisons."""
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
        number: object = _OPERATORS[operator](one, other)
    except ZeroDivisionError:
        return ErrorValue("#DIV/0!")
    except OverflowError:
        return ErrorValue("#NUM!")
    return float(number) if isinstance(number, int | float) else ErrorValue("#NUM!")


def spread(function: Callable[[list[Value]], Value], results: list[Result]) -> Result:
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


def pairs_of(operator: str, left: Result, right: Result) -> Result:
    """An operator between two results."""
    return spread(lambda values: arithmetic(operator, values[0], values[1]), [left, right])


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
    product = spread(_product, results)
    return _of_numbers(sum_exactly)([product if isinstance(product, list) else [[product]]])


def _product(values: list[Value]) -> Value:
    """What SUMPRODUCT makes of one place in all its arguments: whatever is no number is 0."""
    total = 1.0
    for value in values:
        if isinstance(value, ErrorValue):
            return value
        total *= value if isinstance(value, float) else 0.0
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


CONDITIONAL: dict[str, Callable[[list[float]], Value]] = {
    "COUNTIF": sum_exactly, "COUNTIFS": sum_exactly, "SUMIF": sum_exactly, "SUMIFS": sum_exactly,
    "AVERAGEIF": _average, "AVERAGEIFS": _average,
    "MINIFS": lambda numbers: min(numbers, default=0.0), "MAXIFS": lambda numbers: max(numbers, default=0.0),
}  # fmt: skip
PLAIN: dict[str, Callable[[list[Result]], Result]] = {
    "SUM": _of_numbers(sum_exactly), "MIN": _of_numbers(lambda numbers: min(numbers, default=0.0)),
    "MAX": _of_numbers(lambda numbers: max(numbers, default=0.0)), "AVERAGE": _of_numbers(_average), "SUMPRODUCT": _sumproduct,
    "COUNT": lambda results: float(sum(isinstance(value, float) for value, _ in _flat(results))),
    "COUNTA": lambda results: float(sum(value is not None for value, _ in _flat(results))),
    "AND": _all_any(all), "OR": _all_any(any),
}  # fmt: skip
SCALAR: dict[str, Callable[[list[Value]], Value]] = {
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
    "ISBLANK": lambda values: values[0] is None, "ISNUMBER": lambda values: isinstance(values[0], float),
    "ISTEXT": lambda values: isinstance(values[0], str),
    "ABS": lambda values: number if isinstance(number := as_number(values[0]), ErrorValue) else abs(number),
    "NA": lambda values: NOT_AVAILABLE,
}  # fmt: skip
