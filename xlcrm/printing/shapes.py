"""What is drawn on a sheet of paper, in points from its upper left corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A filled area, perhaps with a border."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    border: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line to the right or down."""

    x: float
    y: float
    length: float
    down: bool
    stroke: float
    color: str
    dotted: bool


@dataclass(frozen=True, slots=True)
class Words:
    """A text. `x` is its left end, middle or right end; `y` the top of its capitals.

    With `box` (width, height from `x`, `y`) the text is kept inside: cut off, or broken into lines where `wrap` is set.
    """

    x: float
    y: float
    align: Align
    text: str
    size: float
    bold: bool
    color: str
    box: tuple[float, float] | None = None
    wrap: bool = False
