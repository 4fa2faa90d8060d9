"""The formats of exports that are known: which columns make which kind of file. Declared here, matched in `headers.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from xlcrm.tables import columns as c
from xlcrm.tables.catalog import CUSTOMERS, FOLLOW_UPS, GRADES, PRODUCTS, PURCHASES, ROUTES
from xlcrm.tables.catalog_voice import SURVEYS
from xlcrm.tables.schema import TableSpec, header_key

PROFILE = (c.CUSTOMER_NAME, c.BUSINESS_TYPE, c.CONTACT, c.PHONE, c.ADDRESS, c.OWNER, c.STATUS, c.LICENCE_NUMBER, c.OPENED_ON, c.BIRTHDAY)
"""Columns of which a customer list has at least one beside the code."""
FIGURES = (c.QUANTITY, c.AMOUNT)
_AGREED = (c.OUTCOME, c.NEXT_ACTION, c.NEXT_ACTION_ON)
"""What only follow-ups have."""
_ANSWERED = (c.SCORE, c.FEEDBACK)
"""What only surveys have; follow-ups may have such a column of the user's own."""
_WORDS_BESIDE_A_SCORE = (
    "comment",
    "comments",
    "note",
    "notes",
    "remark",
    "text",
    "answer",
    "备注",
    "備註",
    "记录",
    "内容",
    "回答",
    "說明",
    "说明",
)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of export.

    fields: header (as compared) -> column id. needs: columns that all must be there. one_of: of these at least one. unless: with
    one of these the file is of another kind. wide: columns that may stand once for each quarter or month (`2017Q1 grade`).
    bare_wide: a bare `2017Q1` may stand for one of them, the cells below tell which. own_table: this is one of our own tables as it was
    shown or copied, known by all of its computed columns; such a file is of this kind alone, whatever else its columns may look like.
    """

    kind: str
    fields: Mapping[str, str]
    needs: frozenset[str]
    one_of: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    wide: frozenset[str] = frozenset()
    bare_wide: bool = False
    own_table: bool = False

    def fits(self, found: frozenset[str], place_names_route: bool) -> bool:
        """Whether a header with these columns is of this kind."""
        # A customer list on a sheet that is named after a route has its route from there: it is a routes export, not a plain customer list.
        if place_names_route and found.intersection(PROFILE) and not found.intersection(FIGURES):
            found = found | {c.ROUTE}
        return self.needs <= found and (not self.one_of or bool(self.one_of & found)) and not self.unless & found


def _fields(*tables: tuple[TableSpec, Iterable[str]]) -> dict[str, str]:
    """Headers of the named columns; where two mean different columns, the earlier table has it."""
    fields: dict[str, str] = {}
    for table, ids in tables:
        for column_id in ids:
            for key in table.by_id[column_id].header_keys:
                fields.setdefault(key, column_id)
    return fields


@cache
def formats() -> tuple[Format, ...]:
    """All formats."""
    customer_ids = [column.id for column in CUSTOMERS.columns if column.filled_by == "user"]
    customer = (CUSTOMERS, customer_ids)
    route = (ROUTES, (c.BATCH, c.ACCOUNT_MANAGER))
    grade = (GRADES, (c.GRADE, c.QUARTER))
    figures = (PURCHASES, FIGURES)
    purchase = (PURCHASES, (c.DATE, c.PERIOD, c.QUARTER, c.ORDER_NUMBER, c.PRODUCT_CODE, *FIGURES))
    key = (CUSTOMERS, (c.CUSTOMER_CODE, c.CUSTOMER_NAME))
    follow_up_ids = [column.id for column in FOLLOW_UPS.columns if column.filled_by == "user"]
    survey_date = (SURVEYS, (c.DATE,))
    follow_up = ((FOLLOW_UPS, (*follow_up_ids, c.GRADE)), key, figures)
    survey = ((SURVEYS, SURVEYS.column_ids), key, figures, (FOLLOW_UPS, _AGREED))
    scored = {header_key(word): c.FEEDBACK for word in _WORDS_BESIDE_A_SCORE} | _fields(*survey)
    code = frozenset({c.CUSTOMER_CODE})
    no_survey = frozenset({*FIGURES, *_AGREED})
    wide = frozenset({c.GRADE, *FIGURES})
    computed = frozenset(column.id for column in CUSTOMERS.columns if column.filled_by == "python")
    return (
        Format("customers", _fields((CUSTOMERS, CUSTOMERS.column_ids)), needs=code | computed, own_table=True),
        Format("routes", _fields(customer, route, grade, figures), needs=code | {c.ROUTE}, wide=wide),
        Format(
            "grades", _fields(key, grade, (GRADES, (c.SOURCE,)), purchase, (CUSTOMERS, (c.ROUTE,)), survey_date), needs=code | {c.GRADE},
            unless=frozenset({c.ROUTE, c.DATE, c.PERIOD, c.ORDER_NUMBER, c.PRODUCT_CODE}), wide=wide, bare_wide=True,
        ),
        Format(
            "purchases", _fields(key, purchase, (GRADES, (c.GRADE,))), needs=code, one_of=frozenset(FIGURES), wide=wide,
            bare_wide=True,
        ),
        Format(
            "customers", _fields(customer, grade, purchase, route, survey_date), needs=code, one_of=frozenset(PROFILE),
            unless=frozenset({c.ROUTE, c.GRADE, c.ORDER_NUMBER, c.PRODUCT_CODE, c.DATE, *FIGURES}), wide=wide, bare_wide=True,
        ),
        Format(
            "follow_ups", _fields(*follow_up), needs=code | {c.DATE}, one_of=frozenset(_AGREED), unless=frozenset(FIGURES),
        ),
        Format(
            "follow_ups", _fields(*follow_up, (SURVEYS, _ANSWERED)), needs=code | {c.DATE}, one_of=frozenset({c.KIND, c.NOTE}),
            unless=no_survey | set(_ANSWERED),
        ),
        Format("surveys", scored, needs=code | {c.DATE, c.SCORE}, unless=no_survey),
        Format("surveys", _fields(*survey), needs=code | {c.DATE, c.FEEDBACK}, unless=no_survey | {c.SCORE}),
        Format(
            "products", _fields((PRODUCTS, PRODUCTS.column_ids), key), needs=frozenset({c.PRODUCT_CODE}),
            one_of=frozenset({c.PRODUCT_NAME, c.CATEGORY, c.UNIT}), unless=code,
        ),
    )  # fmt: skip
