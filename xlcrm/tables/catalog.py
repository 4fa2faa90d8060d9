"""The record tables: what people and imports enter. Result tables stand in `results.py`."""

from __future__ import annotations

from xlcrm.tables import columns as c
from xlcrm.tables.catalog_day import AUDIT, CONSENTS, HANDOVERS, INTAKE, PLAYBOOK, VISIT_PLAN
from xlcrm.tables.catalog_stages import STAGE_RULES
from xlcrm.tables.catalog_voice import SURVEYS, VOICE_TABLES
from xlcrm.tables.choices import CUSTOMER_STATUSES, FOLLOW_UP_KINDS
from xlcrm.tables.results import RESULT_TABLES
from xlcrm.tables.results_effect import EFFECT_TABLES
from xlcrm.tables.results_value import VALUE_TABLES
from xlcrm.tables.schema import ColumnKind as K
from xlcrm.tables.schema import ColumnSpec, TableSpec
from xlcrm.tables.shared_columns import CODE, GRADE_LOOKUP, LINK_KEY, LINKED_CODE, NAME, NAME_LOOKUP, ROUTE, python_column

_QUANTITY = ColumnSpec(
    id=c.QUANTITY, kind=K.QUANTITY, en="Quantity", zh="购进量", unit="unit of sale", group="behavioural", width_px=84,
    aliases=("qty", "volume", "purchase quantity", "purchased quantity", "数量", "销量", "购进数量", "进货量", "订购量", "购货量", "購進量", "數量", "銷量", "units", "quantity sold", "sales quantity", "purchases quantity", "购进数", "进货数量", "购货数量", "订货量", "销售数量", "销售量", "购买量", "購進數量", "進貨量", "進貨數量", "訂購量", "訂貨量", "購貨量", "銷售量", "銷售數量"),
    about_en="Units bought; a return is negative.", about_zh="购进数量，退货为负数。",
)  # fmt: skip
_AMOUNT = ColumnSpec(
    id=c.AMOUNT, kind=K.MONEY, en="Amount", zh="购进额", unit="currency", group="behavioural", width_px=96,
    aliases=("amt", "value", "purchase amount", "sales", "sales amount", "金额", "购进金额", "销售额", "进货额", "订购金额", "购货额", "購進額", "金額", "銷售額", "turnover", "revenue", "purchases amount", "total amount", "进货金额", "购货金额", "订货金额", "销售金额", "购买金额", "購進金額", "進貨額", "進貨金額", "訂購金額", "訂貨金額", "購貨額", "購貨金額", "銷售金額"),
    about_en="What was paid, exact to the cent; a return is negative.", about_zh="购进金额，精确到分，退货为负数。",
)  # fmt: skip
_QUARTER = ColumnSpec(
    id=c.QUARTER, kind=K.QUARTER, en="Quarter", zh="季度", width_px=72, aliases=("quarter of year", "季", "季別", "qtr", "year quarter", "年季", "季度别", "年度季度"),
    about_en="The quarter, as 2017Q1.", about_zh="季度，写作 2017Q1。",
)  # fmt: skip


