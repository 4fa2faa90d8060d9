"""Names of business types, learned from who holds which grade."""

from __future__ import annotations

import polars as pl

from xlcrm.rules.typenames import learned_type_names
from xlcrm.tables import columns as c

CUSTOMERS = pl.DataFrame({c.CUSTOMER_CODE: ["1", "2", "3", "4"], c.BUSINESS_TYPE: ["Shop", "Shop", "Bar", None]})
NONE_KNOWN = pl.DataFrame(schema={c.BUSINESS_TYPE: pl.String, c.BUSINESS_TYPE_NAME: pl.String})


def changes(*types: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {c.CUSTOMER_CODE: ["1", "2", "3", "4"], c.BUSINESS_TYPE: list(types)}, schema_overrides={c.BUSINESS_TYPE: pl.String}
    )


def test_the_commonest_name_among_the_holders_is_learned() -> None:
    assert learned_type_names(CUSTOMERS, changes("CS", "CS", "CS", None), NONE_KNOWN) == {"CS": "Shop"}


def test_a_type_whose_holders_have_no_business_type_has_no_name() -> None:
    assert learned_type_names(CUSTOMERS, changes(None, None, None, "CX"), NONE_KNOWN) == {"CX": None}


def test_a_name_that_a_user_gave_is_kept_and_rows_stay_in_order() -> None:
    known = pl.DataFrame({c.BUSINESS_TYPE: ["ZZ", "CS"], c.BUSINESS_TYPE_NAME: [None, "Corner shops"]})
    learned = learned_type_names(CUSTOMERS, changes("CS", "CS", "CF", "CF"), known)
    assert list(learned.items()) == [("ZZ", None), ("CS", "Corner shops"), ("CF", "Bar")]
