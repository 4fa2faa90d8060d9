"""The result tables of what was tried and what was done: other minimums, visits."""

from __future__ import annotations

from typing import Any

from xlcrm.tables import columns as c
from xlcrm.tables.schema import ColumnKind as K
from xlcrm.tables.schema import ColumnSpec, TableSpec
from xlcrm.tables.shared_columns import CODE, NAME_LOOKUP, python_column


def _typed(column_id: str, kind: K, en: str, zh: str, width_px: int, about_en: str, about_zh: str, **more: Any) -> ColumnSpec:
    """A column of a result table that a person fills."""
    return ColumnSpec(
        id=column_id, kind=kind, en=en, zh=zh, width_px=width_px, group="derived", about_en=about_en, about_zh=about_zh, **more
    )


_TYPE = python_column(c.BUSINESS_TYPE, K.TEXT, "Type", "业态", 70, "The business type.", "业态。")
_SHARE_ABOUT = ("How much more visited routes bought than the others would have had them buy, as a share; 0.1 is 10 %.", "已拜访线路较未拜访线路多购进的比例，0.1 为 10%。")  # fmt: skip

WHAT_IF = TableSpec(
    id="what_if", excel_name="WhatIf", en="What if", zh="试算", kind="result", key=(c.BUSINESS_TYPE, c.SIZE),
    about_en="One row a tier: its minimums as they are, those that you try in their place, and how many customers it would have.", about_zh="每个等级一行：现行最低标准、试算的最低标准，以及试算前后的户数。",
    columns=(
        _TYPE,
        python_column(c.SIZE, K.TEXT, "Size", "档次", 60, "The size, the best first.", "档次，最高在前。"),
        python_column(c.GRADE, K.GRADE, "Grade", "等级", 70, "The tier.", "等级。"),
        python_column(c.MIN_QUANTITY, K.QUANTITY, "Min. quantity", "最低购进量", 100, "As it is: by the Grade rules, else the lowest that earned the tier.", "现行最低购进量：按等级规则，否则为该等级的最低值。", "unit of sale"),
        python_column(c.MIN_AMOUNT, K.MONEY, "Min. amount", "最低购进额", 100, "As it is.", "现行最低购进额。", "currency"),
        _typed(c.NEW_MIN_QUANTITY, K.QUANTITY, "New min. quantity", "试算最低购进量", 110, "What to try; blank asks for nothing. Tiers left as they are do not change.", "要试算的最低购进量，空白表示不作要求；未改动的等级保持不变。", unit="unit of sale"),
        _typed(c.NEW_MIN_AMOUNT, K.MONEY, "New min. amount", "试算最低购进额", 110, "What to try; blank asks for nothing.", "要试算的最低购进额，空白表示不作要求。", unit="currency"),
        python_column(c.CUSTOMERS_BEFORE, K.COUNT, "Customers now", "现有户数", 90, "Customers by the minimums as they are.", "按现行最低标准的户数。"),
        python_column(c.CUSTOMERS_AFTER, K.COUNT, "Customers then", "试算户数", 90, "Customers by the new ones.", "按试算最低标准的户数。"),
        python_column(c.RISING_IN, K.COUNT, "Rise into it", "升入", 70, "Customers who would come from a smaller size.", "由较低档次升入的户数。"),
        python_column(c.FALLING_IN, K.COUNT, "Fall into it", "降入", 70, "Customers who would come from a better size.", "由较高档次降入的户数。"),
        python_column(c.RISING_OUT, K.COUNT, "Rise out of it", "升出", 70, "Customers who would leave for a better size.", "升至较高档次的户数。"),
        python_column(c.FALLING_OUT, K.COUNT, "Fall out of it", "降出", 70, "Customers who would leave for a smaller size.", "降至较低档次的户数。"),
    ),
)  # fmt: skip

