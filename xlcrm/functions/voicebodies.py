"""What the functions of answers compute."""

from __future__ import annotations

from xlcrm.functions import answers, cells
from xlcrm.functions.catalog import Cell, Grid
from xlcrm.functions.faults import Fault, fault_text
from xlcrm.functions.given import Given
from xlcrm.rules.voice import FEW_ANSWERS, csat, nps
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.texts import text

_PERCENT = 100


def nps_block(given: Given) -> Grid:
    """Label and value: score and its interval in points from -100 to 100, answers, promoters, passives, detractors."""
    numbers, faults = _numbers(given, 0, 10)
    found = nps(numbers)
    lines = [
        ("label_nps", found.value), ("label_low", found.low), ("label_high", found.high), ("label_answers", found.answers),
        ("label_promoters", found.promoters), ("label_passives", found.passives), ("label_detractors", found.detractors),
    ]  # fmt: skip
    return _block(given, lines, found.answers, found.few, faults)


def csat_block(given: Given) -> Grid:
    """Label and value: share of satisfied and its interval from 0 to 1, answers, satisfied."""
    numbers, faults = _numbers(given, 1, 5)
    found = csat(numbers)
    share = None if found.value is None else found.value / _PERCENT
    lines = [
        ("label_csat", share), ("label_low", found.low / _PERCENT), ("label_high", found.high / _PERCENT),
        ("label_answers", found.answers), ("label_satisfied", found.satisfied),
    ]  # fmt: skip
    return _block(given, lines, found.answers, found.few, faults)


def _numbers(given: Given, lowest: int, highest: int) -> tuple[list[float | None], answers.Texts]:
    """The answers that the scale has, and the texts of those that it has not."""
    [column] = given.columns("answers")
    cleaned = cells.numbers(column, ColumnKind.QUANTITY)
    faults = answers.faulty(cleaned, column, "number", given.language)
    scale = SCALE[ColumnKind.QUANTITY]
    numbers = [None if parts is None else parts / scale for parts in cleaned.values.to_list()]
    for row, number in enumerate(numbers):
        if number is not None and number not in range(lowest, highest + 1):
            faults[row] = fault_text("answer", given.language, lowest=lowest, highest=highest, value=f"{number:g}")
            numbers[row] = None
    return numbers, faults


def _block(given: Given, lines: list[tuple[str, float | None]], count: int, few: bool, faults: answers.Texts) -> Grid:
    """The lines with their labels, a word of warning where the answers are few, and below them those that were left out."""
    if not count and not faults:
        raise Fault("no_answers")
    block: list[list[Cell]] = [
        [text(f"functions.{entry}", given.language), "" if value is None else value] for entry, value in lines if count or value is not None
    ]
    if few:
        block.append([text("functions.few_answers", given.language, least=FEW_ANSWERS), ""])
    first, *rest = block
    labels, values = ([row[place] for row in rest] for place in (0, 1))
    return answers.headed(first, [labels, values], given.language, faults)  # type: ignore[arg-type]  # the first line stands where heads do
