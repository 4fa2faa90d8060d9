"""The result tables: what a run computes. Their columns are also those of `xlcrm show`."""

from __future__ import annotations

from xlcrm.tables import columns as c
from xlcrm.tables.choices import MERGE_DECISIONS
from xlcrm.tables.schema import ColumnKind as K
from xlcrm.tables.schema import ColumnSpec, TableSpec
from xlcrm.tables.shared_columns import python_column

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
    c.RECENCY_SCORE: ("The fifth by how lately they bought; 5 is the latest.", "按最近购进的五等分，5 为最近。"),
    **{
        name: (f"Customers whose score of frequency is {score}.", f"频率评分为 {score} 的户数。")
        for score, name in enumerate(c.FREQUENCY_SCORES, start=1)
    },
    c.CUSTOMERS_SHARE: ("The customers of the largest amounts, this share of all.", "购进额最高的客户，占全部客户的比例。"),
    c.AMOUNT_SHARE: ("What they buy together, of the amount of all.", "其购进额合计占总额的比例。"),
    c.SIZE_3: ("Customers of the third and further sizes.", "第三及以下档次的户数。"),
    c.FLOW_FROM: ("The size of the grade in the compared quarter, or that there was none.", "对比季度等级的档次，或无等级。"),
    c.FLOW_TO: ("The size of the grade of this quarter, another business type, or no grade.", "本季等级的档次、业态变更或无等级。"),
    c.QUARTER: ("The quarter, as 2017Q1.", "季度，写作 2017Q1。"),
    c.REASON: (
        "Why: next_action, birthday, high_spend, visit or no_contact.",
        "原因：next_action、birthday、high_spend、visit、no_contact。",
    ),
    c.DUE_ON: ("The day on which it is due.", "到期的日期。"),
    c.DAYS_OVERDUE: ("Days since then; 0 on the day itself and before it.", "自到期日起的天数，到期当日及之前为 0。"),
    c.PRIORITY: (
        "1 is the most urgent: next action, birthday, high spend, visit, no contact.",
        "1 为最紧要，依次为：下一步、生日、高消费、拜访、未联系。",
    ),
    c.CODE_A: ("The customer with the smaller code.", "代码较小的客户。"),
    c.CODE_B: ("The customer with the greater code.", "代码较大的客户。"),
    c.SCORE: ("How likely the two are one customer, 0 to 1.", "二者为同一客户的可能性，0 到 1。"),
    c.REASONS: (
        "What both have: same_phone, same_licence, same_name, near_name, same_address, near_address, same_birthday.",
        "共同点：same_phone、same_licence、same_name、near_name、same_address、near_address、same_birthday。",
    ),
    c.NAME_A: ("The name of the first.", "前者的名称。"),
    c.NAME_B: ("The name of the second.", "后者的名称。"),
    c.OWNER_A: ("Who the first belongs to; without an owner its route's account manager.", "前者的负责人，未填时为线路的客户经理。"),
    c.OWNER_B: ("Who the second belongs to; without an owner its route's account manager.", "后者的负责人，未填时为线路的客户经理。"),
    c.REASON_TEXT: ("The reason in words.", "原因的文字说明。"),
    c.GROUP: (
        "When: overdue, today, week (due within seven days), later.",
        "时段：overdue（逾期）、today（今日）、week（七日内）、later（之后）。",
    ),
    c.CONTACT: ("The person to ask for.", "联系人姓名。"),
    c.PHONE: ("The phone number.", "电话号码。"),
    c.LAST_FOLLOW_UP: ("The day of the last contact so far.", "至今最近一次联系的日期。"),
    c.PLANNED: ("Visits planned up to the day of the run.", "截至运行当日计划的拜访数。"),
    c.DONE: ("Planned visits that were made.", "其中已完成的拜访数。"),
    c.ON_DAY: ("Planned visits that were made on their day.", "其中在计划当日完成的拜访数。"),
    c.COVERAGE: ("Done, of those planned.", "完成数占计划数的比例。"),
    c.ADHERENCE: ("Done on the day, of those planned.", "按日完成数占计划数的比例。"),
    c.DATE: ("The day.", "日期。"),
    c.PERIOD: ("The month, as 2017-01.", "月份，写作 2017-01。"),
    c.AUTHOR: ("Who wrote the follow-ups.", "记录人。"),
    c.FOLLOW_UPS: ("How many follow-ups; the columns from visits to tasks add up to it.", "跟进数，等于拜访至任务各列之和。"),
    c.VISITS: ("Of them visits.", "其中拜访。"),
    c.CALLS: ("Of them calls.", "其中电话。"),
    c.MESSAGES: ("Of them messages.", "其中微信。"),
    c.RETURN_VISITS: ("Of them return visits.", "其中回访。"),
    c.COMPLAINTS: ("Of them complaints.", "其中投诉。"),
    c.ORDERS: ("Of them orders.", "其中订单。"),
    c.NOTES: ("Of them notes.", "其中备注。"),
    c.AGREED: ("Follow-ups with a next action.", "约定了下一步的跟进数。"),
    c.OTHER: ("Of them of another kind or of none.", "其中其他方式或未注明方式。"),
    c.TASKS: ("Of them made by the Playbook: tasks, not contacts.", "其中由行动手册生成的任务，不计为联系。"),
    c.DAYS: ("Days with at least one contact.", "有联系的天数。"),
    c.REACHED: (
        "Share of the author's own customers whom the author contacted; own by the owner, else by the route's account manager.",
        "记录人自己的客户中，本人已联系的比例；客户按负责人归属，未填时按线路的客户经理。",
    ),
    c.KEPT_AGREEMENTS: (
        "Share kept of the agreements of the month whose day has come: kept by any later contact on that day or after it.",
        "本月所作约定中，已到期者的兑现比例；在约定日或之后再次联系即为兑现。",
    ),
}