CUSTOMERS = TableSpec(
    id="customers", excel_name="Customers", en="Customers", zh="客户", key=(c.CUSTOMER_CODE,),
    about_en="One row a customer.", about_zh="每个客户一行。",
    columns=(
        CODE, NAME,
        ColumnSpec(id=c.BUSINESS_TYPE, kind=K.TEXT, en="Business type", zh="业态", group="firmographic", width_px=110, aliases=("type", "customer type", "trade", "经营业态", "业态类型", "零售业态", "業態", "經營業態", "business category", "channel", "store type", "经营类型", "客户类型", "业态名称", "業態類型", "零售業態", "客戶類型", "經營類型", "通路"), about_en="The kind of business.", about_zh="经营业态。"),
        ROUTE,
        ColumnSpec(id=c.VISIT_ORDER, kind=K.COUNT, en="Visit order", zh="拜访顺序", group="firmographic", width_px=72, aliases=("visit_order", "order of visit", "sequence", "序号", "顺序", "拜访序号", "送货顺序", "序號", "拜訪順序", "seq", "no", "no.", "stop", "拜访次序", "送貨順序", "拜訪序號", "順序"), about_en="The place in the route, 1 is first.", about_zh="在线路中的顺序，1 为最先。"),
        ColumnSpec(id=c.BATCH, kind=K.TEXT, en="Batch", zh="访销批次", filled_by="formula", group="derived", width_px=64, formula='IFERROR(INDEX({routes[batch]},MATCH({route}&"",{routes[route]},0))&"","")', about_en="The visit day of the route.", about_zh="线路的访销批次。"),
        ColumnSpec(id=c.ACCOUNT_MANAGER, kind=K.TEXT, en="Account manager", zh="客户经理", filled_by="formula", group="derived", width_px=124, formula='IFERROR(INDEX({routes[account_manager]},MATCH({route}&"",{routes[route]},0))&"","")', about_en="Who visits the route.", about_zh="负责该线路的客户经理。"),
        ColumnSpec(id=c.OWNER, kind=K.TEXT, en="Owner", zh="负责人", group="firmographic", width_px=100, aliases=("customer owner", "account owner", "sales rep", "业务员", "負責人", "業務員", "owner name", "salesperson", "salesman", "representative", "归属人", "销售员", "销售代表", "業務代表", "業務", "銷售員", "歸屬人"), about_en="Who the customer belongs to; one owner a customer.", about_zh="客户归属人，每个客户一位。"),
        ColumnSpec(id=c.CONTACT, kind=K.TEXT, en="Contact", zh="联系人", group="firmographic", width_px=90, aliases=("contact person", "contact name", "负责人姓名", "店主", "法人", "聯絡人", "聯繫人", "contact person name", "联系人姓名", "客户联系人", "经营者", "店主姓名", "聯繫人姓名", "聯絡人姓名", "連絡人", "經營者", "負責人姓名"), about_en="The person to ask for.", about_zh="联系人姓名。"),
        ColumnSpec(id=c.PHONE, kind=K.CODE, en="Phone", zh="电话", group="firmographic", width_px=118, aliases=("telephone", "mobile", "phone number", "tel", "联系电话", "手机", "手机号", "電話", "聯絡電話", "手機", "phone no", "telephone number", "contact phone", "cell", "cell phone", "mobile phone", "联系方式", "手机号码", "电话号码", "联系人电话", "聯繫電話", "聯繫方式", "連絡電話", "手機號碼", "電話號碼"), about_en="Phone number, kept as text.", about_zh="电话号码，按文本保存。"),
        ColumnSpec(id=c.ADDRESS, kind=K.TEXT, en="Address", zh="地址", group="firmographic", width_px=190, aliases=("street", "customer address", "经营地址", "详细地址", "店址", "營業地址", "location", "delivery address", "送货地址", "客户地址", "联系地址", "店铺地址", "詳細地址", "送貨地址", "客戶地址", "聯絡地址", "店鋪地址"), about_en="Where to go.", about_zh="拜访地址。"),
        ColumnSpec(id=c.STATUS, kind=K.CHOICE, en="Status", zh="客户分类", group="attitude", width_px=84, choices=CUSTOMER_STATUSES, aliases=("triage", "意向", "customer status", "客户状态", "客戶分類", "客戶狀態"), about_en="Triage: target, no intent, or not sorted yet.", about_zh="分类：目标客户、无意向、未分类。"),
        ColumnSpec(id=c.SOURCE, kind=K.TEXT, en="Source", zh="来源", group="firmographic", width_px=90, aliases=("customer source", "lead source", "客户来源", "來源", "客戶來源"), about_en="Where the customer came from.", about_zh="客户来源。"),
        ColumnSpec(id=c.LICENCE_NUMBER, kind=K.CODE, en="Licence number", zh="许可证号", group="firmographic", width_px=120, aliases=("license number", "licence", "license", "许可证", "營業執照號", "licence no", "license no", "许可证号码", "营业执照号", "許可證", "許可證號", "許可證號碼"), about_en="Number of the business licence.", about_zh="经营许可证号码。"),
        ColumnSpec(id=c.OPENED_ON, kind=K.DATE, en="Customer since", zh="建档日期", group="firmographic", width_px=96, aliases=("opened", "opening date", "开户日期", "開戶日期", "customer since date", "建檔日期", "开户时间"), about_en="Day of the first contact.", about_zh="建档日期。"),
        ColumnSpec(id=c.BIRTHDAY, kind=K.DATE, en="Birthday", zh="生日", group="firmographic", width_px=96, aliases=("date of birth", "出生日期", "出生日"), about_en="The contact's birthday.", about_zh="联系人生日。"),
        ColumnSpec(id=c.LATITUDE, kind=K.NUMBER, en="Latitude", zh="纬度", unit="degrees", group="firmographic", width_px=80, aliases=("lat", "緯度"), about_en="Where the customer is, degrees north; for the order of the visits of a day.", about_zh="客户所在纬度（北纬为正），用于安排当天拜访顺序。"),
        ColumnSpec(id=c.LONGITUDE, kind=K.NUMBER, en="Longitude", zh="经度", unit="degrees", group="firmographic", width_px=80, aliases=("lon", "lng", "經度"), about_en="Where the customer is, degrees east.", about_zh="客户所在经度（东经为正）。"),
        python_column(c.SHOWN, K.TEXT, "Grade", "等级", 70, "This quarter's grade with its mark.", "本季等级及标记。"),
        python_column(c.PREVIOUS_GRADE, K.GRADE, "Earlier grade", "上季等级", 64, "The grade of the compared quarter.", "对比季度的等级。"),
        python_column(c.STATE, K.TEXT, "State", "变动", 80, "The state against the compared quarter.", "与对比季度相比的状态。", hidden=True),
        ColumnSpec(id=c.QUANTITY, kind=K.QUANTITY, en="Quantity", zh="购进量", filled_by="formula", group="behavioural", width_px=76, unit="unit of sale", formula='SUMIFS({purchases[quantity]},{purchases[link_key]},{customer_code}&"|",{purchases[quarter]},{name:current_quarter})', about_en="Units bought in this quarter.", about_zh="本季购进量。"),
        ColumnSpec(id=c.AMOUNT, kind=K.MONEY, en="Amount", zh="购进额", filled_by="formula", group="behavioural", width_px=92, unit="currency", formula='SUMIFS({purchases[amount]},{purchases[link_key]},{customer_code}&"|",{purchases[quarter]},{name:current_quarter})', about_en="Amount bought in this quarter.", about_zh="本季购进额。"),
        python_column(c.CHANGE, K.SHARE, "Change", "增减", 70, "Quantity against the compared quarter.", "购进量与对比季度相比的增减。"),
        python_column(c.NEXT_GRADE, K.GRADE, "Next tier", "上一级", 76, "The next better grade of the same type.", "同业态的上一级等级。"),
        python_column(c.GAP_QUANTITY, K.QUANTITY, "Gap qty", "量差", 74, "Quantity missing to the next tier's minimum.", "距上一级最低购进量的差距。", "unit of sale"),
        python_column(c.GAP_AMOUNT, K.MONEY, "Gap amt", "额差", 84, "Amount missing to the next tier's minimum.", "距上一级最低购进额的差距。", "currency"),
        python_column(c.CUSHION_QUANTITY, K.QUANTITY, "Cushion qty", "量余", 84, "Quantity above the own tier's minimum.", "高于本级最低购进量的余量。", "unit of sale"),
        python_column(c.CUSHION_AMOUNT, K.MONEY, "Cushion amt", "额余", 90, "Amount above the own tier's minimum.", "高于本级最低购进额的余量。", "currency"),
        ColumnSpec(id=c.LAST_PURCHASE, kind=K.DATE, en="Last purchase", zh="末次购进", filled_by="formula", group="behavioural", width_px=104, formula='IF(COUNTIFS({purchases[link_key]},{customer_code}&"|",{purchases[date]},">0")=0,"",MAXIFS({purchases[date]},{purchases[link_key]},{customer_code}&"|"))', about_en="Day of the last purchase with a date.", about_zh="最近一次购进日期。"),
        ColumnSpec(id=c.LAST_FOLLOW_UP, kind=K.DATE, en="Last follow-up", zh="末次跟进", filled_by="formula", group="behavioural", width_px=108, formula='IF(COUNTIFS({follow_ups[link_key]},{customer_code}&"|",{follow_ups[date]},">0")=0,"",MAXIFS({follow_ups[date]},{follow_ups[link_key]},{customer_code}&"|"))', about_en="Day of the last follow-up.", about_zh="最近一次跟进日期。"),
        python_column(c.NEXT_ACTION, K.TEXT, "Next action", "下一步", 128, "What was agreed at the last follow-up.", "最近一次跟进约定的下一步。"),
        python_column(c.ADVICE, K.TEXT, "Advice", "建议", 400, "One line for the visit.", "拜访建议。"),
        python_column(c.SEARCH, K.TEXT, "Search", "检索", 120, "What the customer card searches: code, names, phone, initials; hidden.", "客户卡检索用的文字：代码、名称、电话、拼音首字母；隐藏列。", hidden=True),
    ),
)  # fmt: skip

