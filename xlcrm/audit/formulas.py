"""Formulas as trees whose references are relative to their own cell, so that a copied formula is one formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
_MAX_DEPTH = 64


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of cells on a sheet (None: the formula's own sheet); 1-based, both ends included."""

    sheet: str | None
    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Edge:
    """One row or column of a reference: its number where it is fixed by `$`, else the distance from the formula's cell."""

    at: int
    fixed: bool

    def number(self, origin: int) -> int:
        """The row or column it means for a formula in that row or column."""
        return self.at if self.fixed else origin + self.at


@dataclass(frozen=True, slots=True)
class Area:
    """A reference to one cell or a range."""

    sheet: str | None
    top: Edge
    left: Edge
    bottom: Edge
    right: Edge

    def at(self, row: int, column: int) -> Box:
        """The cells it means for a formula in that cell."""
        return Box(self.sheet, self.top.number(row), self.left.number(column), self.bottom.number(row), self.right.number(column))

    @property
    def is_cell(self) -> bool:
        """Whether it is a single cell."""
        return self.top == self.bottom and self.left == self.right


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, or a truth value."""

    value: float | str | bool


@dataclass(frozen=True, slots=True)
class Missing:
    """An argument that is left empty, or an error value, by its text."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments; the name in capitals without `_xlfn.`."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """`left operator right`; a unary one has no left side."""

    operator: str
    left: Node | None
    right: Node


@dataclass(frozen=True, slots=True)
class ArrayLiteral:
    """`{1,2;3,4}` row by row."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name or a structured reference: not followed."""

    text: str


Node = Area | Literal | Missing | Call | Operation | ArrayLiteral | Unknown


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A formula and all its copies. written: the first copy's text with `=`; tree: None where it could not be parsed."""

    key: str
    written: str
    tree: Node | None
    is_array: bool


@dataclass(slots=True)
class FormulaShelf:
    """Every formula once, by its relative form."""

    by_key: dict[str, Formula] = field(default_factory=dict)

    def put(self, written: str, row: int, column: int, is_array: bool) -> Formula:
        """The formula of that text in that cell; copies of one formula get the same object."""
        body = written.removeprefix("=")
        key = relative_form(body, row, column) + ("{}" if is_array else "")
        known = self.by_key.get(key)
        if known is None:
            known = self.by_key[key] = Formula(key, f"={body}", parse(body, row, column), is_array)
        return known


_SHEET = r"(?:(?P<sheet>'(?:[^']|'')*'|[^\W\d][\w.]*)!)?"
_CORNER = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}"
_AREA = rf"(?P<area>{_CORNER}(?::{_CORNER})?|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}|\$?[1-9][0-9]{{0,6}}:\$?[1-9][0-9]{{0,6}})(?![\w.(!])"
_TEXT = r"\"(?:[^\"]|\"\")*\""
_RELATIVE = re.compile(
    rf"{_TEXT}|'(?:[^']|'')*'!"
    r"|(?<![\w.$])(?P<column_fixed>\$?)(?P<column>[A-Za-z]{1,3})(?P<row_fixed>\$?)(?P<row>[1-9][0-9]{0,6})(?![\w.(!])"
    r"|(?<![\w.$])(?P<columns>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})(?![\w.(!])|(?<![\w.$])(?P<rows>\$?[1-9][0-9]{0,6}:\$?[1-9][0-9]{0,6})(?![\w.(!])"
)
_TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<text>{_TEXT})|(?P<error>#[A-Z/0!?]+)|(?P<function>[A-Za-z_][\w.]*)(?=\()|(?P<reference>{_SHEET}{_AREA})"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<name>[^\W\d][\w.]*(?:\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\])?)"
    r"|(?P<operator><=|>=|<>|[-+*/^&=<>%(),;{}])"
)
_PART = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)([0-9]*)")


@lru_cache(maxsize=4096)
def _letters_to_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _edges(corner: str, row: int, column: int, first: bool) -> tuple[Edge, Edge]:
    """Row and column edge of a corner as written; a whole column or row runs to the sheet's end."""
    match = _PART.fullmatch(corner)
    assert match is not None  # both patterns above agree
    column_fixed, letters, row_fixed, digits = match.groups()
    if not letters:  # a row number alone: its `$` was taken for the column's
        row_fixed, column_fixed = column_fixed or row_fixed, ""
    across = Edge(1 if first else MAX_COLUMN, True) if not letters else _edge(_letters_to_number(letters), column, bool(column_fixed))
    down = Edge(1 if first else MAX_ROW, True) if not digits else _edge(int(digits), row, bool(row_fixed))
    return down, across


def _edge(number: int, origin: int, fixed: bool) -> Edge:
    return Edge(number, True) if fixed else Edge(number - origin, False)


def _area(sheet: str | None, written: str, row: int, column: int) -> Area:
    first, _, last = written.partition(":")
    top, left = _edges(first, row, column, True)
    bottom, right = _edges(last, row, column, False) if last else (top, left)
    name = sheet[1:-1].replace("''", "'") if sheet and sheet.startswith("'") else sheet
    return Area(name, top, left, bottom, right)


