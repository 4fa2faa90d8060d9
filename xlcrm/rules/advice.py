"""One line of advice a customer, from its state and figures (grading.md, section 7). The first case that fits counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from xlcrm.rules.totals import PURCHASES_COUNT
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.texts import entries, text

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
    next_min_amount, quantity, amount, previous_quantity, purchases_count, previous_purchases_count, change, dropped_product.
    """
    entry = _entry(line, settings)
    return Advice(entry, {name: _PLACES[name](line, settings) for name in _places_in(entry)})


@cache
def _places_in(entry: str) -> tuple[str, ...]:
    """The places of that line; both languages have the same. Looked up once a line of the catalogue, not once a customer."""
    return tuple(name for name in _PLACES if f"{{{name}}}" in entries("advice")[entry]["en"])


def _entry(line: Mapping[str, object], settings: Settings) -> str:
    state = line.get(c.STATE)
    if state in (c.LOST, c.UNGRADED, c.TYPE_CHANGED):
        return str(state)
    if state == c.UP:
        return "promoted_cushion" if _has_cushion(line) else "promoted"
    if state == c.DOWN:
        # Whose figures would still earn the next tier fell for a reason that they do not tell.
        return _reason(line) if _lacks_something(line) else "demoted"
    near = is_near_next(line, settings)
    if state == c.NEW:
        return "new_near" if near else "new"
    if near:
        return "near_next"
    if _reaches_next(line):
        return "reaches_next"
    if is_near_falling(line, settings):
        return "near_falling" if min(_cushion_shares(line))[0] > 0 else "at_minimum"
    change = line.get(c.CHANGE)
    if isinstance(change, int | float) and change <= -settings.change_marked_percent / 100:
        return "kept_falling"
    return "stable"


def _reason(line: Mapping[str, object]) -> str:
    """Why a customer fell, as far as the figures tell: a product dropped, fewer purchases, smaller ones, or others grew."""
    if line.get(DROPPED_PRODUCT):
        return "demoted_product"
    before = _number(line.get(c.PREVIOUS_QUANTITY))
    if before is None:
        return "demoted_gap"
    if (_number(line.get(c.QUANTITY)) or 0) >= before:
        return "demoted_others"
    times, times_before = _number(line.get(PURCHASES_COUNT)) or 0, _number(line.get(f"previous_{PURCHASES_COUNT}")) or 0
    return "demoted_fewer" if times < times_before else "demoted_smaller"


def share_missing(line: Mapping[str, object]) -> float:
    """How much is missing to the next tier, as a share of its minimum: the larger of quantity and amount, 0 where nothing is known."""
    pairs = ((c.GAP_QUANTITY, c.NEXT_MIN_QUANTITY), (c.GAP_AMOUNT, c.NEXT_MIN_AMOUNT))
    known = [(_number(line.get(gap)), _number(line.get(minimum))) for gap, minimum in pairs]
    return max((gap / minimum for gap, minimum in known if gap and minimum), default=0.0)


def is_near_next(line: Mapping[str, object], settings: Settings) -> bool:
    """Whether something is missing to the next tier, and both gaps are at most `near_tier_percent` of its minimums."""
    return _lacks_something(line) and share_missing(line) <= settings.near_tier_percent / 100


def is_near_falling(line: Mapping[str, object], settings: Settings) -> bool:
    """Whether a cushion is at most `near_tier_percent` of the own tier's minimum."""
    shares = _cushion_shares(line)
    return bool(shares) and min(shares)[0] <= settings.near_tier_percent / 100


def _lacks_something(line: Mapping[str, object]) -> bool:
    return any(_number(line.get(gap)) for gap in (c.GAP_QUANTITY, c.GAP_AMOUNT))


def _reaches_next(line: Mapping[str, object]) -> bool:
    """The figures reach a better tier than the grade says: an export may grade by more than figures."""
    return bool(line.get(c.NEXT_GRADE)) and not _lacks_something(line)


def _has_cushion(line: Mapping[str, object]) -> bool:
    return any(_number(line.get(cushion)) for cushion in (c.CUSHION_QUANTITY, c.CUSHION_AMOUNT))


def _cushion_shares(line: Mapping[str, object]) -> list[tuple[float, str]]:
    """Each cushion as a share of the minimum it stands on, with its column; nothing where there is no cushion."""
    shares = []
    for own, cushion in ((c.QUANTITY, c.CUSHION_QUANTITY), (c.AMOUNT, c.CUSHION_AMOUNT)):
        bought, above = _number(line.get(own)), _number(line.get(cushion))
        if bought is not None and above is not None:
            minimum = bought - above
            shares.append((above / minimum if minimum > 0 else 1.0 if above else 0.0, cushion))
    return shares


def _gap(line: Mapping[str, object], settings: Settings) -> str:
    """What is missing, in words: the quantity, or where no quantity is missing, the amount."""
    quantity, amount = _number(line.get(c.GAP_QUANTITY)), _number(line.get(c.GAP_AMOUNT))
    return _money(amount, settings) if amount and not quantity else _units(quantity or 0)


def _cushion(line: Mapping[str, object], settings: Settings) -> str:
    """What stands above the own minimum, in words: the cushion that is nearest to being used up. Only for a line with a cushion."""
    shares = _cushion_shares(line)
    near_falling = line.get(c.STATE) == c.KEPT
    _, column = min(shares) if near_falling else min((share for share in shares if share[0] > 0), default=min(shares))
    number = _number(line.get(column)) or 0
    return _units(number) if column == c.CUSHION_QUANTITY else _money(number, settings)


def _units(thousandths: int) -> str:
    scale = SCALE[ColumnKind.QUANTITY]
    return f"{thousandths // scale:,}.{thousandths % scale:03d}".rstrip("0").rstrip(".")


def _money(cents: int, settings: Settings) -> str:
    scale = SCALE[ColumnKind.MONEY]
    return text("advice.amount", settings.language, number=f"{cents // scale:,}.{cents % scale:02d}")


def _percent_less(line: Mapping[str, object], _: Settings) -> str:
    change = line.get(c.CHANGE)
    return str(round(-change * 100)) if isinstance(change, int | float) else ""


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


_PLACES: Mapping[str, Callable[[Mapping[str, object], Settings], str]] = {
    "previous": lambda line, _: str(line.get(c.PREVIOUS_GRADE) or ""),
    "next": lambda line, _: str(line.get(c.NEXT_GRADE) or ""),
    "product": lambda line, _: str(line.get(DROPPED_PRODUCT) or ""),
    "gap": _gap,
    "cushion": _cushion,
    "percent": _percent_less,
}
"""What can fill a place of a line."""