FOLLOW_UPS = TableSpec(
    id="follow_ups", excel_name="FollowUps", en="Follow-ups", zh="跟进", key=(c.FOLLOW_UP_ID,),
    about_en="One row a contact with a customer.", about_zh="每次跟进一行。",
    columns=(
        ColumnSpec(id=c.DATE, kind=K.DATE, en="Date", zh="日期", required=True, width_px=96, aliases=("follow-up date", "visit date", "跟进日期", "拜访日期", "跟進日期", "拜訪日期"), about_en="The day it happened.", about_zh="跟进日期。"),
        LINKED_CODE, NAME_LOOKUP, GRADE_LOOKUP,
        ColumnSpec(id=c.KIND, kind=K.CHOICE, en="Kind", zh="方式", width_px=90, choices=FOLLOW_UP_KINDS, aliases=("follow-up kind", "跟进方式", "type of contact", "跟進方式"), about_en="How the customer was reached.", about_zh="跟进方式。"),
        ColumnSpec(id=c.OUTCOME, kind=K.TEXT, en="Outcome", zh="结果", width_px=150, aliases=("result", "跟进结果", "結果", "跟進結果"), about_en="What came of it.", about_zh="跟进结果。"),
        ColumnSpec(id=c.NOTE, kind=K.TEXT, en="Note", zh="记录", width_px=260, aliases=("notes", "remark", "备注", "備註", "跟进内容", "comment", "comments", "記錄", "紀錄", "跟進內容", "跟进记录", "跟進記錄"), about_en="What was said.", about_zh="跟进内容。"),
        ColumnSpec(id=c.NEXT_ACTION, kind=K.TEXT, en="Next action", zh="下一步", width_px=150, aliases=("next step", "下一步行动", "下一步行動"), about_en="What was agreed.", about_zh="约定的下一步。"),
        ColumnSpec(id=c.NEXT_ACTION_ON, kind=K.DATE, en="Next on", zh="下次日期", width_px=96, aliases=("next date", "due", "下次跟进", "next action on", "下次跟進", "下次跟进日期", "下次跟進日期"), about_en="When it is due.", about_zh="下一步的日期。"),
        ColumnSpec(id=c.PRIORITY, kind=K.COUNT, en="Priority", zh="优先级", width_px=70, about_en="How urgent the next action is, 1 first.", about_zh="下一步的优先级，1 为最先。"),
        ColumnSpec(id=c.AUTHOR, kind=K.TEXT, en="Author", zh="记录人", width_px=100, aliases=("written by", "跟进人", "記錄人", "跟進人"), about_en="Who wrote it.", about_zh="记录人。"),
        ColumnSpec(id=c.FOLLOW_UP_ID, kind=K.CODE, en="Follow-up ID", zh="跟进编号", group="key", width_px=90, about_en="Unique number of the row; filled in where it is blank. A task that the Playbook made begins with PB-.", about_zh="行的唯一编号，空白时自动填写；行动手册生成的任务以 PB- 开头。"),
        # A task is nothing that happened: without a key it is no last follow-up.
        LINK_KEY.model_copy(update={"formula": 'IF(LEFT({follow_up_id}&"",3)="PB-","",{customer_code}&"|")'}),
    ),
)  # fmt: skip

