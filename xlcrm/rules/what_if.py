"""What if the minimums were others: who would flip, before and after side by side (feature M4).

Both sides are graded by one rule, so that only the changed minimums make a difference: a customer gets the best size whose minimums are
met, a blank minimum asks for nothing, who meets none gets the lowest size. Before: the minimums as they are. After: with each changed
tier's row in place of its own. The type stays. Without a purchase record there is no grade on either side, and the customer is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import Frame, collected, frame_of, lazy, tuples
from xlcrm.rules.grades import by_minimums
from xlcrm.settings import GradeGrammar
from xlcrm.tables import columns as c

BEFORE, AFTER, AS_HELD = "before", "after", "as_held"
FLIP_COLUMNS = (c.CUSTOMER_CODE, c.BUSINESS_TYPE, c.QUANTITY, c.AMOUNT, c.GRADE, BEFORE, AFTER, c.STATE)
TIER_COLUMNS = (
    c.BUSINESS_TYPE, c.SIZE, c.GRADE, "min_quantity_before", "min_amount_before", "min_quantity_after", "min_amount_after",
    "customers_before", "customers_after", "rising_in", "falling_in", "rising_out", "falling_out",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Native frames in memory; quantities in thousandths, amounts in cents.

    customers: FLIP_COLUMNS, by code: everybody with a type and a record. grade: as held now, null without one; before, after: by the
    minimums; state: up, kept, down, of `after` against `before`.
    tiers: TIER_COLUMNS, by type, the best size first: minimums and customers on both sides, and who came from or left for where:
    rising_in + falling_in come in, rising_out + falling_out leave; customers_after = customers_before + ins - outs.
    unlike_held: how many of the graded now hold another grade than the minimums as they are would give (grades by another rule); the nearer
    to 0, the more `before` speaks of the grades in the workbook.
    unknown: rows of the changes whose size (or type) the grammar does not know, or without one, as `type size`; they change nothing.
    idle: changed tiers of the lowest size, which has no minimum, or of a type of which nobody bought.
    crossed: tiers after the change whose minimum lies above that of a better size: as (grade, better grade).
    """

    customers: Any
    tiers: Any
    unlike_held: int
    unknown: tuple[str, ...]
    idle: tuple[str, ...]
    crossed: tuple[tuple[str, str], ...]

    @property
    def flips(self) -> Any:
        """The rows of `customers` whose grade differs before and after."""
        frame = nw.from_native(self.customers, eager_only=True)
        return frame.filter(nw.col(c.STATE) != c.KEPT).to_native()


_Bounds = dict[tuple[str, str], tuple[int | None, int | None]]


def what_if(types: Any, totals: Any, present: Any, changed: Any, grammar: GradeGrammar) -> WhatIf:
    """Grades everybody before and after. One row a customer, or tier, in each frame; a tier that stands twice counts by its last row.

    types: customer_code, business_type, grade (held now, or null). totals: customer_code, quantity, amount of the quarter; null where no
    row names one. present: business_type, size, min_quantity, min_amount: the grade rules, or the table of minimums found. changed: the
    same columns, only of the tiers that change; a blank in them asks for nothing. The lowest size has no minimum.
    """
    table = collected(lazy(types).select(c.CUSTOMER_CODE, c.BUSINESS_TYPE, c.GRADE))
    bought = {code: (quantity, amount) for code, quantity, amount in tuples(collected(_totals(totals)))}
    people = [(code, kind, grade) for code, kind, grade in tuples(table.sort(c.CUSTOMER_CODE)) if kind is not None and code in bought]
    rows = [(code, kind, *bought[code]) for code, kind, _ in people]
    kinds = sorted({kind for _, kind, _ in people})
    before_bounds, _ = _bounds(present, grammar)
    changes, unknown = _bounds(changed, grammar)
    known = {kind for kind, _ in before_bounds} | set(kinds)
    idle = [key for key in changes if key[1] == grammar.sizes[-1] or key[0] not in known]
    after_bounds = before_bounds | {key: bound for key, bound in changes.items() if key not in idle}
    sides = [by_minimums(rows, _rules(bounds, kinds, grammar.sizes[-1], table), grammar) for bounds in (before_bounds, after_bounds)]
    held = {code: grade for code, _, grade in people}
    found = [
        (*row, held[row[0]], before[1], after[1], _state(before[1], after[1], grammar))
        for row, before, after in zip(rows, sides[0].items(), sides[1].items(), strict=True)
    ]
    schema: dict[str, Any] = {name: nw.Int64() if name in (c.QUANTITY, c.AMOUNT) else nw.String() for name in FLIP_COLUMNS}
    return WhatIf(
        frame_of(found, schema, table), _tiers(found, before_bounds, after_bounds, kinds, grammar, table),
        sum(row[4] is not None and _size(row[4], grammar) != _size(row[5], grammar) for row in found),
        tuple(unknown), tuple(kind + size for kind, size in idle), _crossed(after_bounds, kinds, grammar),
    )  # fmt: skip


