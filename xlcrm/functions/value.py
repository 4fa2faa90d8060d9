"""Functions of what a customer is worth, where it stands, and whether it is slipping."""

from __future__ import annotations

from xlcrm.functions.catalog import Argument, Grid, declare
from xlcrm.functions.customer import CUSTOMERS
from xlcrm.functions.given import Given
from xlcrm.functions.tiers import AMOUNT, CODE, PURCHASES, SETTINGS
from xlcrm.tables import columns as c

FOLLOW_UPS = Argument("follow_ups", "table", "follow_ups", optional=True)
AS_OF = Argument("as_of", "value", c.DATE, optional=True)
_OF_CODES = "={name}({customers[customer_code]},{purchases})"


@declare(CODE, PURCHASES, AS_OF, SETTINGS, category="value", result="column", example=_OF_CODES)
def rfm(given: Given) -> Grid:
    """Recency, frequency, amount, their scores, the segment."""
    from xlcrm.functions.valuebodies import rfm_of

    return rfm_of(given)


@declare(CODE, PURCHASES, AS_OF, SETTINGS, category="value", result="column", example=_OF_CODES)
def next_purchase(given: Given) -> Grid:
    """When the next purchase is expected, by the own cycle."""
    from xlcrm.functions.valuebodies import next_purchases_of

    return next_purchases_of(given)


@declare(CODE, AMOUNT, category="value", result="column", example="={name}({purchases[customer_code]},{purchases[amount]})")
def abc(given: Given) -> Grid:
    """The class A, B or C of each customer."""
    from xlcrm.functions.valuebodies import classes_of

    return classes_of(given)


@declare(
    CODE, CUSTOMERS, PURCHASES, FOLLOW_UPS, AS_OF, SETTINGS, category="value", result="column",
    example="={name}({customers[customer_code]},{customers},{purchases},{follow_ups})",
)  # fmt: skip
def stage(given: Given) -> Grid:
    """The stage of a customer's life, in three vocabularies, and why."""
    from xlcrm.functions.riskbodies import stages_of

    return stages_of(given)


@declare(
    CODE, PURCHASES, FOLLOW_UPS, AS_OF, SETTINGS, category="value", result="column",
    example="={name}({customers[customer_code]},{purchases},{follow_ups})",
)  # fmt: skip
def churn(given: Given) -> Grid:
    """Level of warning, probability of leaving, reasons."""
    from xlcrm.functions.riskbodies import warnings_of

    return warnings_of(given)


@declare(CODE, PURCHASES, AS_OF, SETTINGS, category="value", result="column", example=_OF_CODES)
def clv(given: Given) -> Grid:
    """What a customer is worth in the year ahead: by a simple sum and by the fitted models."""
    from xlcrm.functions.riskbodies import values_of

    return values_of(given)


@declare(PURCHASES, AS_OF, SETTINGS, category="value", result="table", example="={name}({purchases})")
def rules(given: Given) -> Grid:
    """Which products are bought together, beyond chance."""
    from xlcrm.functions.basketbodies import rules_table

    return rules_table(given)
