"""What the last analysis says of one customer, from the tables that it filled; a workbook without them, or without a run, says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from xlcrm.jobs.store import Store
from xlcrm.models.baskets import JOINED
from xlcrm.rules.card import Findings, Suggested
from xlcrm.tables import columns as c

MOST_SUGGESTIONS = 3


def findings_of(store: Store, code: str, products: Mapping[str, str]) -> Findings:
    """products: names by code, as far as they are known."""
    stage = _row(store, "stages", code, (c.STAGE, c.SINCE))
    activity = _row(store, "activity", code, (c.NEXT_PURCHASE, c.PROBABILITY))
    warning = _row(store, "warnings", code, (c.LEVEL, c.PROBABILITY, c.SIGNALS, c.ACTION, c.REASONS))
    leaving = activity.get(c.PROBABILITY)
    return Findings(
        stage=stage.get(c.STAGE) or "", since=stage.get(c.SINCE) or "",
        segment=_row(store, "rfm", code, (c.SEGMENT,)).get(c.SEGMENT) or "",
        leaving=warning.get(c.PROBABILITY) if leaving is None else leaving,
        next_purchase=activity.get(c.NEXT_PURCHASE), level=warning.get(c.LEVEL),
        signals=tuple(each.strip() for each in (warning.get(c.SIGNALS) or "").split(",") if each.strip()),
        action=warning.get(c.ACTION) or "", reasons=warning.get(c.REASONS) or "",
        suggestions=_suggestions(store, code, products),
    )  # fmt: skip


def _rows(store: Store, table_id: str, code: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    if not store.has(table_id):
        return []
    frame = store.read(table_id, only=(c.CUSTOMER_CODE, *columns)).frame
    return frame.filter(pl.col(c.CUSTOMER_CODE) == code).to_dicts() if c.CUSTOMER_CODE in frame.columns else []


def _row(store: Store, table_id: str, code: str, columns: tuple[str, ...]) -> dict[str, Any]:
    return next(iter(_rows(store, table_id, code, columns)), {})


def _suggestions(store: Store, code: str, products: Mapping[str, str]) -> tuple[Suggested, ...]:
    """In the order of the table, the surest first."""
    found = []
    for row in _rows(store, "suggestions", code, (c.PRODUCT_CODE, c.ANTECEDENT, c.CONFIDENCE, c.LIFT)):
        product = row.get(c.PRODUCT_CODE)
        if product:
            because = [products.get(each, each) for each in (row.get(c.ANTECEDENT) or "").split(JOINED) if each]
            found.append(Suggested(products.get(product, product), because, row.get(c.CONFIDENCE), row.get(c.LIFT)))
    return tuple(found[:MOST_SUGGESTIONS])