def _column(column_id: str, kind: K, en: str, zh: str, width_px: int = 90, unit: str = "", hidden: bool = False) -> ColumnSpec:
    about_en, about_zh = _ABOUT.get(column_id, ("", ""))
    return python_column(column_id, kind, en, zh, width_px, about_en, about_zh, unit, hidden=hidden)


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
CHART_RFM = TableSpec(
    id="chart_rfm", excel_name="ChartRfm", en="RFM grid", zh="RFM 矩阵", kind="result", key=(c.RECENCY_SCORE,),
    about_en="Customers by how lately (rows) and how often (columns) they buy, in fifths; 5 is best. Worked out by Analyse.", about_zh="按最近购进（行）与购进频率（列）五等分统计的户数，5 为最佳，由“分析客户”计算。",
    columns=(
        _column(c.RECENCY_SCORE, K.TEXT, "Bought lately", "最近购进"),
        *(_column(name, K.COUNT, f"Often {score}", f"频率 {score}") for score, name in enumerate(c.FREQUENCY_SCORES, start=1)),
    ),
)  # fmt: skip
CHART_PARETO = TableSpec(
    id="chart_pareto", excel_name="ChartPareto", en="80/20 in tenths", zh="二八分析（十等分）", kind="result", key=(c.CUSTOMERS_SHARE,),
    about_en="What the largest 10 %, 20 % ... of the customers buy together, of the amount of all. Worked out by Analyse.", about_zh="购进额最高的 10%、20%……客户合计占总额的比例，由“分析客户”计算。",
    columns=(
        _column(c.CUSTOMERS_SHARE, K.TEXT, "Largest customers", "购进额最高的客户"), _column(c.CUSTOMERS, K.COUNT, "Customers", "户数"),
        _column(c.AMOUNT_SHARE, K.SHARE, "Of all amount", "占总额"),
    ),
)  # fmt: skip
GRADE_FLOW = TableSpec(
    id="grade_flow", excel_name="GradeFlow", en="Grade flow", zh="等级流向", kind="result", key=(c.CUSTOMER_CODE,),
    about_en="Who came from which size and went to which, in the order of the dashboard's flow: each of its figures leads to a run of rows here.", about_zh="客户从哪一档次来、到哪一档次去，按看板中等级流向的顺序排列；看板的每个数字都指向此处的一段行。",
    columns=(
        _column(c.FLOW_FROM, K.TEXT, "From size", "原档次", 90), _column(c.FLOW_TO, K.TEXT, "To size", "现档次", 100), CODE,
        _column(c.CUSTOMER_NAME, K.TEXT, "Name", "客户名称", 160), ROUTE, TYPE, _column(c.PREVIOUS_GRADE, K.GRADE, "Earlier grade", "上季等级", 90),
        _column(c.SHOWN, K.TEXT, "Shown", "显示", 80),
    ),
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

# Who is due on a day.
DUE = TableSpec(
    id="due", excel_name="DueList", en="Due", zh="待办客户", kind="result", key=(c.CUSTOMER_CODE, c.REASON),
    about_en="Who is due and why, one row a customer and reason, the most urgent first. Computed for a day.", about_zh="待办客户及原因，每个客户每种原因一行，最紧要者在前。按日计算。",
    columns=(
        CODE, _column(c.REASON, K.TEXT, "Reason", "原因", 100), _column(c.DUE_ON, K.DATE, "Due on", "到期日", 96),
        _column(c.DAYS_OVERDUE, K.COUNT, "Days overdue", "逾期天数", 70), _column(c.PRIORITY, K.COUNT, "Priority", "优先级", 70, hidden=True),
        _column(c.GROUP, K.TEXT, "When", "时段", 84), ROUTE, NAME, _column(c.REASON_TEXT, K.TEXT, "Why", "说明", 300),
        _column(c.CONTACT, K.TEXT, "Contact", "联系人", 96), _column(c.PHONE, K.CODE, "Phone", "电话", 118),
        _column(c.LAST_FOLLOW_UP, K.DATE, "Last contact", "末次联系", 96),
    ),
)  # fmt: skip

# Customers that may stand twice.
DUPLICATES = TableSpec(
    id="duplicates", excel_name="Duplicates", en="Duplicates", zh="重复客户", kind="result", key=(c.CODE_A, c.CODE_B),
    about_en="Pairs of customers that may be one, each pair once, the smaller code first.", about_zh="可能是同一客户的两个客户，每对一行，较小的代码在前。",
    columns=(
        _column(c.CODE_A, K.CODE, "Code A", "客户代码甲", 112), _column(c.CODE_B, K.CODE, "Code B", "客户代码乙", 112),
        _column(c.SCORE, K.SHARE, "Score", "可能性", 70), _column(c.REASONS, K.TEXT, "Reasons", "依据", 260),
        _column(c.NAME_A, K.TEXT, "Name A", "客户名称甲", 160), _column(c.NAME_B, K.TEXT, "Name B", "客户名称乙", 160),
        _column(c.OWNER_A, K.TEXT, "Owner A", "负责人甲", 100), _column(c.OWNER_B, K.TEXT, "Owner B", "负责人乙", 100),
        ColumnSpec(
            id=c.DECISION, kind=K.CHOICE, en="Decision", zh="处理", width_px=120, choices=MERGE_DECISIONS,
            about_en="What you decide; the button merges the pairs that say so.", about_zh="您的决定；按钮合并选定的客户。",
        ),
    ),
)  # fmt: skip

_KIND_COUNTS = (
    _column(c.FOLLOW_UPS, K.COUNT, "Follow-ups", "跟进数", 56), _column(c.VISITS, K.COUNT, "Visits", "拜访", 56), _column(c.CALLS, K.COUNT, "Calls", "电话", 56),
    _column(c.MESSAGES, K.COUNT, "Messages", "微信", 56), _column(c.RETURN_VISITS, K.COUNT, "Return visits", "回访", 56),
    _column(c.COMPLAINTS, K.COUNT, "Complaints", "投诉", 56), _column(c.ORDERS, K.COUNT, "Orders", "订单", 56), _column(c.NOTES, K.COUNT, "Notes", "备注", 56),
    _column(c.OTHER, K.COUNT, "Other", "其他", 56), _column(c.TASKS, K.COUNT, "Tasks", "任务", 56),
    _column(c.CUSTOMERS, K.COUNT, "Customers", "客户数", 56), _column(c.AGREED, K.COUNT, "Agreed next", "约定下一步", 56),
)  # fmt: skip
DAILY_SUMMARY = TableSpec(
    id="daily_summary", excel_name="DailySummary", en="Daily summary", zh="每日汇总", kind="result", key=(c.DATE, c.AUTHOR),
    about_en="Follow-ups per day and author, the newest day first.", about_zh="按日期与记录人汇总跟进，最近日期在前。",
    columns=(_column(c.DATE, K.DATE, "Date", "日期", 96), _column(c.AUTHOR, K.TEXT, "Author", "记录人", 110), *_KIND_COUNTS),
)  # fmt: skip
MONTH_SUMMARY = TableSpec(
    id="month_summary", excel_name="MonthSummary", en="Month-end analysis", zh="月末分析", kind="result", key=(c.PERIOD, c.AUTHOR),
    about_en="Follow-ups per month and author: how many, with how many customers, how many of all customers were reached, what was agreed and kept.", about_zh="按月份与记录人分析跟进：数量、客户数、覆盖率、约定与兑现。",
    columns=(
        _column(c.PERIOD, K.TEXT, "Month", "月份", 84), _column(c.AUTHOR, K.TEXT, "Author", "记录人", 110), *_KIND_COUNTS,
        _column(c.DAYS, K.COUNT, "Days", "天数", 56), _column(c.REACHED, K.SHARE, "Reached", "覆盖率", 64),
        _column(c.KEPT_AGREEMENTS, K.SHARE, "Agreements kept", "兑现率", 64),
    ),
)  # fmt: skip

ADHERENCE = TableSpec(
    id="adherence", excel_name="Adherence", en="Adherence", zh="计划执行", kind="result", key=(c.ROUTE,),
    about_en="What became of the visit plan so far, one row a route: planned, done, done on the planned day.", about_zh="拜访计划的执行情况，每条线路一行：计划、完成、按日完成。",
    columns=(
        ROUTE, _column(c.PLANNED, K.COUNT, "Planned", "计划", 80), _column(c.DONE, K.COUNT, "Done", "完成", 80),
        _column(c.ON_DAY, K.COUNT, "On the day", "按日完成", 90), _column(c.COVERAGE, K.SHARE, "Coverage", "完成率", 90),
        _column(c.ADHERENCE, K.SHARE, "Adherence", "按日率", 90),
    ),
)  # fmt: skip

RESULT_TABLES: tuple[TableSpec, ...] = (
    GRADE_CHANGES, CHANGE_STATISTICS, MINIMUMS, GAPS, ROUTE_SUMMARY, CHART_GRADES, CHART_CHANGES, CHART_RFM, CHART_PARETO, GRADE_FLOW, QUARTERS, DUE, DUPLICATES, ADHERENCE, DAILY_SUMMARY, MONTH_SUMMARY,
)  # fmt: skip
