"""What the letters of a grade code stand for, learned from the customers who hold such grades."""

from __future__ import annotations

from collections import Counter
from typing import Any

import narwhals as nw

from xlcrm.tables import columns as c


def learned_type_names(customers: Any, changes: Any, known: Any) -> dict[str, str | None]:
    """Type letters -> name, for every type that customers hold now and for every row of `known`.

    A name that stands in `known` (business_type, business_type_name) is kept: it may be a user's own. Else the business
    type that most holders of such grades have in Customers; null where none has any.
    """
    names: dict[str, str | None] = dict(nw.from_native(known, eager_only=True).select(c.BUSINESS_TYPE, c.BUSINESS_TYPE_NAME).iter_rows())
    holders = nw.from_native(changes, eager_only=True).select(c.CUSTOMER_CODE, nw.col(c.BUSINESS_TYPE).alias("letters")).drop_nulls()
    profile = nw.from_native(customers, eager_only=True).select(c.CUSTOMER_CODE, c.BUSINESS_TYPE)
    written: dict[str, Counter[str]] = {}
    for letters, name in holders.join(profile, on=c.CUSTOMER_CODE, how="left").select("letters", c.BUSINESS_TYPE).iter_rows():
        counts = written.setdefault(letters, Counter())
        if isinstance(name, str) and name != letters:
            counts[name] += 1
    for letters in sorted(written):
        if not names.get(letters):
            # Of two equally common names the first by the alphabet, so that a second run learns the same.
            commonest = sorted((-count, name) for name, count in written[letters].items())
            names[letters] = commonest[0][1] if commonest else None
    return names
