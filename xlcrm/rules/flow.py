"""Who came from where: customers between the grade sizes of two quarters, and how many hold each size now.

Every customer of a comparison is in exactly one cell of the flow: from its earlier size, or from no grade, to its size now, to another
business type (sizes of two types do not compare), or to no grade. So a row sums to the customers of that size in the earlier quarter,
and all cells together to all customers of the comparison.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import Frame, collected, lazy, tuples
from xlcrm.rules.grades import with_parts
from xlcrm.settings import GradeGrammar
from xlcrm.tables import columns as c

NO_GRADE = "none"
"""Where a customer comes from, or goes to, that has no grade there."""

_WITHOUT_NOW = (c.LOST, c.UNGRADED)
_HELD_BEFORE = (c.UP, c.KEPT, c.DOWN, c.TYPE_CHANGED, c.LOST)


@dataclass(frozen=True, slots=True)
class Flow:
    """How many customers went from where to where. sizes: best first.

    cells: (from, to) -> customers; from: a size or NO_GRADE; to: a size, `type_changed` or NO_GRADE. A cell of nobody is left out.
    """

    sizes: Sequence[str]
    cells: Mapping[tuple[str, str], int]

    @property
    def rows(self) -> Sequence[str]:
        """Where customers come from, in order."""
        return (*self.sizes, NO_GRADE)

    @property
    def columns(self) -> Sequence[str]:
        """Where customers go to, in order."""
        return (*self.sizes, c.TYPE_CHANGED, NO_GRADE)

    def row_sum(self, of: str) -> int:
        """All customers that come from there."""
        return sum(count for (before, _), count in self.cells.items() if before == of)

    def column_sum(self, to: str) -> int:
        """All customers that go there."""
        return sum(count for (_, now), count in self.cells.items() if now == to)

    @property
    def total(self) -> int:
        """All customers of the comparison."""
        return sum(self.cells.values())


def with_flow(changes: Any, grammar: GradeGrammar) -> Frame:
    """The changes with `flow_from` and `flow_to`, see `Flow`. changes: grade, previous_grade, state."""
    parted = with_parts(with_parts(lazy(changes), grammar), grammar, c.PREVIOUS_GRADE, "previous_")
    state = nw.col(c.STATE)
    before = nw.when(state.is_in(_HELD_BEFORE)).then(nw.col(f"previous_{c.SIZE}")).otherwise(nw.lit(NO_GRADE))
    same_type = nw.when(state == c.TYPE_CHANGED).then(nw.lit(c.TYPE_CHANGED)).otherwise(nw.col(c.SIZE))
    now = nw.when(state.is_in(_WITHOUT_NOW)).then(nw.lit(NO_GRADE)).otherwise(same_type)
    names = lazy(changes).collect_schema().names()
    return parted.with_columns(before.alias(c.FLOW_FROM), now.alias(c.FLOW_TO)).select(*names, c.FLOW_FROM, c.FLOW_TO)


def flow(changes: Any, grammar: GradeGrammar) -> Flow:
    """The flow of a comparison's changes (every customer once)."""
    counted = with_flow(changes, grammar).group_by(c.FLOW_FROM, c.FLOW_TO).agg(nw.len().alias(c.CUSTOMERS))
    cells = {(before, now): int(count) for before, now, count in tuples(collected(counted))}
    return Flow(grammar.sizes, dict(sorted(cells.items())))


def distribution(changes: Any, grammar: GradeGrammar) -> list[tuple[str, tuple[int, ...]]]:
    """Business type and its holders of each size, best size first: who has a grade now. The largest type first, then by its letters."""
    held = with_parts(lazy(changes).filter(~nw.col(c.STATE).is_in(_WITHOUT_NOW)).select(c.GRADE), grammar)
    counted = held.group_by(c.BUSINESS_TYPE, c.SIZE).agg(nw.len().alias(c.CUSTOMERS))
    counts: dict[str, list[int]] = {}
    for business_type, size, count in tuples(collected(counted)):
        counts.setdefault(business_type, [0] * len(grammar.sizes))[grammar.sizes.index(size)] += int(count)
    return sorted(((name, tuple(sizes)) for name, sizes in counts.items()), key=lambda item: (-sum(item[1]), item[0]))
