"""What the functions of stages, of leaving and of lifetime value compute.

The models need scipy, which takes a second to load; it is imported when a cell asks for them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import polars as pl

from xlcrm.functions.askedcodes import Asked, asked, in_words
from xlcrm.functions.catalog import Grid
from xlcrm.functions.faults import fault_text
from xlcrm.functions.given import Given
from xlcrm.rules.frames import collected
from xlcrm.rules.lifecycle import ACQUISITION_STAGES, STAGES, STATUS_STAGES, lifecycle
from xlcrm.rules.purchasedays import dated, purchase_days
from xlcrm.rules.warnings import warn
from xlcrm.tables import columns as c
from xlcrm.texts import Language, text

_FOLLOW_UP_COLUMNS = (c.DATE, c.CUSTOMER_CODE, c.KIND, c.FOLLOW_UP_ID)
_FIT_FAULTS = {"too_few": "fit_too_few", "not_converged": "fit_not_converged", "run_away": "fit_run_away"}


def stages_of(given: Given) -> Grid:
    """Stage, and its name in the two other vocabularies; the facts in words."""
    of_codes = asked(given, {"customers": (c.CUSTOMER_CODE, c.OPENED_ON), "follow_ups": _FOLLOW_UP_COLUMNS})
    language, tables = of_codes.language, of_codes.tables
    stages: pl.DataFrame = lifecycle(
        tables["customers"], of_codes.purchases, tables["follow_ups"], of_codes.as_of, quarters=0, language=language
    ).stages  # fmt: skip
    found = stages.select(
        c.CUSTOMER_CODE, in_words(c.STAGE, "stage", STAGES, language),
        in_words(c.ACQUISITION_STAGE, "acquisition", ACQUISITION_STAGES, language),
        in_words(c.STATUS_STAGE, "status", STATUS_STAGES, language), c.REASON,
    )  # fmt: skip
    return of_codes.answer(found, "not_known")


def warnings_of(given: Given) -> Grid:
    """Level of warning (0 for none), probability of buying nothing in the coming quarter, reasons.

    Who is gone has no level any more. Where the model cannot be fitted, a short text says why in place of every probability.
    """
    of_codes = asked(given, {"follow_ups": _FOLLOW_UP_COLUMNS})
    language, bought = of_codes.language, of_codes.purchases
    warned = warn(bought, of_codes.tables["follow_ups"], of_codes.as_of, language=language)
    buyers = collected(purchase_days(dated(bought, of_codes.as_of)).select(c.CUSTOMER_CODE).unique(c.CUSTOMER_CODE)).to_native()
    found = buyers.join(warned.figures.select(c.CUSTOMER_CODE, c.LEVEL), on=c.CUSTOMER_CODE, how="left")
    found = found.join(warned.rows.select(c.CUSTOMER_CODE, c.REASONS), on=c.CUSTOMER_CODE, how="left")
    reasons = pl.when(pl.col(c.LEVEL).is_null()).then(pl.lit(text("functions.gone", language))).otherwise(pl.col(c.REASONS))
    found = found.select(c.CUSTOMER_CODE, c.LEVEL, _chances(found[c.CUSTOMER_CODE], of_codes), reasons.alias(c.REASONS))
    return of_codes.answer(found, "no_purchases")


def _chances(codes: pl.Series, of_codes: Asked) -> pl.Series:
    """The probability of each code, or why there is none."""
    from xlcrm.models.chances import chances
    from xlcrm.models.leaving import events

    found = chances(events(of_codes.purchases), of_codes.as_of)
    if found.problem:
        return _said(c.PROBABILITY, found.problem, len(codes), of_codes.language)
    return pl.Series(c.PROBABILITY, [found.by_code.get(code) for code in codes], dtype=pl.Float64)


def values_of(given: Given) -> Grid:
    """Simple value, expected purchases, expected value, probability of being active; of the year ahead, money in currency units.

    Where a model cannot be fitted, a short text says why in place of its first figure, and the others are blank.
    """
    from xlcrm.models.buying import buying
    from xlcrm.models.worth import worth

    of_codes = asked(given)
    value = worth(buying(of_codes.purchases, of_codes.as_of))
    rows, codes = len(value.known), pl.Series(c.CUSTOMER_CODE, value.known.codes, dtype=pl.String)
    count, amount, alive = (
        _figures(name, numbers)
        for name, numbers in (
            (c.EXPECTED_PURCHASES, value.expected_purchases), (c.EXPECTED_VALUE, value.expected_value), (c.P_ALIVE, value.alive)
        )
    )  # fmt: skip
    purchases, amounts = value.fits
    if purchases.problem:
        count = _said(c.EXPECTED_PURCHASES, purchases.problem, rows, of_codes.language)
    elif amounts.problem:
        amount = _said(c.EXPECTED_VALUE, amounts.problem, rows, of_codes.language)
    found = pl.DataFrame([codes, _figures(c.SIMPLE, value.simple).round(2), count, amount, alive])
    return of_codes.answer(found, "no_day_of_purchase")


def _figures(name: str, numbers: Iterable[float]) -> pl.Series:
    """Numbers as a column; what is none, or without end, is blank."""
    return pl.Series(name, [float(number) if math.isfinite(number) else None for number in numbers], dtype=pl.Float64)


def _said(name: str, problem: str, rows: int, language: Language) -> pl.Series:
    """Why a model must not be used, in every row."""
    return pl.Series(name, [fault_text(_FIT_FAULTS[problem], language)] * rows, dtype=pl.String)