_QUARTER_OF_PERIOD = (
    'IF({date}<>"",YEAR({date})&"Q"&INT((MONTH({date})+2)/3),'
    'IF(MID({period}&"",5,1)="Q",{period}&"",IF({period}="","",LEFT({period},4)&"Q"&INT((MID({period},6,2)+2)/3))))'
)
PURCHASES = TableSpec(
    id="purchases", excel_name="Purchases", en="Purchases", zh="购进", key=(c.CUSTOMER_CODE, c.ORDER_NUMBER, c.DATE, c.PERIOD),
    about_en="One row a purchase, or a customer's total of a month or quarter. The key names a group: rows with the same key belong together and are replaced together.",
    about_zh="每次购进一行，或客户一个月、一个季度的合计。键相同的行为一组，整组更新。",
    columns=(
        LINKED_CODE, NAME_LOOKUP, GRADE_LOOKUP,
        ColumnSpec(id=c.DATE, kind=K.DATE, en="Date", zh="日期", width_px=96, aliases=("purchase date", "order date", "day", "购进日期", "订单日期", "訂單日期", "購進日期", "transaction date", "invoice date", "sales date", "交易日期", "销售日期", "进货日期", "订货日期", "銷售日期", "進貨日期", "訂貨日期"), about_en="The day, where it is known.", about_zh="购进日期（已知时）。"),
        ColumnSpec(id=c.PERIOD, kind=K.TEXT, en="Period", zh="期间", width_px=84, aliases=("month", "月份", "月", "期間", "year month", "year-month", "年月", "月度", "月別"), about_en="The month (2017-01) or quarter (2017Q1) of a total without a day.", about_zh="无日期合计的月份（2017-01）或季度（2017Q1）。"),
        _QUARTER.model_copy(update={"filled_by": "formula", "formula": _QUARTER_OF_PERIOD, "about_en": "The quarter of the date or period.", "about_zh": "日期或期间所在的季度。"}),
        ColumnSpec(id=c.ORDER_NUMBER, kind=K.CODE, en="Order number", zh="订单号", width_px=110, aliases=("order no", "order id", "order", "单号", "订单编号", "訂單號", "單號", "order code", "invoice no", "invoice number", "订单", "订单号码", "發票號碼", "訂單", "訂單編號", "訂單號碼"), about_en="The order, where the export has it.", about_zh="订单号（导出中有时）。"),
        ColumnSpec(id=c.PRODUCT_CODE, kind=K.CODE, en="Product", zh="产品代码", width_px=110, link="products.product_code", aliases=("product code", "sku", "item", "产品", "商品代码", "商品", "產品代碼", "商品代碼", "item code", "product id", "产品编码", "产品编号", "商品编码", "商品编号", "產品", "產品編號", "商品編號"), about_en="What was bought.", about_zh="购进的产品。"),
        _QUANTITY, _AMOUNT, LINK_KEY,
    ),
)  # fmt: skip

