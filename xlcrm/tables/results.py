"""The result tables: what a run computes. Their columns are also those of `xlcrm show`."""

from __future__ import annotations

from xlcrm.tables import columns as c
from xlcrm.tables.schema import ColumnKind as K
from xlcrm.tables.schema import ColumnSpec, TableSpec

# What a result column means, where the same id means the same everywhere.
_ABOUT: dict[str, tuple[str, str]] = {
    c.CUSTOMER_CODE: ("The customer.", "客户。"),
    c.CUSTOMER_NAME: ("The customer's name.", "客户名称。"),
    c.ROUTE: ("The visit route.", "拜访线路。"),
    c.BATCH: ("The visit day of the route.", "线路的访销批次。"),
    c.BUSINESS_TYPE: ("The business type of the grade.", "等级所属的业态。"),
    c.SIZE: ("The size of the grade, the first one is the best.", "等级的档次，首个为最高。"),
    c.GRADE: ("The grade of this quarter.", "本季等级。"),
    c.PREVIOUS_GRADE: ("The grade of the compared quarter.", "对比季度的等级。"),
    c.STATE: ("The state against the compared quarter: exactly one of seven.", "与对比季度相比的状态，七种之一。"),
    c.SHOWN: ("The grade with its state's mark.", "带变动标记的等级。"),
    c.NEXT_GRADE: ("The next better grade of the same type that somebody holds.", "同业态中有客户的上一级等级。"),
    c.GAP_QUANTITY: ("Quantity missing to the next tier's minimum.", "距上一级最低购进量的差距。"),
    c.GAP_AMOUNT: ("Amount missing to the next tier's minimum.", "距上一级最低购进额的差距。"),
    c.CUSHION_QUANTITY: ("Quantity above the own tier's minimum.", "高于本级最低购进量的余量。"),
    c.CUSHION_AMOUNT: ("Amount above the own tier's minimum.", "高于本级最低购进额的余量。"),
    c.CUSTOMERS: ("How many customers.", "客户户数。"),
    c.MIN_QUANTITY: ("The lowest quantity among the holders of the grade.", "该等级客户中最低的购进量。"),
    c.MIN_AMOUNT: ("The lowest amount among the holders of the grade.", "该等级客户中最低的购进额。"),
    c.UP: ("Same type, better size.", "同业态，档次提高。"),
    c.KEPT: ("Same grade.", "等级不变。"),
    c.DOWN: ("Same type, worse size.", "同业态，档次降低。"),
    c.NEW: ("No grade in the compared quarter.", "对比季度无等级。"),
    c.TYPE_CHANGED: ("Another business type: sizes do not compare.", "业态改变，档次不可比。"),
    c.LOST: ("Graded in the compared quarter, not in this one.", "对比季度有等级，本季没有。"),
    c.UNGRADED: ("On a route, no grade in either quarter.", "在线路上，两季均无等级。"),
    c.QUANTITY: ("Units bought in this quarter.", "本季购进量。"),
    c.AMOUNT: ("Amount bought in this quarter.", "本季购进额。"),
    c.AVERAGE_QUANTITY: ("Quantity a customer.", "每户平均购进量。"),
    c.AVERAGE_AMOUNT: ("Amount a customer.", "每户平均购进额。"),
    c.QUANTITY_CHANGE: ("Quantity against the compared quarter.", "购进量与对比季度相比的增减。"),
    c.AMOUNT_CHANGE: ("Amount against the compared quarter.", "购进额与对比季度相比的增减。"),
    c.DUE: ("Customers whose next visit is due.", "应访客户数。"),
    c.OVERDUE: ("Customers whose last follow-up lies further back than the visit interval.", "距末次跟进已超过拜访间隔的客户数。"),
    c.TIERS: ("Customers of each size.", "各档次的户数。"),
    c.TOP_GAPS: ("Customers who miss least to the next tier.", "距上一级差距最小的客户。"),
    c.SIZE_1: ("Customers of the best size.", "最高档次的户数。"),
    c.SIZE_2: ("Customers of the second size.", "第二档次的户数。"),
    c.SIZE_3: ("Customers of the third and further sizes.", "第三及以下档次的户数。"),
    c.QUARTER: ("The quarter, as 2017Q1.", "季度，写作 2017Q1。"),
}