def relative_form(body: str, row: int, column: int) -> str:
    """A formula's text with every relative reference as a distance: equal for all copies of a formula."""

    def shown(match: re.Match[str]) -> str:
        letters, digits = match["column"], match["row"]
        if letters:
            across = f"${letters.upper()}" if match["column_fixed"] else f"~{_letters_to_number(letters) - column}"
            return across + (f"${digits}" if match["row_fixed"] else f"~{int(digits) - row}")
        if match["columns"] or match["rows"]:
            area = _area(None, match.group(), row, column)
            return ":".join(f"{'$' if edge.fixed else '~'}{edge.at}" for edge in (area.top, area.left, area.bottom, area.right))
        return match.group()

    return _RELATIVE.sub(shown, body)


class _NotParsed(Exception):
    """The text is no formula that this parser knows."""


_BINDING = {"=": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "<>": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}


class _Parser:
    def __init__(self, body: str, row: int, column: int) -> None:
        self._row, self._column = row, column
        self._tokens: list[re.Match[str]] = []
        position = 0
        while position < len(body):
            match = _TOKEN.match(body, position)
            if match is None:
                raise _NotParsed
            if match.lastgroup != "space" and match.group("space") is None:
                self._tokens.append(match)
            position = match.end()
        self._next = 0
        self._depth = 0

    def _peek(self) -> str:
        return self._tokens[self._next].group() if self._next < len(self._tokens) else ""

    def _take(self, expected: str = "") -> re.Match[str]:
        if self._next >= len(self._tokens) or (expected and self._peek() != expected):
            raise _NotParsed
        self._next += 1
        return self._tokens[self._next - 1]

    def whole(self) -> Node:
        node = self._expression(0)
        if self._next != len(self._tokens):
            raise _NotParsed
        return node

    def _expression(self, binding: int) -> Node:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _NotParsed
        left = self._operand()
        while True:
            operator = self._peek()
            if operator == "%":
                self._take()
                left = Operation("/", left, Literal(100.0))
            elif _BINDING.get(operator, 0) > binding:
                self._take()
                left = Operation(operator, left, self._expression(_BINDING[operator]))
            else:
                self._depth -= 1
                return left

    def _operand(self) -> Node:
        token = self._take()
        written = token.group()
        if written in ("-", "+"):
            return Operation(written, None, self._expression(5))
        if written == "(":
            inner = self._expression(0)
            self._take(")")
            return inner
        if written == "{":
            return self._array()
        if token.group("text") is not None:
            return Literal(written[1:-1].replace('""', '"'))
        if token.group("number") is not None:
            return Literal(float(written))
        if token.group("error") is not None:
            return Missing(written)
        if token.group("function") is not None:
            return self._call(written)
        if token.group("reference") is not None:
            return _area(token.group("sheet"), token.group("area"), self._row, self._column)
        if written.upper() in ("TRUE", "FALSE"):
            return Literal(written.upper() == "TRUE")
        if token.group("name") is not None:
            return Unknown(written)
        raise _NotParsed

    def _call(self, name: str) -> Call:
        self._take("(")
        arguments: list[Node] = []
        while self._peek() != ")":
            arguments.append(Missing() if self._peek() == "," else self._expression(0))
            if self._peek() == ",":
                self._take()
                if self._peek() == ")":
                    arguments.append(Missing())
        self._take(")")
        return Call(name.upper().removeprefix("_XLFN.").removeprefix("_XLWS."), tuple(arguments))

    def _array(self) -> ArrayLiteral:
        rows: list[tuple[Node, ...]] = []
        row: list[Node] = []
        while True:
            row.append(self._expression(0))
            separator = self._take().group()
            if separator in (";", "}"):
                rows.append(tuple(row))
                row = []
            if separator == "}":
                return ArrayLiteral(tuple(rows))
            if separator not in (",", ";"):
                raise _NotParsed


def parse(body: str, row: int, column: int) -> Node | None:
    """The tree of a formula (without `=`) in that cell, None where it is not understood."""
    try:
        return _Parser(body, row, column).whole()
    except _NotParsed:
        return None


def walk(node: Node | None) -> Iterator[Node]:
    """A node and everything under it."""
    if node is None:
        return
    yield node
    if isinstance(node, Call):
        for argument in node.arguments:
            yield from walk(argument)
    elif isinstance(node, Operation):
        yield from walk(node.left)
        yield from walk(node.right)
    elif isinstance(node, ArrayLiteral):
        for row in node.rows:
            for item in row:
                yield from walk(item)


def calls(node: Node | None, *names: str) -> list[Call]:
    """All calls of these functions in a tree."""
    return [found for found in walk(node) if isinstance(found, Call) and found.name in names]


def with_areas(node: Node, change: Callable[[Area], Area]) -> Node:
    """The same tree with every reference changed."""
    if isinstance(node, Area):
        return change(node)
    if isinstance(node, Call):
        return Call(node.name, tuple(with_areas(argument, change) for argument in node.arguments))
    if isinstance(node, Operation):
        return Operation(node.operator, None if node.left is None else with_areas(node.left, change), with_areas(node.right, change))
    return node
