"""Functions that make dirty columns clean: codes, numbers, quarters."""

from __future__ import annotations

from xlcrm.functions.catalog import Argument, Grid, declare
from xlcrm.functions.given import Given
from xlcrm.tables import columns as c


@declare(
    Argument("codes", "column", c.CUSTOMER_CODE), category="cleaning", result="column",
    example="={name}({purchases[customer_code]})",
)  # fmt: skip
def clean_code(given: Given) -> Grid:
    """Codes as text: leading zeros kept, no `.0`; a damaged code is named."""
    from xlcrm.functions.cleaningbodies import codes

    return codes(given)


@declare(
    Argument("numbers", "column", c.QUANTITY), category="cleaning", result="column", example="={name}({purchases[amount]})",
)  # fmt: skip
def clean_number(given: Given) -> Grid:
    """Text numbers as numbers, up to 3 decimals."""
    from xlcrm.functions.cleaningbodies import numbers

    return numbers(given)


@declare(
    Argument("dates", "column", c.DATE), category="cleaning", result="column", example="={name}({purchases[date]})",
)  # fmt: skip
def quarter(given: Given) -> Grid:
    """The quarter of each date, as 2017Q1."""
    from xlcrm.functions.cleaningbodies import quarters

    return quarters(given)