def _column(column_id: str, kind: K, en: str, zh: str, width_px: int = 90, unit: str = "", hidden: bool = False) -> ColumnSpec:
    about_en, about_zh = _ABOUT.get(column_id, ("", ""))
    return ColumnSpec(
        id=column_id, kind=kind, en=en, zh=zh, width_px=width_px, filled_by="python", group="derived", unit=unit, hidden=hidden,
        about_en=about_en, about_zh=about_zh,
    )  # fmt: skip


CODE = _column(c.CUSTOMER_CODE, K.CODE, "Code", "客户代码", 112)
NAME = _column(c.CUSTOMER_NAME, K.TEXT, "Name", "客户名称", 160)
ROUTE = _column(c.ROUTE, K.TEXT, "Route", "线路", 60)
BATCH = _column(c.BATCH, K.TEXT, "Batch", "访销批次", 70)
TYPE = _column(c.BUSINESS_TYPE, K.TEXT, "Type", "业态", 90)
SIZE = _column(c.SIZE, K.TEXT, "Size", "档次", 60)
GRADE = _column(c.GRADE, K.GRADE, "Grade", "等级", 70)
STATE_COUNTS = tuple(
    _column(state, K.COUNT, en, zh, 74)
    for state, en, zh in (
        (c.UP, "Promoted", "提升"), (c.KEPT, "Kept", "保持"), (c.DOWN, "Demoted", "下降"), (c.NEW, "New", "新增"),
        (c.TYPE_CHANGED, "Type changed", "业态变更"), (c.LOST, "Lost", "流失"), (c.UNGRADED, "Ungraded", "未定级"),
    )
)  # fmt: skip

GRADE_CHANGES = TableSpec(
    id="grade_changes", excel_name="GradeChanges", en="Grade changes", zh="等级变动", kind="result", key=(c.CUSTOMER_CODE,),
    about_en="One row a customer of either quarter.", about_zh="两个季度中的每个客户一行。",
    columns=(
        CODE, ROUTE, BATCH, TYPE, GRADE, _column(c.PREVIOUS_GRADE, K.GRADE, "Earlier grade", "上季等级", 90),
        _column(c.STATE, K.TEXT, "State", "变动", 90), _column(c.SHOWN, K.TEXT, "Shown", "显示", 80),
    ),
)  # fmt: skip

MINIMUMS = TableSpec(
    id="minimums", excel_name="Minimums", en="Minimums", zh="最低标准", kind="result", key=(c.BUSINESS_TYPE, c.SIZE, c.GRADE),
    about_en="The lowest quantity and, independently, the lowest amount that still held each grade.", about_zh="各等级中最低的购进量与最低的购进额，二者独立查取。",
    columns=(
        TYPE, SIZE, GRADE, _column(c.CUSTOMERS, K.COUNT, "Customers", "户数", 90),
        _column(c.MIN_QUANTITY, K.QUANTITY, "Min. quantity", "最低购进量", 110, "unit of sale"), _column(c.MIN_AMOUNT, K.MONEY, "Min. amount", "最低购进额", 110, "currency"),
    ),
)  # fmt: skip

GAPS = TableSpec(
    id="gaps", excel_name="Gaps", en="Gaps", zh="差距", kind="result", key=(c.CUSTOMER_CODE,),
    about_en="How far each customer is from the next tier, and from falling.", about_zh="每个客户距上一级的差距与本级余量。",
    columns=(
        CODE, GRADE, _column(c.NEXT_GRADE, K.GRADE, "Next tier", "上一级"),
        _column(c.GAP_QUANTITY, K.QUANTITY, "Gap qty", "量差"), _column(c.GAP_AMOUNT, K.MONEY, "Gap amt", "额差"),
        _column(c.CUSHION_QUANTITY, K.QUANTITY, "Cushion qty", "量余"), _column(c.CUSHION_AMOUNT, K.MONEY, "Cushion amt", "额余"),
    ),
)  # fmt: skip

