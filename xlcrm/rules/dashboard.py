"""What stands on the manager's page, as plain values; what is not known is left out of the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlcrm.rules.advice import is_near_next, share_missing
from xlcrm.rules.flow import Flow
from xlcrm.settings import Settings
from xlcrm.tables import columns as c


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One key figure. id: `customers`, `quantity` (thousandths), `amount` (cents). before: the compared quarter's; goal: what it should be
    this quarter; None where there is none. trend: quarter by quarter, the last one is this quarter; None where nothing is known."""

    id: str
    value: int | None
    before: int | None
    goal: int | None
    trend: Sequence[int | None]

    @property
    def change(self) -> float | None:
        """Against the compared quarter, as a share (0.1 is 10 % more); None where there is nothing to compare with."""
        return None if self.value is None or self.before is None or self.before <= 0 else self.value / self.before - 1

    @property
    def of_goal(self) -> float | None:
        """The share of the goal that is reached; None without one."""
        return None if self.value is None or not self.goal else self.value / self.goal


@dataclass(frozen=True, slots=True)
class Moves:
    """Customers promoted and demoted. net_before: promoted minus demoted of the compared quarter against the one before it, if known."""

    promoted: int
    demoted: int
    net_before: int | None

    @property
    def net(self) -> int:
        """Promoted minus demoted."""
        return self.promoted - self.demoted


@dataclass(frozen=True, slots=True)
class RouteLine:
    """Changes of one route. route: None for the customers on none, "" for routes taken together. other: new, type changed, lost,
    ungraded. amount_change: a share, None where there is nothing to compare with. routes: how many it stands for."""

    route: str | None
    batch: str | None
    promoted: int
    kept: int
    demoted: int
    other: int
    amount_change: float | None
    routes: int = 1


@dataclass(frozen=True, slots=True)
class GapLine:
    """A customer near the next tier; quantity in thousandths, amount in cents."""

    code: str
    name: str
    route: str | None
    grade: str
    next_grade: str
    quantity: int | None
    amount: int | None


@dataclass(frozen=True, slots=True)
class WarningLine:
    """A warning: how many customers, why, what to do. level: 2 is the graver, 1, or 0 for visits. link: a place in the workbook."""

    level: int
    customers: int
    reason: str
    action: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The page. quarters: those of the trends, oldest first. distribution: business type and holders of each size. rfm: customers by
    recency (first row: score 5, the latest) and frequency (first column: score 1), empty where it is not known."""

    current: str
    previous: str
    as_of: dt.date
    reconciled: bool
    quarters: Sequence[str]
    figures: Sequence[KeyFigure]
    moves: Moves
    distribution: Sequence[tuple[str, Sequence[int]]]
    flow: Flow
    routes: Sequence[RouteLine]
    gaps: Sequence[GapLine]
    warnings: Sequence[WarningLine] = ()
    rfm: Sequence[Sequence[int]] = ()


_OTHER = (c.NEW, c.TYPE_CHANGED, c.LOST, c.UNGRADED)


def route_lines(summary: Sequence[Mapping[str, Any]]) -> list[RouteLine]:
    """The lines of a route summary, in its order."""
    return [
        RouteLine(
            row[c.ROUTE], row[c.BATCH], row[c.UP], row[c.KEPT], row[c.DOWN], sum(row[state] for state in _OTHER), row[c.AMOUNT_CHANGE],
        )
        for row in summary
    ]  # fmt: skip


def at_most(lines: Sequence[RouteLine], most: int) -> list[RouteLine]:
    """So many lines: those that moved most, up or down, in their order; the others are taken together in the last one."""
    if len(lines) <= most:
        return list(lines)
    moved = sorted(range(len(lines)), key=lambda place: (-abs(lines[place].promoted - lines[place].demoted), place))
    shown = set(moved[: most - 1])
    rest = [line for place, line in enumerate(lines) if place not in shown]
    together = RouteLine(
        "", None, sum(line.promoted for line in rest), sum(line.kept for line in rest), sum(line.demoted for line in rest),
        sum(line.other for line in rest), None, len(rest),
    )  # fmt: skip
    return [*(line for place, line in enumerate(lines) if place in shown), together]


def gaps_worth_closing(lines: Sequence[Mapping[str, Any]], settings: Settings, most: int) -> list[GapLine]:
    """The customers who miss least to the next tier, as a share of its minimums; on a tie by code. lines: visit lines with names.

    Near ones (`near_tier_percent`) come before all others by the same measure, so that a page of few near ones is not empty.
    """
    open_gaps = [line for line in lines if line.get(c.NEXT_GRADE) and (line.get(c.GAP_QUANTITY) or line.get(c.GAP_AMOUNT))]
    open_gaps.sort(key=lambda line: (not is_near_next(line, settings), share_missing(line), str(line[c.CUSTOMER_CODE])))
    return [
        GapLine(
            str(line[c.CUSTOMER_CODE]), str(line.get(c.CUSTOMER_NAME) or line[c.CUSTOMER_CODE]), line.get(c.ROUTE), str(line[c.GRADE]),
            str(line[c.NEXT_GRADE]), line.get(c.GAP_QUANTITY), line.get(c.GAP_AMOUNT),
        )
        for line in open_gaps[:most]
    ]  # fmt: skip


def rfm_grid(scores: Sequence[tuple[int, int]], most: int = 5) -> list[list[int]]:
    """Counts of (recency score, frequency score): first row the latest, first column the least frequent."""
    grid = [[0] * most for _ in range(most)]
    for recency, frequency in scores:
        grid[most - recency][frequency - 1] += 1
    return grid
