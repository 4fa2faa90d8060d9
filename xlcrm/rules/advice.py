"""One line of advice a customer, from its state and figures (grading.md, section 7). The first case that fits counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlcrm.rules.totals import PURCHASES_COUNT
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.texts import text

DROPPED_PRODUCT = "dropped_product"
"""The product that a customer bought in the earlier quarter and no longer buys; the largest by quantity."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Which advice (an entry of `texts/advice.toml`), and the figures that fill its places."""

    entry: str
    places: Mapping[str, str]

    def text(self, settings: Settings) -> str:
        """The line in the workbook's language."""
        return text(f"advice.{self.entry}", settings.language, **self.places)


def advise(line: Mapping[str, object], settings: Settings) -> Advice:
    """The advice for one visit line.

    line: state, previous_grade, next_grade, gap_quantity, gap_amount, cushion_quantity, cushion_amount, next_min_quantity,
    next_min_amount, quantity, previous_quantity, purchases_count, previous_purchases_count, change, dropped_product.
    """
    state = line.get(c.STATE)
    places = {
        "previous": str(line.get(c.PREVIOUS_GRADE) or ""), "next": str(line.get(c.NEXT_GRADE) or ""), "gap": _gap(line),
        "cushion": _units(line.get(c.CUSHION_QUANTITY)), "product": str(line.get(DROPPED_PRODUCT) or ""),
    }  # fmt: skip
    if state in (c.LOST, c.UNGRADED, c.TYPE_CHANGED):
        return Advice(str(state), places)
    if state == c.UP:
        return Advice("promoted_cushion" if (_number(line.get(c.CUSHION_QUANTITY)) or 0) > 0 else "promoted", places)
    if state == c.DOWN:
        # Whose figures would still earn the next tier fell for a reason that they do not tell.
        return Advice(_reason(line) if line.get(c.NEXT_GRADE) and _lacks_something(line) else "demoted", places)
    near = is_near_next(line, settings)
    if state == c.NEW:
        return Advice("new_near" if near else "new", places)
    change = line.get(c.CHANGE)
    if near:
        return Advice("near_next", places)
    if is_near_falling(line, settings):
        return Advice("near_falling", places)
    if isinstance(change, float) and change <= -settings.change_marked_percent / 100:
        return Advice("kept_falling", {**places, "percent": str(round(-change * 100))})
    return Advice("stable", places)


def _reason(line: Mapping[str, object]) -> str:
    """Why a customer fell, as far as the figures tell: a product dropped, fewer purchases, smaller ones, or others grew."""
    if line.get(DROPPED_PRODUCT):
        return "demoted_product"
    bought, before = _number(line.get(c.QUANTITY)) or 0, _number(line.get(c.PREVIOUS_QUANTITY)) or 0
    if bought >= before:
        return "demoted_others"
    times, times_before = _number(line.get(PURCHASES_COUNT)) or 0, _number(line.get(f"previous_{PURCHASES_COUNT}")) or 0
    return "demoted_fewer" if times < times_before else "demoted_smaller"


def is_near_next(line: Mapping[str, object], settings: Settings) -> bool:
    """Whether both gaps to the next tier are at most `near_tier_percent` of its minimums."""
    share = settings.near_tier_percent / 100
    pairs = ((c.GAP_QUANTITY, c.NEXT_MIN_QUANTITY), (c.GAP_AMOUNT, c.NEXT_MIN_AMOUNT))
    known = [(_number(line.get(gap)), _number(line.get(minimum))) for gap, minimum in pairs]
    found = [gap <= share * minimum for gap, minimum in known if gap is not None and minimum is not None]
    return bool(found) and all(found)


def is_near_falling(line: Mapping[str, object], settings: Settings) -> bool:
    """Whether a cushion is at most `near_tier_percent` of the own tier's minimum."""
    share = settings.near_tier_percent / 100
    for own, cushion in ((c.QUANTITY, c.CUSHION_QUANTITY), (c.AMOUNT, c.CUSHION_AMOUNT)):
        bought, above = _number(line.get(own)), _number(line.get(cushion))
        if bought is not None and above is not None and above <= share * (bought - above):
            return True
    return False


def _lacks_something(line: Mapping[str, object]) -> bool:
    return any(_number(line.get(gap)) for gap in (c.GAP_QUANTITY, c.GAP_AMOUNT))


def _gap(line: Mapping[str, object]) -> str:
    """The cheapest way up in words: the quantity missing, or where none is, the amount."""
    quantity, amount = _number(line.get(c.GAP_QUANTITY)), _number(line.get(c.GAP_AMOUNT))
    if quantity or not amount:
        return _units(quantity)
    return f"{amount / SCALE[ColumnKind.MONEY]:,.2f}"


def _units(thousandths: object) -> str:
    number = _number(thousandths)
    return "" if number is None else f"{number / SCALE[ColumnKind.QUANTITY]:,.3f}".rstrip("0").rstrip(".")


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
