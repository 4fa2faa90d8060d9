"""The rules once more, in plain Python over dicts and loops, as slow and as literal as `grading.md` reads: what the fast ones must equal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

Parts = tuple[str, int, int]
"""Business type, size, sub-level (0: none)."""
Totals = Mapping[str, tuple[int | None, int | None]]
"""customer_code -> quantity, amount; a customer without a purchase record does not stand here."""


def parts(grade: str) -> Parts:
    kind = grade.rstrip("0123456789")
    digits = grade[len(kind) :]
    return kind, int(digits[0]), int(digits[1:] or 0)


def state(now: str | None, before: str | None) -> str:
    if now is None:
        return "ungraded" if before is None else "lost"
    if before is None:
        return "new"
    kind, size, sub = parts(now)
    earlier_kind, earlier_size, earlier_sub = parts(before)
    if kind != earlier_kind:
        return "type_changed"
    if size != earlier_size:
        return "up" if size < earlier_size else "down"
    if not sub or not earlier_sub or sub == earlier_sub:
        return "kept"
    return "up" if sub < earlier_sub else "down"


def shown(now: str | None, before: str | None) -> str:
    mark = {"up": "↑", "kept": "", "down": "↓", "new": "○", "type_changed": "≠", "lost": "×", "ungraded": "?"}
    return (now or before or "–") + mark[state(now, before)]


def statistics(held: Mapping[str, str], before: Mapping[str, str], batch: Mapping[str, str | None]) -> dict[str, dict[str, int]]:
    """grade -> name of a count -> customers; counts of nobody are left out."""
    counts: dict[str, dict[str, int]] = {grade: defaultdict(int) for grade in held.values()}
    for code, grade in held.items():
        what = state(grade, before.get(code))
        if what in ("up", "kept", "down"):
            counts[grade][f"total_{what}"] += 1
            if batch.get(code):
                counts[grade][f"{batch[code]}_{what}"] += 1
        else:
            counts[grade][what] += 1
    return {grade: dict(found) for grade, found in counts.items()}


def lowest(values: list[int | None]) -> int | None:
    return min((value for value in values if value is not None), default=None)


def minimums(held: Mapping[str, str], totals: Totals) -> dict[str, tuple[int, int | None, int | None]]:
    """grade -> holders, lowest quantity, lowest amount, for all but each type's lowest grade."""
    found = {}
    for grade in set(held.values()):
        kind, size, _ = parts(grade)
        worst = max(parts(other) for other in held.values() if parts(other)[0] == kind)
        if parts(grade) == worst and size == 3:
            continue
        holders = [code for code in held if held[code] == grade]
        bought = [totals[code] for code in holders if code in totals]
        found[grade] = (len(holders), lowest([quantity for quantity, _ in bought]), lowest([amount for _, amount in bought]))
    return found


def next_tier(grade: str, table: Mapping[str, tuple[int, int | None, int | None]]) -> str | None:
    """The nearest better grade of the type in which somebody bought something."""
    better = [
        other for other, (_, quantity, amount) in table.items()
        if parts(other)[0] == parts(grade)[0] and parts(other) < parts(grade) and (quantity is not None or amount is not None)
    ]  # fmt: skip
    return max(better, key=parts, default=None)


def gap(minimum: int | None, own: int | None) -> int | None:
    return None if minimum is None else max(0, minimum - (own or 0))


def cushion(minimum: int | None, own: int | None) -> int | None:
    return None if minimum is None or own is None else own - minimum


Gap = tuple[str | None, int | None, int | None, int | None, int | None]


def gaps(held: Mapping[str, str], totals: Totals) -> dict[str, Gap]:
    """customer_code -> next grade, gap in quantity and amount, cushion in quantity and amount."""
    table = minimums(held, totals)
    nothing = (0, None, None)
    found: dict[str, Gap] = {}
    for code, grade in held.items():
        own_quantity, own_amount = totals.get(code, (None, None))
        following = next_tier(grade, table)
        _, quantity, amount = table.get(following, nothing) if following else nothing
        _, least, worth = table.get(grade, nothing)
        found[code] = (
            following, gap(quantity, own_quantity), gap(amount, own_amount), cushion(least, own_quantity), cushion(worth, own_amount),
        )  # fmt: skip
    return found
