"""Grades: codes taken apart by the grammar, and grades computed by minimums or by percentile cuts (grading.md, section 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import Frame, collected, lazy, mapped, tuples
from xlcrm.rules.totals import quarter_totals, totals_of
from xlcrm.settings import GradeGrammar, GradeParts, Settings
from xlcrm.tables import columns as c

SIZE_RANK = "size_rank"
"""The size's place in the ordered list of sizes, 0 is the best."""
SUB_RANK = "sub_rank"
"""The sub-level's place from 1, 0 where the code has none."""


def graded(grades: Any, grammar: GradeGrammar) -> Frame:
    """customer_code, quarter, grade (as compared) with business_type, size, rank, size_rank, sub_rank: one row a customer and quarter.

    Codes outside the grammar are left out: the check has made problem rows of them. Compared after NFKC, trim, upper case.
    Of two grades of one customer in one quarter the first by text counts, whatever the order of the rows; `compare` names it.
    """
    rows = lazy(grades).select(c.CUSTOMER_CODE, c.QUARTER, c.GRADE)
    rows = rows.filter(~nw.col(c.GRADE).is_null() & ~nw.col(c.CUSTOMER_CODE).is_null())
    written = collected(rows.select(c.GRADE).unique(c.GRADE)).get_column(c.GRADE).to_list()
    parsed = {code: parts for code in sorted(written) if (parts := grammar.parse(code)) is not None}
    code = mapped(c.GRADE, {old: parts.code for old, parts in parsed.items()}).alias(c.GRADE)
    once = rows.with_columns(code).filter(~nw.col(c.GRADE).is_null()).group_by(c.CUSTOMER_CODE, c.QUARTER).agg(nw.col(c.GRADE).min())
    return once.select(c.CUSTOMER_CODE, c.QUARTER, c.GRADE, *parts_of_code(c.GRADE, parsed.values(), grammar))


