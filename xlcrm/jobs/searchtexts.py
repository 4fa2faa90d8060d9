"""The hidden column of Customers in which the customer card searches."""

from __future__ import annotations

import polars as pl

from xlcrm.tables import columns as c

_PARTS = (c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.CONTACT, c.PHONE)
_CHINESE = r"\p{Han}"


def with_search(customers: pl.DataFrame) -> pl.DataFrame:
    """The customers with their search texts, see `rules.search.search_text`; null where there is no code.

    The initials that a customer has already stay while nothing else of it changed: only new Chinese names ask for their readings.
    """
    from xlcrm.rules.search import SEPARATOR

    given = [pl.col(name).fill_null("") if name in customers.columns else pl.lit("") for name in _PARTS]
    start = pl.concat_str(*given, separator=SEPARATOR) + SEPARATOR
    old = pl.col(c.SEARCH) if c.SEARCH in customers.columns else pl.lit(None, dtype=pl.String)
    # A text of initials alone may follow: a name that holds the separator must not make one customer's text begin like another's.
    rest = old.str.strip_prefix(start)
    kept = old.str.starts_with(start) & rest.str.contains(r"^[a-z0-9 ]+$")
    frame = customers.with_columns(pl.when(kept.fill_null(False)).then(old).otherwise(start).alias(c.SEARCH))
    names = [name for name in (c.CUSTOMER_NAME, c.CONTACT) if name in customers.columns]
    chinese = pl.any_horizontal(pl.lit(False), *(pl.col(name).str.contains(_CHINESE).fill_null(False) for name in names))
    wanted = frame.with_row_index("_row").filter(chinese & pl.col(c.SEARCH).str.ends_with(SEPARATOR))
    if wanted.height:
        initials = [_initials(row) for row in wanted.select(*names).iter_rows()]
        found = wanted.select("_row", pl.col(c.SEARCH) + pl.Series(initials, dtype=pl.String))
        frame = frame.with_row_index("_row").update(found, on="_row", how="left").drop("_row")
    code = pl.col(c.CUSTOMER_CODE).is_not_null()
    return frame.with_columns(pl.when(code).then(pl.col(c.SEARCH)).alias(c.SEARCH))


def _initials(names: tuple[str | None, ...]) -> str:
    from xlcrm.rules.search import initials_of, is_chinese

    return " ".join(found for name in names if name is not None and is_chinese(name) and (found := initials_of(name)))
