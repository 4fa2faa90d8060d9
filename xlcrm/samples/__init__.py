"""Sample exports that come with the package: 300 customers on ten routes, the year 2017. See `SOURCE.md` beside this file."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from pathlib import Path

from xlcrm.texts import Language

SAMPLE_NAMES: dict[Language, dict[str, str]] = {
    "en": {
        "routes": "visit-routes.xlsx",
        "grades": "customer-grades.csv",
        "products": "products.csv",
        "months": "purchases-by-month.csv",
        "orders": "orders-2017-12.csv",
        "follow_ups": "follow-ups.csv",
    },
    "zh": {
        "routes": "客户拜访线路表.xlsx",
        "grades": "季度客户等级表.csv",
        "products": "产品目录.csv",
        "months": "购进量与购进额.csv",
        "orders": "2017年12月订单.csv",
        "follow_ups": "跟进记录.csv",
    },
}
"""What each file holds, and its name, in the order in which a person would import them."""


SAMPLE_DAY = dt.date(2018, 1, 5)
"""The day on which the sample is looked at: a few days after its last quarter, so that visits are due and not years overdue."""


def sample_files(language: Language) -> list[Path]:
    """The sample exports of a language, ready to be imported in this order."""
    folder = Path(str(files(__package__))) / language
    return [folder / name for name in SAMPLE_NAMES[language].values()]
