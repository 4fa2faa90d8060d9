"""Columns that stand alike in several record tables: the customer code, what is looked up by it, the route."""

from __future__ import annotations

from typing import Any

from xlcrm.tables import columns as c
from xlcrm.tables.schema import ColumnKind as K
from xlcrm.tables.schema import ColumnSpec

CODE = ColumnSpec(
    id=c.CUSTOMER_CODE, kind=K.CODE, en="Code", zh="客户代码", group="key", required=True, width_px=112,
    aliases=("customer code", "customer no", "customer number", "cust code", "客户编码", "客户编号", "客户代号", "客戶代碼", "客戶編碼", "客戶編號", "零售户代码", "零售客户代码", "customer id", "client code", "client no", "account code", "account number", "客户号", "客户ID", "零售户编码", "零售户编号", "户号", "店号", "客戶代號", "客戶號", "客戶ID", "零售戶代碼", "零售戶編號", "店號", "戶號"),
    about_en="The customer's code, always text; leading zeros count.", about_zh="客户代码，始终为文本，前导零有效。",
)  # fmt: skip
LINKED_CODE = CODE.model_copy(update={"link": "customers.customer_code", "group": "record"})
NAME = ColumnSpec(
    id=c.CUSTOMER_NAME, kind=K.TEXT, en="Name", zh="客户名称", group="firmographic", width_px=160,
    aliases=("customer name", "customer", "客户", "客户名", "企业名称", "店名", "名称", "客戶名稱", "客戶", "店鋪名稱", "零售户名称", "client name", "client", "account name", "store name", "shop name", "company", "客户姓名", "客户简称", "店铺名称", "商户名称", "零售户", "客戶名", "客戶姓名", "客戶簡稱", "店舖名稱", "商店名稱", "商戶名稱", "名稱", "企業名稱", "零售戶名稱"),
    about_en="The customer's name as it is spoken of on visits.", about_zh="拜访时使用的客户名称。",
)  # fmt: skip
NAME_LOOKUP = NAME.model_copy(update={
    "filled_by": "formula", "group": "record",
    "formula": 'IFERROR(INDEX({customers[customer_name]},MATCH({customer_code},{customers[customer_code]},0)),"")',
    "about_en": "Looked up by the code.", "about_zh": "按代码查找。",
})  # fmt: skip
# SUMIFS, COUNTIFS and MAXIFS read a text criterion that looks like a number as a number: 18-digit codes that differ in
# their last three digits would be one customer, and 012 the same as 12. With a letter-like end they stay text.
LINK_KEY = ColumnSpec(
    id=c.LINK_KEY, kind=K.TEXT, en="Link key", zh="关联键", filled_by="formula", group="derived", width_px=90, hidden=True,
    formula='{customer_code}&"|"', about_en="The code as sums look for it, hidden.", about_zh="供汇总查找使用的代码，隐藏列。",
)  # fmt: skip
GRADE_LOOKUP = ColumnSpec(
    id=c.GRADE, kind=K.GRADE, en="Grade", zh="等级", filled_by="formula", width_px=70,
    formula='IFERROR(INDEX({customers[shown]},MATCH({customer_code},{customers[customer_code]},0))&"","")',
    about_en="This quarter's grade with its mark, looked up by the code.", about_zh="按代码查找的本季等级及标记。",
)  # fmt: skip
ROUTE = ColumnSpec(
    id=c.ROUTE, kind=K.TEXT, en="Route", zh="线路", group="firmographic", width_px=60,
    aliases=("visit route", "route no", "route number", "拜访线路", "客户拜访线路", "线路号", "访销线路", "送货线路", "線路", "拜訪線路", "route code", "route id", "route name", "line", "线路名称", "线路编号", "线路代码", "拜访路线", "路线", "路线号", "訪銷線路", "送貨線路", "客戶拜訪線路", "線路號", "線路名稱", "線路編號", "路線", "路線號", "拜訪路線"),
    about_en="The visit route the customer is on.", about_zh="客户所在的拜访线路。",
)  # fmt: skip


def python_column(
    column_id: str, kind: K, en: str, zh: str, width_px: int, about_en: str, about_zh: str, unit: str = "", **more: Any
) -> ColumnSpec:
    """A column that a run fills. more: what else a `ColumnSpec` says."""
    return ColumnSpec(
        id=column_id, kind=kind, en=en, zh=zh, width_px=width_px, filled_by="python", group="derived",
        about_en=about_en, about_zh=about_zh, unit=unit, **more,
    )  # fmt: skip