GRADES = TableSpec(
    id="grades", excel_name="Grades", en="Grades", zh="等级", key=(c.CUSTOMER_CODE, c.QUARTER),
    about_en="One row a customer and quarter.", about_zh="每个客户每季度一行。",
    columns=(
        LINKED_CODE, NAME_LOOKUP,
        _QUARTER.model_copy(update={"required": True}),
        ColumnSpec(id=c.GRADE, kind=K.GRADE, en="Grade", zh="等级", required=True, width_px=70, aliases=("customer grade", "tier", "class", "客户等级", "季度客户等级", "档位", "客戶等級", "等級", "grade code", "customer class", "客户级别", "级别", "客户等级代码", "季度等级", "客戶級別", "級別", "檔位", "季度客戶等級", "季度等級"), about_en="Business type and size, as CS1.", about_zh="业态加大小，如 CS1。"),
        ColumnSpec(id=c.SOURCE, kind=K.TEXT, en="Source", zh="来源", width_px=100, aliases=("grade source", "等级来源"), about_en="The export, or the rule that computed it.", about_zh="导出文件，或计算所用的规则。"),
    ),
)  # fmt: skip

ROUTES = TableSpec(
    id="routes", excel_name="Routes", en="Routes", zh="线路", key=(c.ROUTE,),
    about_en="One row a visit route.", about_zh="每条拜访线路一行。",
    columns=(
        ROUTE.model_copy(update={"group": "key", "required": True}),
        ColumnSpec(id=c.BATCH, kind=K.TEXT, en="Batch", zh="访销批次", width_px=84, aliases=("visit batch", "visit day", "weekday", "批次", "訪銷批次", "拜访日", "星期", "拜访日期批次", "访销日", "訪銷日", "拜訪日", "批次號"), about_en="The visit day: a setting decides which routes share one.", about_zh="访销批次，由设置决定。"),
        ColumnSpec(id=c.ACCOUNT_MANAGER, kind=K.TEXT, en="Account manager", zh="客户经理", width_px=130, aliases=("manager", "客戶經理", "customer manager", "经理", "客户经理姓名", "客戶經理姓名"), about_en="Who visits the route.", about_zh="负责该线路的客户经理。"),
        ColumnSpec(id=c.POSITION, kind=K.COUNT, en="Order", zh="次序", width_px=70, aliases=("route order", "順序"), about_en="The route's place in the cycle, 1 is first.", about_zh="线路在周期中的次序，1 为最先。"),
    ),
)  # fmt: skip

