"""Functions of one customer: its card, why it has its grade, and the line of advice."""

from __future__ import annotations

from xlcrm.functions.catalog import Argument, Grid, declare
from xlcrm.functions.change import ROUTE_TABLE
from xlcrm.functions.given import Given
from xlcrm.functions.tiers import GRADE_RULES, GRADES, PURCHASES, QUARTER, SETTINGS
from xlcrm.tables import columns as c

ONE_CODE = Argument("code", "value", c.CUSTOMER_CODE)
CUSTOMERS = Argument("customers", "table", "customers", optional=True)


def _figure(column_id: str, optional: bool = False) -> Argument:
    return Argument(column_id, "column", column_id, optional)


@declare(
    ONE_CODE, CUSTOMERS, GRADES, PURCHASES, Argument("follow_ups", "table", "follow_ups", optional=True), QUARTER,
    ROUTE_TABLE, SETTINGS, category="customer", result="table",
    example='={name}("1001",{customers},{grades},{purchases},{follow_ups},crm.current_quarter)',
)  # fmt: skip
def card(given: Given) -> Grid:
    """One customer on two columns: who it is, its grade, its figures, what was agreed, what to do."""
    from xlcrm.functions.customerbodies import card_block

    return card_block(given)


@declare(
    ONE_CODE, QUARTER, CUSTOMERS, GRADES, PURCHASES, GRADE_RULES, SETTINGS, category="customer", result="table",
    example='={name}("1001",crm.current_quarter,{customers},{grades},{purchases})',
)  # fmt: skip
def why(given: Given) -> Grid:
    """Why a customer has its grade: source rows, rule, thresholds, earlier quarter."""
    from xlcrm.functions.customerbodies import why_block

    return why_block(given)


@declare(
    Argument("state", "column", c.STATE), Argument("previous_grade", "column", c.PREVIOUS_GRADE), _figure(c.NEXT_GRADE),
    _figure(c.GAP_QUANTITY), _figure(c.GAP_AMOUNT), _figure(c.CUSHION_QUANTITY), _figure(c.CUSHION_AMOUNT),
    _figure(c.QUANTITY), _figure(c.AMOUNT), _figure(c.CHANGE), _figure(c.PREVIOUS_QUANTITY, optional=True),
    Argument("purchases_count", "column", c.CUSTOMERS, optional=True),
    Argument("previous_purchases_count", "column", c.CUSTOMERS, optional=True),
    Argument("dropped_product", "column", c.PRODUCT_CODE, optional=True), SETTINGS, category="customer", result="column",
    example=(
        "={name}({customers[state]},{customers[previous_grade]},{customers[next_grade]},{customers[gap_quantity]},{customers[gap_amount]},"
        "{customers[cushion_quantity]},{customers[cushion_amount]},{customers[quantity]},{customers[amount]},{customers[change]})"
    ),
)  # fmt: skip
def advice(given: Given) -> Grid:
    """The line of advice of the route sheet."""
    from xlcrm.functions.customerbodies import advice_lines

    return advice_lines(given)
