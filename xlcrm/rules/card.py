"""One customer's card: the figures of its visit line in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping

from xlcrm.tables import columns as c

CARD_COLUMNS: tuple[str, ...] = (
    c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.ROUTE, c.BATCH, c.ACCOUNT_MANAGER, c.CONTACT, c.PHONE, c.ADDRESS,
    c.SHOWN, c.STATE, c.PREVIOUS_GRADE, c.QUANTITY, c.AMOUNT, c.CHANGE, c.NEXT_GRADE, c.GAP_QUANTITY, c.GAP_AMOUNT,
    c.CUSHION_QUANTITY, c.CUSHION_AMOUNT, c.LAST_FOLLOW_UP, c.NEXT_ACTION, c.ADVICE,
)  # fmt: skip
"""The lines of a card. Each stands there for every customer, so that a formula may point at its cell."""


def card(line: Mapping[str, object]) -> list[tuple[str, object]]:
    """Column id and typed value (null where nothing is known) of a visit line, see `comparison.visit_line`."""
    return [(name, line.get(name)) for name in CARD_COLUMNS]