def _totals(totals: Any) -> Frame:
    return lazy(totals).select(c.CUSTOMER_CODE, c.QUANTITY, c.AMOUNT)


def _bounds(minimums: Any, grammar: GradeGrammar) -> tuple[_Bounds, list[str]]:
    """The minimums by type and size, and the rows that name no known tier."""
    found: _Bounds = {}
    unknown = []
    for kind, size, quantity, amount in tuples(collected(lazy(minimums).select(c.BUSINESS_TYPE, c.SIZE, c.MIN_QUANTITY, c.MIN_AMOUNT))):
        name = (kind or "") if grammar.typed else ""
        if size not in grammar.sizes or (grammar.typed and grammar.parse(name + size) is None):
            unknown.append(f"{kind or ''} {size or ''}".strip())
        else:
            found[name, size] = (quantity, amount)
    return found, unknown


def _rules(bounds: _Bounds, kinds: list[str], lowest: str, like: nw.DataFrame[Any]) -> Any:
    """A frame of grade rules; a type without any still has its lowest size."""
    rows = [(kind, size, *bound) for (kind, size), bound in bounds.items()]
    ruled = {kind for kind, _ in bounds}
    # Else a type without a rule would give no grade.
    rows += [(kind, lowest, None, None) for kind in kinds if kind not in ruled]
    schema: dict[str, Any] = {c.BUSINESS_TYPE: nw.String(), c.SIZE: nw.String(), c.MIN_QUANTITY: nw.Int64(), c.MIN_AMOUNT: nw.Int64()}
    return frame_of(rows, schema, like)


def _size(code: str, grammar: GradeGrammar) -> int:
    parts = grammar.parse(code)
    return -1 if parts is None else grammar.sizes.index(parts.size)


def _state(before: str, after: str, grammar: GradeGrammar) -> str:
    then, now = _size(before, grammar), _size(after, grammar)
    return c.UP if now < then else c.DOWN if now > then else c.KEPT


def _tiers(
    found: list[tuple[Any, ...]], before: _Bounds, after: _Bounds, kinds: list[str], grammar: GradeGrammar, like: nw.DataFrame[Any]
) -> Any:
    nothing = (None, None)
    rows = []
    for kind in kinds:
        for size in grammar.sizes:
            grade = kind + size
            ins = [row[7] for row in found if row[6] == grade and row[5] != grade]
            outs = [row[7] for row in found if row[5] == grade and row[6] != grade]
            rows.append((
                kind, size, grade, *before.get((kind, size), nothing), *after.get((kind, size), nothing),
                sum(row[5] == grade for row in found), sum(row[6] == grade for row in found),
                ins.count(c.UP), ins.count(c.DOWN), outs.count(c.UP), outs.count(c.DOWN),
            ))  # fmt: skip
    schema: dict[str, Any] = {name: nw.String() if place < 3 else nw.Int64() for place, name in enumerate(TIER_COLUMNS)}
    return frame_of(rows, schema, like)


def _crossed(bounds: _Bounds, kinds: list[str], grammar: GradeGrammar) -> tuple[tuple[str, str], ...]:
    found = []
    for kind in kinds:
        ruled = [size for size in grammar.sizes[:-1] if (kind, size) in bounds]
        for place, size in enumerate(ruled):
            for better in ruled[:place]:
                pairs = zip(bounds[kind, size], bounds[kind, better], strict=True)
                if any(mine is not None and above is not None and mine > above for mine, above in pairs):
                    found.append((kind + size, kind + better))
    return tuple(found)
