"""Functions of tiers: what a grade asks for, and how far a customer is from the next one."""

from __future__ import annotations

from xlcrm.functions.catalog import Argument, Grid, declare
from xlcrm.functions.given import Given
from xlcrm.tables import columns as c

CODE = Argument("code", "column", c.CUSTOMER_CODE)
QUANTITY = Argument("quantity", "column", c.QUANTITY)
AMOUNT = Argument("amount", "column", c.AMOUNT)
GRADES = Argument("grades", "table", "grades", optional=True)
PURCHASES = Argument("purchases", "table", "purchases", optional=True)
GRADE_RULES = Argument("grade_rules", "table", "grade_rules", optional=True)
QUARTER = Argument("quarter", "value", c.QUARTER, optional=True)
SETTINGS = Argument("settings", "table", "settings", optional=True)
_OF_CODES = "={name}({customers[customer_code]},{grades},{purchases},crm.current_quarter)"


@declare(
    QUANTITY, AMOUNT, Argument("business_type", "column", c.BUSINESS_TYPE), GRADE_RULES, SETTINGS, category="tiers", result="column",
    example='={name}({customers[quantity]},{customers[amount]},"CS",{grade_rules})',
)  # fmt: skip
def grade(given: Given) -> Grid:
    """The grade that the workbook's grade rules give."""
    from xlcrm.functions.tierbodies import grades_by_rules

    return grades_by_rules(given)


@declare(CODE, GRADES, PURCHASES, QUARTER, SETTINGS, category="tiers", result="column", example=_OF_CODES)
def next_tier(given: Given) -> Grid:
    """The next better grade, and how many sizes in between nobody holds."""
    from xlcrm.functions.tierbodies import next_tiers_of

    return next_tiers_of(given)


@declare(CODE, GRADES, PURCHASES, QUARTER, SETTINGS, category="tiers", result="column", example=_OF_CODES)
def gap(given: Given) -> Grid:
    """Quantity and amount missing to the next tier."""
    from xlcrm.functions.tierbodies import gaps_of

    return gaps_of(given)


@declare(CODE, GRADES, PURCHASES, QUARTER, SETTINGS, category="tiers", result="column", example=_OF_CODES)
def cushion(given: Given) -> Grid:
    """Quantity and amount above the own tier's minimum."""
    from xlcrm.functions.tierbodies import cushions_of

    return cushions_of(given)


@declare(
    Argument("grades", "column", c.GRADE), QUANTITY, AMOUNT, SETTINGS, category="tiers", result="table",
    example="={name}(C2:C301,E2:E301,F2:F301)",
)  # fmt: skip
def minimums(given: Given) -> Grid:
    """The lowest quantity and amount that still hold each grade, as on their sheet."""
    from xlcrm.functions.tierbodies import minimums_table

    return minimums_table(given)
