"""Grades: codes taken apart by the grammar, and grades computed by minimums or by percentile cuts (grading.md, section 2)."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from xlcrm.rules.frames import Frame, collected, lazy, mapped
from xlcrm.rules.totals import quarter_totals, totals_of
from xlcrm.settings import GradeGrammar, Settings
from xlcrm.tables import columns as c

SIZE_RANK = "size_rank"
"""The size's place in the ordered list of sizes, 0 is the best."""
SUB_RANK = "sub_rank"
"""The sub-level's place from 1, 0 where the code has none."""


def graded(grades: Any, grammar: GradeGrammar) -> Frame:
    """customer_code, quarter, grade (as compared) with business_type, size, rank, size_rank, sub_rank.

    Codes outside the grammar are left out: the check has made problem rows of them. Compared after NFKC, trim, upper case.
    """
    rows = lazy(grades).select(c.CUSTOMER_CODE, c.QUARTER, c.GRADE).filter(~nw.col(c.GRADE).is_null())
    distinct = rows.select(c.GRADE).unique(c.GRADE)
    codes = collected(distinct).get_column(c.GRADE).to_list()
    parsed = {code: parts for code in sorted(codes) if (parts := grammar.parse(code)) is not None}
    step = len(grammar.sub_levels) + 1
    written = "written"
    lookup = distinct.select(
        nw.col(c.GRADE).alias(written),
        mapped(c.GRADE, {code: parts.code for code, parts in parsed.items()}).cast(nw.String).alias("code"),
        mapped(c.GRADE, {code: parts.business_type for code, parts in parsed.items()}).cast(nw.String).alias(c.BUSINESS_TYPE),
        mapped(c.GRADE, {code: parts.size for code, parts in parsed.items()}).cast(nw.String).alias(c.SIZE),
        mapped(c.GRADE, {code: parts.rank for code, parts in parsed.items()}).cast(nw.Int64).alias(c.RANK),
        mapped(c.GRADE, {code: parts.rank // step for code, parts in parsed.items()}).cast(nw.Int64).alias(SIZE_RANK),
        mapped(c.GRADE, {code: parts.rank % step for code, parts in parsed.items()}).cast(nw.Int64).alias(SUB_RANK),
    ).filter(~nw.col("code").is_null())
    joined = rows.rename({c.GRADE: written}).join(lookup, on=written, how="inner")
    return joined.select(c.CUSTOMER_CODE, c.QUARTER, nw.col("code").alias(c.GRADE), c.BUSINESS_TYPE, c.SIZE, c.RANK, SIZE_RANK, SUB_RANK)


def grade_customers(
    customers: Any, purchases: Any, grades: Any, grade_rules: Any, business_types: Any, settings: Settings, quarter: str
) -> Any:
    """This quarter's grades computed from purchases: customer_code, quarter, grade, source; a native frame like `customers`.

    A customer's type is that of its latest earlier grade, else of its business type by name or code; who has neither, or no
    purchase record, gets none.
    """
    eager = nw.from_native(customers, eager_only=True)
    types = _types(eager, grades, business_types, settings, quarter)
    totals = collected(totals_of(quarter_totals(purchases, (quarter,)), quarter))
    rows = [
        (code, types[code], quantity, amount)
        for code, quantity, amount in totals.select(c.CUSTOMER_CODE, c.QUANTITY, c.AMOUNT).sort(c.CUSTOMER_CODE).iter_rows()
        if code in types
    ]
    if settings.grades_from == "minimums":
        found, source = _by_minimums(rows, grade_rules, settings.grammar), "minimums"
    else:
        found, source = by_percentiles(rows, settings)[0], "percentiles"
    data: dict[str, list[str]] = {
        c.CUSTOMER_CODE: list(found), c.QUARTER: [quarter] * len(found), c.GRADE: list(found.values()), c.SOURCE: [source] * len(found),
    }  # fmt: skip
    schema = dict.fromkeys(data, nw.String())
    return nw.from_dict(data, schema=schema, backend=eager.implementation).to_native()


Rows = list[tuple[str, str, int, int]]
"""customer_code, business type, quantity (thousandths), amount (cents)."""


def _types(customers: nw.DataFrame[Any], grades: Any, business_types: Any, settings: Settings, quarter: str) -> dict[str, str]:
    names = nw.from_native(business_types, eager_only=True)
    by_name = {name: code for code, name in names.select(c.BUSINESS_TYPE, c.BUSINESS_TYPE_NAME).iter_rows() if code}
    codes = set(by_name.values())
    types = {}
    for code, written in customers.select(c.CUSTOMER_CODE, c.BUSINESS_TYPE).iter_rows():
        business_type = by_name.get(written) or (written if written in codes else None)
        if business_type:
            types[code] = business_type
    earlier = collected(graded(grades, settings.grammar)).filter(nw.col(c.QUARTER) < quarter).sort(c.QUARTER)
    types.update(dict(earlier.select(c.CUSTOMER_CODE, c.BUSINESS_TYPE).iter_rows()))
    return types


def _by_minimums(rows: Rows, grade_rules: Any, grammar: GradeGrammar) -> dict[str, str]:
    """The best size whose minimums are met; a blank minimum asks for nothing; below all of them the lowest size."""
    rules: dict[str, list[tuple[str, int | None, int | None]]] = {}
    table = nw.from_native(grade_rules, eager_only=True).select(c.BUSINESS_TYPE, c.SIZE, c.MIN_QUANTITY, c.MIN_AMOUNT)
    for business_type, size, quantity, amount in sorted(table.iter_rows(), key=lambda rule: grammar.sizes.index(rule[1]) if rule[1] in grammar.sizes else 99):
        if size in grammar.sizes:
            rules.setdefault(business_type, []).append((size, quantity, amount))
    found = {}
    for code, business_type, quantity, amount in rows:
        if business_type not in rules:
            continue
        met = (size for size, at_least, worth in rules[business_type] if quantity >= (at_least or quantity) and amount >= (worth or amount))
        found[code] = business_type + next(met, grammar.sizes[-1])
    return found


def by_percentiles(rows: Rows, settings: Settings) -> tuple[dict[str, str], dict[tuple[str, str], int]]:
    """Grades by percentile cuts of the quantity inside each type, and the cuts: (type, size) -> lowest quantity (thousandths).

    The best `percentile_cuts_percent[0]` of a type's customers get the first size, and so on. Equal quantities share the better size.
    """
    found: dict[str, str] = {}
    cuts: dict[tuple[str, str], int] = {}
    for business_type in sorted({row[1] for row in rows}):
        members = sorted(((quantity, code) for code, kind, quantity, _ in rows if kind == business_type), key=lambda member: (-member[0], member[1]))
        places: dict[int, int] = {}
        for place, (quantity, _) in enumerate(members):
            places.setdefault(quantity, place)
        for quantity, code in members:
            share_percent = 100 * places[quantity] / len(members)
            step = sum(share_percent >= cut for cut in settings.percentile_cuts_percent)
            size = settings.grammar.sizes[min(step, len(settings.grammar.sizes) - 1)]
            found[code] = business_type + size
            cuts[business_type, size] = min(quantity, cuts.get((business_type, size), quantity))
    return found, cuts