def parts_of_code(column: str, parsed: Iterable[GradeParts], grammar: GradeGrammar, prefix: str = "") -> list[nw.Expr]:
    """business_type, size, rank, size_rank, sub_rank of the codes in `column`, null where it is none of `parsed`; names behind `prefix`."""
    codes = {parts.code: parts for parts in parsed}
    step = len(grammar.sub_levels) + 1

    def part(name: str, of: Callable[[GradeParts], str | int], like: str | int) -> nw.Expr:
        return mapped(column, {code: of(parts) for code, parts in codes.items()}, like).alias(prefix + name)

    return [
        part(c.BUSINESS_TYPE, lambda parts: parts.business_type, ""), part(c.SIZE, lambda parts: parts.size, ""),
        part(c.RANK, lambda parts: parts.rank, 0),
        part(SIZE_RANK, lambda parts: parts.rank // step, 0), part(SUB_RANK, lambda parts: parts.rank % step, 0),
    ]  # fmt: skip


def with_parts(rows: Frame, grammar: GradeGrammar, column: str = c.GRADE, prefix: str = "") -> Frame:
    """`rows` with the parts of the codes in `column`, which are as the grammar writes them or null; see `parts_of_code`."""
    written = collected(rows.select(column).unique(column)).get_column(column).to_list()
    codes = sorted(code for code in written if isinstance(code, str))  # on pandas a missing text is a number
    parsed = [parts for code in codes if (parts := grammar.parse(code)) is not None]
    return rows.with_columns(*parts_of_code(column, parsed, grammar, prefix))


def grade_customers(
    customers: Any, purchases: Any, grades: Any, grade_rules: Any, business_types: Any, settings: Settings, quarter: str
) -> Any:
    """This quarter's grades computed from purchases: customer_code, quarter, grade, source; a native frame like `customers`.

    A customer's type is that of its latest earlier grade, else of its business type by name or code; who has neither, or no
    purchase record, gets none. The cut of a tier is the lowest quantity that got it: the table of minimums shows it.
    """
    eager = nw.from_native(customers, eager_only=True)
    types = types_before(eager, grades, business_types, settings, quarter)
    totals = collected(totals_of(quarter_totals(purchases, (quarter,)), quarter))
    rows = [
        (code, types[code], quantity, amount)
        for code, quantity, amount in tuples(totals.select(c.CUSTOMER_CODE, c.QUANTITY, c.AMOUNT).sort(c.CUSTOMER_CODE))
        if code in types
    ]
    if settings.grades_from == "minimums":
        found, source = by_minimums(rows, grade_rules, settings.grammar), "minimums"
    else:
        found, source = by_percentiles(rows, settings)[0], "percentiles"
    data: dict[str, list[str]] = {
        c.CUSTOMER_CODE: list(found), c.QUARTER: [quarter] * len(found), c.GRADE: list(found.values()), c.SOURCE: [source] * len(found),
    }  # fmt: skip
    schema = dict.fromkeys(data, nw.String())
    return nw.from_dict(data, schema=schema, backend=eager.implementation).to_native()


Rows = list[tuple[str, str, int | None, int | None]]
"""customer_code, business type, quantity (thousandths), amount (cents); null where no row names one."""


def latest_sizes(grades: Any, grammar: GradeGrammar, quarter: str) -> dict[str, str]:
    """The size of each customer's latest grade, of no later quarter than this one."""
    rows = collected(graded(grades, grammar).filter(nw.col(c.QUARTER) <= quarter).select(c.CUSTOMER_CODE, c.QUARTER, c.SIZE))
    return {code: size for code, _, size in sorted(tuples(rows), key=lambda row: row[1])}


def types_before(customers: nw.DataFrame[Any], grades: Any, business_types: Any, settings: Settings, quarter: str) -> dict[str, str]:
    """customer_code -> the letters of its latest grade before `quarter`, else of its business type by name or code.

    A grammar without types has the empty text for everybody.
    """
    written = tuples(customers.select(c.CUSTOMER_CODE, c.BUSINESS_TYPE))
    if not settings.grammar.typed:
        return {code: "" for code, _ in written if code}
    names = tuples(nw.from_native(business_types, eager_only=True).select(c.BUSINESS_TYPE, c.BUSINESS_TYPE_NAME))
    codes = {code: code for code, _ in names if code} | {name: code for code, name in names if code and name}
    types = {code: codes[business_type] for code, business_type in written if code and business_type in codes}
    earlier = collected(graded(grades, settings.grammar).filter(nw.col(c.QUARTER) < quarter)).sort(c.QUARTER)
    types.update(tuples(earlier.select(c.CUSTOMER_CODE, c.BUSINESS_TYPE)))
    return types


def by_minimums(rows: Rows, grade_rules: Any, grammar: GradeGrammar) -> dict[str, str]:
    """The best size whose minimums are met; a blank minimum asks for nothing; below all of them the lowest size.

    A type without a rule gives no grade. In a grammar without types every rule counts, whatever its type.
    """
    rules: dict[str, list[tuple[str, int | None, int | None]]] = {}
    table = nw.from_native(grade_rules, eager_only=True).select(c.BUSINESS_TYPE, c.SIZE, c.MIN_QUANTITY, c.MIN_AMOUNT)
    known = [rule for rule in tuples(table) if rule[1] in grammar.sizes]
    for business_type, size, quantity, amount in sorted(known, key=lambda rule: grammar.sizes.index(rule[1])):
        rules.setdefault(business_type if grammar.typed else "", []).append((size, quantity, amount))
    found = {}
    for code, business_type, quantity, amount in rows:
        if business_type in rules:
            met = (size for size, at_least, worth in rules[business_type] if _reaches(quantity, at_least) and _reaches(amount, worth))
            found[code] = business_type + next(met, grammar.sizes[-1])
    return found


def _reaches(bought: int | None, minimum: int | None) -> bool:
    return minimum is None or (bought is not None and bought >= minimum)


def by_percentiles(rows: Rows, settings: Settings) -> tuple[dict[str, str], dict[tuple[str, str], int]]:
    """Grades by percentile cuts of the quantity inside each type, and the cuts: (type, size) -> lowest quantity (thousandths).

    A cut lies after the whole number of customers nearest to its share (33.3 % of 300 are 100), and leaves at least one
    customer to each better size. Equal quantities share the better size. Who has no quantity gets no grade.
    """
    found: dict[str, str] = {}
    cuts: dict[tuple[str, str], int] = {}
    sizes = settings.grammar.sizes
    for business_type in sorted({row[1] for row in rows}):
        known = [(quantity, code) for code, kind, quantity, _ in rows if kind == business_type and quantity is not None]
        members = sorted(known, key=lambda member: (-member[0], member[1]))
        ends = [max(number, int(len(members) * cut / 100 + 0.5)) for number, cut in enumerate(settings.percentile_cuts_percent, 1)]
        places: dict[int, int] = {}
        for place, (quantity, code) in enumerate(members):
            tie_place = places.setdefault(quantity, place)
            size = sizes[min(sum(tie_place >= end for end in ends), len(sizes) - 1)]
            found[code] = business_type + size
            cuts[business_type, size] = quantity
    return found, cuts
