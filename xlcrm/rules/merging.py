"""Two customers that are one: what the merged row holds, and whose of two colliding rows stays. Nothing is lost without being named.

The rows of the dropped customer go over to the kept one. Purchases, follow-ups and handovers all stay, for they all happened, so every
sum is the same before and after. Where a table takes one row a customer and quarter, purpose or day, one of two colliding rows stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import records
from xlcrm.tables import columns as c

Row = Mapping[str, Any]

_PLACE = "\x01place"


@dataclass(frozen=True, slots=True)
class MergedField:
    """A column of two rows: their values, and the one that the merged row holds."""

    column: str
    keep: Any
    drop: Any
    taken: Any

    @property
    def conflict(self) -> bool:
        """Whether both have a value and it is not the same."""
        return self.keep is not None and self.drop is not None and self.keep != self.drop

    @property
    def given_up(self) -> Any:
        """The value that the merged row does not hold; None where nothing is given up."""
        if not self.conflict:
            return None
        return self.drop if self.taken == self.keep else self.keep


def merged_fields(keep: Row, drop: Row, columns: Sequence[str], take: Collection[str] = ()) -> list[MergedField]:
    """The columns of the merged row, in their order.

    A blank is filled from the other row, whichever it is; of two values the kept customer's stays, but for the columns of `take`.
    """
    fields = []
    for column in columns:
        mine, other = keep.get(column), drop.get(column)
        taken = other if other is not None and (mine is None or column in take) else mine
        fields.append(MergedField(column, mine, other, taken))
    return fields


@dataclass(frozen=True, slots=True)
class Moved:
    """A table after its rows went over to the kept customer.

    frame: native, its rows in their order. rows: how many of them were the dropped customer's. given_up: pairs of colliding rows, the
    one that stays and the one that left. left: the places that the latter had, counted from 0.
    """

    frame: Any
    rows: int
    given_up: Sequence[tuple[Row, Row]] = ()
    left: frozenset[int] = frozenset()


def moved_rows(frame: Any, keep: str, drop: str) -> Moved:
    """Every row of `drop` as one of `keep`."""
    rows = nw.from_native(frame, eager_only=True)
    own = nw.col(c.CUSTOMER_CODE) == drop
    count = rows.filter(own).shape[0]
    return Moved(_under(rows, keep, drop).to_native() if count else frame, count)


def joined_rows(frame: Any, keep: str, drop: str, key: Sequence[str], other_stays: Callable[[Row, Row], bool]) -> Moved:
    """The same for a table with one row a customer and `key`.

    other_stays: of a row of the kept and one of the dropped customer with the same key, whether the latter stays.
    """
    rows = nw.from_native(frame, eager_only=True).with_row_index(_PLACE)
    both = rows.filter((nw.col(c.CUSTOMER_CODE) == keep) | (nw.col(c.CUSTOMER_CODE) == drop))
    found = records(both)
    kept = {tuple(row[name] for name in key): row for row in reversed(found) if row[c.CUSTOMER_CODE] == keep}
    count, left, given_up = 0, set[int](), []
    for row in found:
        if row[c.CUSTOMER_CODE] != drop:
            continue
        count += 1
        mine = kept.get(tuple(row[name] for name in key))
        if mine is None or mine[_PLACE] in left:
            continue
        stays, leaves = (row, mine) if other_stays(mine, row) else (mine, row)
        left.add(leaves[_PLACE])
        given_up.append((_bare(stays), _bare(leaves)))
    if not count:
        return Moved(frame, 0)
    if left:
        rows = rows.filter(~nw.col(_PLACE).is_in(sorted(left)))
    return Moved(_under(rows.drop(_PLACE), keep, drop).to_native(), count, given_up, frozenset(left))


def _under(rows: nw.DataFrame[Any], keep: str, drop: str) -> nw.DataFrame[Any]:
    code = nw.col(c.CUSTOMER_CODE)
    return rows.with_columns(nw.when(code == drop).then(nw.lit(keep)).otherwise(code).alias(c.CUSTOMER_CODE))


def _bare(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != _PLACE}


# --- Which of two colliding rows stays.


def never(mine: Row, other: Row) -> bool:
    """The kept customer's row, always: so with two grades of one quarter."""
    return False


def withdrawn_stays(mine: Row, other: Row) -> bool:
    """Of two consents for one purpose the one that was withdrawn: a merge makes no yes of a no."""
    return mine.get(c.WITHDRAWN_ON) is None and other.get(c.WITHDRAWN_ON) is not None


def open_stays(mine: Row, other: Row) -> bool:
    """Of two requests to be forgotten the one that was not carried out yet."""
    return mine.get(c.WITHDRAWN_ON) is not None and other.get(c.WITHDRAWN_ON) is None


def done_stays(mine: Row, other: Row) -> bool:
    """Of two planned visits of one day the one that was made."""
    return mine.get(c.DONE_ON) is None and other.get(c.DONE_ON) is not None


# --- Several merges at once.


def in_order(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs (keep, drop) as they are to be carried out one after another: a code that was merged away stands for the one it went into.

    Pairs that are one customer already by then are left out.
    """
    into: dict[str, str] = {}

    def survivor(code: str) -> str:
        while code in into:
            code = into[code]
        return code

    carried_out = []
    for keep, drop in pairs:
        stays, leaves = survivor(keep), survivor(drop)
        if stays != leaves:
            into[leaves] = stays
            carried_out.append((stays, leaves))
    return carried_out


def successors(merged: Mapping[str, str], customers: Collection[str]) -> dict[str, str]:
    """Code that is no customer any more -> the customer it was merged into, at the end of the chain.

    merged: dropped code -> kept code, as it was decided. A code that is a customer (again) has no successor.
    """
    found = {}
    for code in merged:
        if code in customers:
            continue
        into, seen = merged[code], {code}
        while into not in customers and into in merged and into not in seen:
            seen.add(into)
            into = merged[into]
        if into in customers:
            found[code] = into
    return found