ROUTE_SUMMARY = TableSpec(
    id="route_summary", excel_name="RouteSummary", en="Route summary", zh="线路汇总", kind="result", key=(c.ROUTE,),
    about_en="One row a route.", about_zh="每条线路一行。",
    columns=(
        ROUTE, BATCH, _column(c.CUSTOMERS, K.COUNT, "Customers", "户数"), *STATE_COUNTS,
        _column(c.QUANTITY, K.QUANTITY, "Quantity", "购进量"), _column(c.AMOUNT, K.MONEY, "Amount", "购进额", 100),
        _column(c.AVERAGE_QUANTITY, K.QUANTITY, "Avg. quantity", "户均量"), _column(c.AVERAGE_AMOUNT, K.MONEY, "Avg. amount", "户均额"),
        _column(c.QUANTITY_CHANGE, K.SHARE, "Quantity change", "量增减"), _column(c.AMOUNT_CHANGE, K.SHARE, "Amount change", "额增减"),
        _column(c.DUE, K.COUNT, "Visits due", "应访"), _column(c.OVERDUE, K.COUNT, "Visits overdue", "逾期"),
        _column(c.TIERS, K.TEXT, "Customers per size", "各档户数", 170), _column(c.TOP_GAPS, K.TEXT, "Top gaps worth closing", "最值得弥补的差距", 470),
    ),
)  # fmt: skip

# The visit batches are a setting, so the count columns of the change statistics are made by
# rules.statistics (`mon_up` ...); the spec names the ones that always stand there.
CHANGE_STATISTICS = TableSpec(
    id="change_statistics", excel_name="ChangeStatistics", en="Change statistics", zh="等级变动统计", kind="result", key=(c.BUSINESS_TYPE, c.SIZE, c.GRADE),
    about_en="Customers per type and current grade, promoted, kept, demoted per visit batch.", about_zh="按业态、本季等级与访销批次统计提升、保持、下降户数。",
    columns=(TYPE, SIZE, GRADE),
)  # fmt: skip

# What the charts draw, and what the quarter dropdowns offer.
CHART_GRADES = TableSpec(
    id="chart_grades", excel_name="ChartGrades", en="Customers by type", zh="业态分布", kind="result", key=(c.BUSINESS_TYPE,),
    about_en="Drawn by the chart of grades: customers per business type and size.", about_zh="等级图表的数据：各业态各档次的户数。",
    columns=(TYPE, _column(c.SIZE_1, K.COUNT, "Large", "大"), _column(c.SIZE_2, K.COUNT, "Medium", "中"), _column(c.SIZE_3, K.COUNT, "Small", "小")),
)  # fmt: skip
CHART_CHANGES = TableSpec(
    id="chart_changes", excel_name="ChartChanges", en="Changes by batch", zh="批次变动", kind="result", key=(c.BATCH,),
    about_en="Drawn by the chart of changes: customers promoted, kept and demoted per visit batch.", about_zh="变动图表的数据：各批次提升、保持、下降户数。",
    columns=(BATCH, *STATE_COUNTS[:3]),
)  # fmt: skip
QUARTERS = TableSpec(
    id="quarters",
    excel_name="Quarters",
    en="Quarters",
    zh="季度",
    kind="result",
    key=(c.QUARTER,),
    about_en="The quarters that the workbook has data of; Home offers them.",
    about_zh="工作簿中有数据的季度，供首页选择。",
    columns=(_column(c.QUARTER, K.QUARTER, "Quarter", "季度", 90),),
)

RESULT_TABLES: tuple[TableSpec, ...] = (
    GRADE_CHANGES, CHANGE_STATISTICS, MINIMUMS, GAPS, ROUTE_SUMMARY, CHART_GRADES, CHART_CHANGES, QUARTERS,
)  # fmt: skip