WHAT_IF_FLIPS = TableSpec(
    id="what_if_flips", excel_name="WhatIfFlips", en="Who would change", zh="等级变化客户", kind="result", key=(c.CUSTOMER_CODE,),
    about_en="The customers whose tier the new minimums would change, before and after side by side.", about_zh="试算最低标准会改变其等级的客户，前后对照。",
    columns=(
        CODE.model_copy(update={"filled_by": "python", "group": "derived", "required": False, "aliases": ()}), NAME_LOOKUP,
        python_column(c.QUANTITY, K.QUANTITY, "Quantity", "购进量", 80, "Bought in the quarter.", "本季购进量。", "unit of sale"),
        python_column(c.AMOUNT, K.MONEY, "Amount", "购进额", 96, "Bought in the quarter.", "本季购进额。", "currency"),
        python_column(c.GRADE, K.GRADE, "Held", "现有等级", 70, "The grade held now.", "现有等级。"),
        python_column(c.GRADE_BEFORE, K.GRADE, "Before", "试算前", 70, "By the minimums as they are.", "按现行最低标准。"),
        python_column(c.SHOWN, K.TEXT, "After", "试算后", 80, "By the new ones, with its mark.", "按试算最低标准，附标记。"),
    ),
)  # fmt: skip

VISIT_EFFECT = TableSpec(
    id="visit_effect", excel_name="VisitEffect", en="Effect of visits", zh="拜访效果", kind="result", key=(c.MEASURE,),
    about_en="Routes visited lately against routes not yet visited: how much more their customers bought, with an interval of 90 %.", about_zh="近期已拜访线路与尚未拜访线路的对比：其客户多购进多少，附 90% 区间。",
    columns=(
        python_column(c.MEASURE, K.TEXT, "Measure", "指标", 90, "Amount or quantity.", "购进额或购进量。", terms="visiteffect.measure_"),
        python_column(c.FIRST_DATE, K.DATE, "From", "起始日", 96, "The first day that is looked at.", "比较的第一天。"),
        python_column(c.LAST_DATE, K.DATE, "To", "截止日", 96, "The last day, that of the analysis.", "最后一天，即分析日。"),
        python_column(c.VISITED_ROUTES, K.COUNT, "Routes visited", "已访线路", 80, "Routes of which half of the customers or more were visited in these days.", "期间半数以上客户已被拜访的线路数。"),
        python_column(c.OTHER_ROUTES, K.COUNT, "Routes not yet", "未访线路", 80, "The other routes.", "其余线路数。"),
        python_column(c.VISITED_CUSTOMERS, K.COUNT, "Their customers", "已访户数", 90, "Customers of the visited routes that bought in these days or in the 91 before.", "已访线路中期间或此前 91 天有购进的户数。"),
        python_column(c.OTHER_CUSTOMERS, K.COUNT, "Customers not yet", "未访户数", 90, "The same of the other routes.", "其余线路中的同类户数。"),
        python_column(c.EFFECT, K.SHARE, "Effect", "效果", 80, *_SHARE_ABOUT),
        python_column(c.LOWEST, K.SHARE, "At least", "区间下限", 80, "The lower end of the interval of 90 %; blank where the routes are too few.", "90% 区间下限，线路太少时为空白。"),
        python_column(c.HIGHEST, K.SHARE, "At most", "区间上限", 80, "The upper end.", "90% 区间上限。"),
        python_column(c.P_VALUE, K.NUMBER, "p", "p 值", 60, "How often so large a difference would come about if visits did nothing.", "若拜访毫无作用，出现如此差异的概率。"),
        python_column(c.NOTE, K.TEXT, "Note", "说明", 640, "Why there is no figure, or what must hold for all of them to be the visits' doing.", "没有数字的原因，或各项差异可归因于拜访的前提。", sentences=True),
    ),
)  # fmt: skip

EFFECT_TABLES: tuple[TableSpec, ...] = (WHAT_IF, WHAT_IF_FLIPS, VISIT_EFFECT)