PRODUCTS = TableSpec(
    id="products", excel_name="Products", en="Products", zh="产品", key=(c.PRODUCT_CODE,),
    about_en="One row a product.", about_zh="每个产品一行。",
    columns=(
        ColumnSpec(id=c.PRODUCT_CODE, kind=K.CODE, en="Product code", zh="产品代码", group="key", required=True, width_px=110, aliases=("product", "sku", "商品代码", "產品代碼", "item code", "product id", "产品编码", "产品编号", "商品编码", "商品编号", "產品編號", "商品代碼", "商品編號"), about_en="The product's code.", about_zh="产品代码。"),
        ColumnSpec(id=c.PRODUCT_NAME, kind=K.TEXT, en="Product name", zh="产品名称", width_px=200, aliases=("商品名称", "產品名稱", "item name", "品名", "产品名", "商品名稱"), about_en="The product's name.", about_zh="产品名称。"),
        ColumnSpec(id=c.CATEGORY, kind=K.TEXT, en="Category", zh="类别", width_px=120, aliases=("product category", "品类", "類別", "品類", "分类", "分類"), about_en="The group it is sold in.", about_zh="产品类别。"),
        ColumnSpec(id=c.UNIT, kind=K.TEXT, en="Unit", zh="单位", width_px=70, aliases=("sales unit", "單位", "计量单位", "計量單位"), about_en="The unit of its quantity.", about_zh="数量单位。"),
    ),
)  # fmt: skip

GRADE_RULES = TableSpec(
    id="grade_rules", excel_name="GradeRules", en="Grade rules", zh="定级规则", key=(c.BUSINESS_TYPE, c.SIZE),
    about_en="Minimums that earn a size, where grades are computed; blank asks for nothing.", about_zh="计算等级时各档的最低要求，空白表示不要求。",
    columns=(
        ColumnSpec(id=c.BUSINESS_TYPE, kind=K.CODE, en="Type code", zh="业态代码", group="key", required=True, width_px=100, about_en="The letters of the grade code.", about_zh="等级代码中的业态字母。"),
        ColumnSpec(id=c.SIZE, kind=K.CODE, en="Size", zh="档次", group="key", required=True, width_px=70, about_en="The size it earns.", about_zh="达到后所得的档次。"),
        ColumnSpec(id=c.MIN_QUANTITY, kind=K.QUANTITY, en="Min. quantity", zh="最低购进量", width_px=110, about_en="At least this quantity in the quarter.", about_zh="季度购进量不低于。"),
        ColumnSpec(id=c.MIN_AMOUNT, kind=K.MONEY, en="Min. amount", zh="最低购进额", width_px=110, about_en="At least this amount in the quarter.", about_zh="季度购进额不低于。"),
    ),
)  # fmt: skip

BUSINESS_TYPES = TableSpec(
    id="business_types", excel_name="BusinessTypes", en="Business types", zh="业态", key=(c.BUSINESS_TYPE,),
    about_en="What the letters of a grade code stand for.", about_zh="等级代码中字母的含义。",
    columns=(
        ColumnSpec(id=c.BUSINESS_TYPE, kind=K.CODE, en="Type code", zh="业态代码", group="key", required=True, width_px=100, about_en="The letters of the grade code.", about_zh="等级代码中的业态字母。"),
        ColumnSpec(id=c.BUSINESS_TYPE_NAME, kind=K.TEXT, en="Type name", zh="业态名称", width_px=160, about_en="What they stand for.", about_zh="业态名称。"),
    ),
)  # fmt: skip

SETTINGS = TableSpec(
    id="settings", excel_name="Settings", en="Settings", zh="设置", key=(c.SETTING,),
    about_en="What a company decides.", about_zh="由公司决定的各项设置。",
    columns=(
        ColumnSpec(id=c.SETTING, kind=K.TEXT, en="Setting", zh="设置项", group="key", required=True, width_px=190, about_en="Name of the setting.", about_zh="设置项名称。"),
        ColumnSpec(id=c.VALUE, kind=K.TEXT, en="Value", zh="取值", width_px=180, about_en="Its value.", about_zh="取值。"),
        ColumnSpec(id=c.ABOUT, kind=K.TEXT, en="What it does", zh="说明", width_px=520, about_en="What it changes.", about_zh="作用说明。"),
    ),
)  # fmt: skip

PROBLEMS = TableSpec(
    id="problems", excel_name="Problems", en="Problems", zh="问题", key=(c.FILE, c.SHEET, c.CELL, c.PROBLEM),
    about_en="Rows and cells that could not be taken as they were, with their original text.", about_zh="未能按原样导入的行与单元格及其原文。",
    columns=(
        ColumnSpec(id=c.FILE, kind=K.TEXT, en="File", zh="文件", width_px=150, about_en="The file it came from.", about_zh="来源文件。"),
        ColumnSpec(id=c.SHEET, kind=K.TEXT, en="Sheet", zh="工作表", width_px=100, about_en="The sheet.", about_zh="工作表。"),
        ColumnSpec(id=c.CELL, kind=K.TEXT, en="Cell", zh="单元格", width_px=70, about_en="The cell.", about_zh="单元格。"),
        ColumnSpec(id=c.VALUE, kind=K.TEXT, en="Found", zh="原值", width_px=120, about_en="What stood there.", about_zh="单元格原值。"),
        ColumnSpec(id=c.MESSAGE, kind=K.TEXT, en="What is wrong", zh="问题", width_px=360, about_en="What is wrong with it.", about_zh="存在的问题。"),
        ColumnSpec(id=c.REMEDY, kind=K.TEXT, en="What to do", zh="处理办法", width_px=360, about_en="What to do about it.", about_zh="处理办法。"),
        ColumnSpec(id=c.ROW_TEXT, kind=K.TEXT, en="Original row", zh="原始行", width_px=300, about_en="The whole row as it was, where it was left out.", about_zh="未导入行的完整原文。"),
        ColumnSpec(id=c.PROBLEM, kind=K.TEXT, en="Problem code", zh="问题代码", width_px=150, about_en="The problem's name in the documentation.", about_zh="文档中的问题代码。"),
    ),
)  # fmt: skip

DICTIONARY = TableSpec(
    id="dictionary", excel_name="Dictionary", en="Dictionary", zh="数据字典", kind="result", key=(c.TABLE, c.COLUMN),
    about_en="Every column of every table, generated.", about_zh="全部表与列的说明，自动生成。",
    columns=(
        ColumnSpec(id=c.TABLE, kind=K.TEXT, en="Table", zh="表", width_px=120, about_en="The table that holds the column.", about_zh="列所在的表。"),
        ColumnSpec(id=c.COLUMN, kind=K.TEXT, en="Column", zh="列", width_px=140, about_en="The head of the column.", about_zh="列的表头。"),
        ColumnSpec(id=c.KIND, kind=K.TEXT, en="Type", zh="类型", width_px=90, about_en="What the column takes.", about_zh="列的数据类型。"),
        ColumnSpec(id=c.UNIT, kind=K.TEXT, en="Unit", zh="单位", width_px=90, about_en="The unit of its numbers.", about_zh="数值的单位。"),
        ColumnSpec(id=c.GROUP, kind=K.TEXT, en="Group", zh="分组", width_px=110, about_en="What the column says of a customer.", about_zh="列所描述的方面。"),
        ColumnSpec(id=c.FILLED_BY, kind=K.TEXT, en="Filled by", zh="填写方式", width_px=100, about_en="Who fills the column.", about_zh="由谁填写。"),
        ColumnSpec(id=c.ABOUT, kind=K.TEXT, en="Meaning", zh="含义", width_px=460, about_en="What the column means.", about_zh="列的含义。"),
        ColumnSpec(id=c.LABEL, kind=K.TEXT, en="Also read as", zh="可识别的表头", width_px=460, about_en="Other heads by which an import knows the column.", about_zh="导入时可识别的其他表头。"),
    ),
)  # fmt: skip

RECORD_TABLES: tuple[TableSpec, ...] = (
    CUSTOMERS,
    FOLLOW_UPS,
    PURCHASES,
    GRADES,
    ROUTES,
    PRODUCTS,
    GRADE_RULES,
    BUSINESS_TYPES,
    SETTINGS,
    PROBLEMS,
    INTAKE,
    VISIT_PLAN,
    HANDOVERS,
    PLAYBOOK,
    STAGE_RULES,
    CONSENTS,
    SURVEYS,
    AUDIT,
)
TABLES: dict[str, TableSpec] = {
    table.id: table for table in (*RECORD_TABLES, DICTIONARY, *RESULT_TABLES, *VALUE_TABLES, *VOICE_TABLES, *EFFECT_TABLES)
}
"""Every table by id."""

PARTS_OF_COMPARISON = {
    "grade_changes": "changes",
    "change_statistics": "statistics",
    "minimums": "minimums",
    "gaps": "gaps",
    "route_summary": "route_summary",
}
"""Result tables that are computed from the record tables whenever they are shown, and the part of a comparison that holds them."""

COMPUTED_WHEN_ASKED = ("due", "duplicates", "daily_summary", "month_summary", "adherence")
"""Result tables that are computed when they are shown; a button puts them on their sheet."""

SHOWN_TABLES = (
    *(table_id for table_id, spec in TABLES.items() if spec.kind == "record"), *PARTS_OF_COMPARISON, *COMPUTED_WHEN_ASKED,
    *(spec.id for spec in (*VALUE_TABLES, *VOICE_TABLES, *EFFECT_TABLES)),
)  # fmt: skip
"""The tables that can be shown as CSV."""
