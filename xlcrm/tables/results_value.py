"""The result tables of an analysis: what customers are worth, where they stand, who is slipping."""

from __future__ import annotations

from xlcrm.tables import columns as c
from xlcrm.tables.schema import ColumnKind as K
from xlcrm.tables.schema import ColumnSpec, TableSpec
from xlcrm.tables.shared_columns import NAME_LOOKUP, python_column


def _column(
    column_id: str,
    kind: K,
    en: str,
    zh: str,
    about_en: str,
    about_zh: str,
    width_px: int = 90,
    unit: str = "",
    terms: str = "",
    joint: str = "",
    sentences: bool = False,
) -> ColumnSpec:
    return python_column(column_id, kind, en, zh, width_px, about_en, about_zh, unit, terms=terms, term_joint=joint, sentences=sentences)


_CODE = _column(c.CUSTOMER_CODE, K.CODE, "Code", "客户代码", "The customer.", "客户。", 112)
# Beside a column of another name: `Name` alone would mean either.
_CUSTOMER = NAME_LOOKUP.model_copy(update={"en": "Customer", "aliases": ()})
_LAST_DATE = _column(c.LAST_DATE, K.DATE, "Last purchase", "末次购进", "The day of the last purchase.", "最近一次购进日期。", 104)
_RECENCY = _column(
    c.RECENCY_DAYS,
    K.COUNT,
    "Days since",
    "距今天数",
    "Days from the last purchase to the day of the analysis.",
    "末次购进距分析日的天数。",
    80,
    "days",
)
_PROBABILITY = _column(
    c.PROBABILITY,
    K.SHARE,
    "Leaving",
    "流失概率",
    "Probability of buying nothing in the coming quarter, by a model; blank where it could not be fitted or nothing was bought for a year.",
    "模型估计下一季度无购进的概率；无法估计或一年无购进时为空白。",
    80,
)
_REASONS = _column(c.REASONS, K.TEXT, "Reasons", "依据", "The figures behind it, in words.", "依据的数据说明。", 400, sentences=True)
_ACTION = _column(c.ACTION, K.TEXT, "What to do", "措施", "What to do about it.", "应采取的措施。", 270, sentences=True)

RFM = TableSpec(
    id="rfm", excel_name="Rfm", en="RFM", zh="RFM 分析", kind="result", key=(c.CUSTOMER_CODE,),
    about_en="Recency, frequency, monetary value of every customer with a purchase, in quintiles, with the segment.", about_zh="有购进的客户的最近购进、频率、金额，按五等分评分并划分客群。",
    columns=(
        _CODE, NAME_LOOKUP,
        _column(c.FIRST_DATE, K.DATE, "First purchase", "首次购进", "The day of the first purchase.", "首次购进日期。", 104), _LAST_DATE, _RECENCY,
        _column(c.FREQUENCY, K.COUNT, "Days bought", "购进天数", "Days with a purchase.", "有购进的天数。", 80, "days"),
        _column(c.ORDERS, K.COUNT, "Orders", "订单数", "Different order numbers; where there are none, days.", "不同订单号数量，无订单号时按天数。", 70),
        _column(c.MONETARY, K.MONEY, "Amount", "购进额", "Net amount bought.", "净购进额。", 100, "currency"),
        _column(c.R, K.COUNT, "R", "R 分", "Score of recency, 5 is the latest fifth.", "最近度评分，5 为最近。", 46),
        _column(c.F, K.COUNT, "F", "F 分", "Score of frequency, 5 is the most frequent fifth.", "频率评分，5 为最高。", 46),
        _column(c.M, K.COUNT, "M", "M 分", "Score of the amount, 5 is the largest fifth.", "金额评分，5 为最高。", 46),
        _column(c.SEGMENT, K.TEXT, "Segment", "客群", "The segment of the three scores.", "三项评分对应的客群。", 130, terms="lifecycle.segment_"),
    ),
)  # fmt: skip

RFM_CUTS = TableSpec(
    id="rfm_cuts", excel_name="RfmCuts", en="RFM cuts", zh="RFM 分界", kind="result", key=(c.MEASURE, c.SCORE),
    about_en="What each score stands for: the lowest and the highest value, and how many customers have it.", about_zh="每个评分对应的最低值、最高值与客户数。",
    columns=(
        _column(c.MEASURE, K.TEXT, "Measure", "指标", "What is scored.", "评分的指标。", 180, terms="terms.measure_"),
        _column(c.SCORE, K.COUNT, "Score", "评分", "1 to 5.", "1 至 5。", 60),
        _column(c.LOWEST, K.NUMBER, "Lowest", "最低值", "The lowest value with this score; amounts in currency.", "该评分的最低值，金额以货币计。", 90),
        _column(c.HIGHEST, K.NUMBER, "Highest", "最高值", "The highest value with this score.", "该评分的最高值。", 90),
        _column(c.CUSTOMERS, K.COUNT, "Customers", "户数", "How many customers have it.", "客户户数。", 80),
    ),
)  # fmt: skip

ACTIVITY = TableSpec(
    id="activity", excel_name="Activity", en="Activity", zh="活跃度", kind="result", key=(c.CUSTOMER_CODE,),
    about_en="Each customer's own purchase cycle, whether it is still kept, and when the next purchase is to be expected.", about_zh="各客户自身的购进周期、是否活跃及预计下次购进。",
    columns=(
        _CODE, NAME_LOOKUP,
        _column(c.CYCLE_DAYS, K.NUMBER, "Own cycle", "购进周期", "Median gap between purchases, in days.", "两次购进间隔的中位数（天）。", 80, "days"),
        _column(c.CYCLE_OF, K.TEXT, "Cycle of", "周期来源", "Whose cycle it is: the customer's own, that of all customers, or a quarter where nobody has one.", "周期来源：自身、全体客户，均无时按一季。", 100, terms="terms.cycle_"),
        _column(c.ACTIVITY, K.TEXT, "Activity", "活跃状态", "Whether the own cycle is kept.", "是否保持自身的购进周期。", 80, terms="lifecycle.activity_"),
        _column(c.NEXT_PURCHASE, K.DATE, "Next expected", "预计下次购进", "The last purchase and one cycle.", "末次购进加一个周期。", 104),
        _PROBABILITY,
    ),
)  # fmt: skip

PARETO = TableSpec(
    id="pareto", excel_name="Pareto", en="80/20", zh="二八分析", kind="result", key=(c.RANK,),
    about_en="Customers by amount, the largest first: class A makes 80 % of it.", about_zh="按购进额由高到低排列，A 类合计占 80%。",
    columns=(
        _column(c.RANK, K.COUNT, "Rank", "名次", "1 is the largest.", "1 为最大。", 60), _CODE, NAME_LOOKUP,
        _column(c.AMOUNT, K.MONEY, "Amount", "购进额", "Net amount bought.", "净购进额。", 100, "currency"),
        _column(c.SHARE, K.SHARE, "Share", "占比", "Of the amount of all.", "占总额比例。", 70),
        _column(c.CUMULATIVE_SHARE, K.SHARE, "Cumulative", "累计占比", "With all larger ones.", "与更大客户累计占比。", 80),
        _column(c.ABC_CLASS, K.TEXT, "Class", "类别", "A makes 80 %, B the next 15 %, C the rest.", "A 类占 80%，B 类占随后 15%，其余为 C 类。", 60),
    ),
)  # fmt: skip

STAGES = TableSpec(
    id="stages", excel_name="Stages", en="Lifecycle", zh="生命周期", kind="result", key=(c.CUSTOMER_CODE,),
    about_en="The stage of every customer, in three vocabularies, with the facts.", about_zh="每个客户所处阶段，按三套术语，并附依据。",
    columns=(
        _CODE, NAME_LOOKUP,
        _column(c.STAGE, K.TEXT, "Stage", "阶段", "Where the customer stands.", "客户所处阶段。", 150, terms="lifecycle.stage_"),
        _column(c.SINCE, K.QUARTER, "Since", "起始季度", "The quarter from whose end on the stage was the same.", "自该季度末起处于此阶段。", 76),
        _column(c.ACQUISITION_STAGE, K.TEXT, "Acquisition to exit", "获取至退出", "The same from acquisition to exit.", "按获取至退出的术语。", 120, terms="lifecycle.acquisition_"),
        _column(c.STATUS_STAGE, K.TEXT, "Prospect to lost", "潜客至流失", "The same from prospect to lost.", "按潜客至流失的术语。", 110, terms="lifecycle.status_"),
        _column(c.REASON, K.TEXT, "Reason", "依据", "The facts, in words.", "依据的事实。", 600),
    ),
)  # fmt: skip

TRANSITIONS = TableSpec(
    id="transitions", excel_name="Transitions", en="Moves between stages", zh="阶段变动", kind="result", key=(c.QUARTER, c.FROM_STAGE, c.TO_STAGE),
    about_en="Customers by their stage at the end of the quarter before and of this one.", about_zh="按上季末与本季末所处阶段统计客户数。",
    columns=(
        _column(c.QUARTER, K.QUARTER, "Quarter", "季度", "The quarter, as 2017Q1.", "季度，写作 2017Q1。", 72),
        _column(c.FROM_STAGE, K.TEXT, "From", "原阶段", "The stage a quarter earlier; blank for who was not known then.", "上季末阶段，当时未建档为空白。", 150, terms="lifecycle.stage_"),
        _column(c.TO_STAGE, K.TEXT, "To", "现阶段", "The stage at the quarter's end.", "本季末阶段。", 150, terms="lifecycle.stage_"),
        _column(c.CUSTOMERS, K.COUNT, "Customers", "户数", "How many customers.", "客户户数。", 80),
    ),
)  # fmt: skip

WARNINGS = TableSpec(
    id="warnings", excel_name="Warnings", en="Warnings", zh="流失预警", kind="result", key=(c.CUSTOMER_CODE,),
    about_en="Customers who are slipping, the most valuable first; level 2 is the graver. No more than a week's visits hold.", about_zh="正在流失的客户，价值高者在前；二级更严重。数量以一周可拜访数为限。",
    columns=(
        _CODE, NAME_LOOKUP,
        _column(c.LEVEL, K.COUNT, "Level", "级别", "1, or the graver 2.", "一级，或更严重的二级。", 60),
        _PROBABILITY,
        _column(c.SIGNALS, K.TEXT, "Signals", "信号", "The decline signals that hold.", "成立的下降信号。", 190, terms="lifecycle.signal_", joint=",", sentences=True),
        _ACTION, _REASONS,
        _column(c.VALUE_AT_RISK, K.MONEY, "Amount at risk", "风险金额", "The year's amount times the probability.", "年购进额乘以流失概率。", 110, "currency"),
    ),
)  # fmt: skip

WIN_BACK = TableSpec(
    id="win_back", excel_name="WinBack", en="Win back", zh="挽回名单", kind="result", key=(c.CUSTOMER_CODE,),
    about_en="Lost customers worth winning back, with the likely causes and a plan.", about_zh="值得挽回的流失客户、可能原因与方案。",
    columns=(
        _CODE, NAME_LOOKUP, _LAST_DATE, _RECENCY,
        _column(c.AMOUNT, K.MONEY, "Last year's amount", "末年购进额", "Of the year up to the last purchase.", "末次购进前一年的购进额。", 110, "currency"),
        _column(c.CAUSES, K.TEXT, "Causes", "原因", "The likely causes, the one to act on first before the others.", "可能的原因，最先应对者在前。", 150, terms="terms.cause_", joint=",", sentences=True),
        _REASONS, _ACTION,
    ),
)  # fmt: skip

CLV = TableSpec(
    id="clv", excel_name="Clv", en="Lifetime value", zh="客户价值", kind="result", key=(c.CUSTOMER_CODE,),
    about_en="What each customer is worth in the year ahead: by a simple sum, and by the fitted models.", about_zh="每个客户未来一年的价值：简单估算与模型估计。",
    columns=(
        _CODE, NAME_LOOKUP,
        _column(c.SIMPLE, K.MONEY, "Simple value", "简单估值", "Amount of a purchase x purchases a year.", "每次购进额乘以每年购进次数。", 110, "currency"),
        _column(c.EXPECTED_PURCHASES, K.NUMBER, "Expected purchases", "预计购进次数", "In the year ahead, by BG/NBD.", "未来一年，按 BG/NBD 模型。", 100),
        _column(c.EXPECTED_VALUE, K.MONEY, "Expected value", "预计购进额", "Of those purchases, by Gamma-Gamma, discounted.", "上述购进按 Gamma-Gamma 模型的折现金额。", 110, "currency"),
        _column(c.P_ALIVE, K.SHARE, "P(alive)", "存活概率", "Probability of being active; 1 for whoever bought once, so no measure of risk.", "仍活跃的概率；只购进一次者恒为 1，不作风险指标。", 80),
    ),
)  # fmt: skip

CLV_MODEL = TableSpec(
    id="clv_model", excel_name="ClvModel", en="Fitted models", zh="模型参数", kind="result", key=(c.MODEL, c.PARAMETER),
    about_en="The fitted parameters and what the models are worth.", about_zh="模型的参数与评价。",
    columns=(
        _column(c.MODEL, K.TEXT, "Model", "模型", "How often a customer buys, how much, and the probability of leaving.", "购进次数、购进金额与流失概率的模型。", 190, terms="terms.model_"),
        _column(c.PARAMETER, K.TEXT, "Parameter", "参数", "Its name; a letter is that of the published paper, time in weeks.", "参数名，字母为文献所用，时间以周计。", 330, terms="terms.parameter_"),
        _column(c.VALUE, K.NUMBER, "Value", "取值", "Its value; blank where the model could not be fitted.", "取值，无法拟合时为空白。", 100),
        _column(c.NOTE, K.TEXT, "Note", "说明", "Why a model must not be used.", "模型不可用的原因。", 640, sentences=True),
    ),
)  # fmt: skip

KPIS = TableSpec(
    id="kpis", excel_name="Kpis", en="Key figures", zh="关键指标", kind="result", key=(c.QUARTER, c.KPI),
    about_en="Customers won, kept and lost per quarter.", about_zh="各季度新增、保留与流失的客户。",
    columns=(
        _column(c.QUARTER, K.QUARTER, "Quarter", "季度", "The quarter, as 2017Q1.", "季度，写作 2017Q1。", 72),
        _column(c.KPI, K.TEXT, "Figure", "指标", "Its name.", "指标名称。", 150, terms="lifecycle.kpi_"),
        _column(c.VALUE, K.NUMBER, "Value", "取值", "A count of customers, or a share.", "户数或比例。", 90),
    ),
)  # fmt: skip

BASKETS = TableSpec(
    id="baskets", excel_name="Baskets", en="Bought together", zh="关联购进", kind="result", key=(c.ANTECEDENT, c.CONSEQUENT),
    about_en="Who takes these products takes that one too, beyond chance.", about_zh="购进前项产品者也购进后项产品，且非偶然。",
    columns=(
        _column(c.ANTECEDENT, K.TEXT, "Who takes", "前项", "Product codes, joined by +.", "产品代码，以 + 连接。", 150),
        _column(c.CONSEQUENT, K.CODE, "Takes too", "后项", "The product code.", "产品代码。", 110),
        _column(c.SUPPORT, K.SHARE, "Support", "支持度", "Orders with all of them, of all orders.", "同时含有的订单占全部订单比例。", 80),
        _column(c.CONFIDENCE, K.SHARE, "Confidence", "置信度", "Of the orders with the first, those with the second.", "含前项的订单中含后项的比例。", 90),
        _column(c.LIFT, K.NUMBER, "Lift", "提升度", "Confidence divided by the second one's own share; above 1 they attract each other.", "置信度除以后项自身占比，大于 1 表示相关。", 70),
    ),
)  # fmt: skip

SUGGESTIONS = TableSpec(
    id="suggestions", excel_name="Suggestions", en="To suggest", zh="推荐产品", kind="result", key=(c.CUSTOMER_CODE, c.PRODUCT_CODE),
    about_en="Products to offer a customer, with the rule behind each.", about_zh="可向客户推荐的产品及其依据的规则。",
    columns=(
        _CODE, NAME_LOOKUP,
        _column(c.PRODUCT_CODE, K.CODE, "Product", "产品代码", "What to offer.", "推荐的产品。", 110),
        _column(c.ANTECEDENT, K.TEXT, "Because of", "依据产品", "What the customer takes already.", "客户已购进的产品。", 150),
        _column(c.CONFIDENCE, K.SHARE, "Confidence", "置信度", "How many who take those take it too.", "购进依据产品者也购进它的比例。", 90),
        _column(c.LIFT, K.NUMBER, "Lift", "提升度", "Against its share in all orders.", "相对其在全部订单中的占比。", 70),
    ),
)  # fmt: skip

SEGMENTS = TableSpec(
    id="segments", excel_name="Segments", en="Groups that buy alike", zh="客户分群", kind="result", key=(c.CLUSTER,),
    about_en="Groups found in the figures, the one of the largest amounts first.", about_zh="由购进数据得出的客户群，金额最大者在前。",
    columns=(
        _column(c.CLUSTER, K.COUNT, "Group", "群", "Its number, 1 buys for most.", "群号，1 为金额最大。", 60),
        _column(c.NAME, K.TEXT, "Name", "名称", "How its middle stands to that of all: bought lately or long ago, often or seldom, much or little.", "群的中位数与全体相比：近期或久未购进、频次高低、金额高低。", 170, terms="terms.group_", joint="_"),
        _column(c.CUSTOMERS, K.COUNT, "Customers", "户数", "How many customers.", "客户户数。", 80),
        _column(c.SHARE, K.SHARE, "Share", "户数占比", "Of all customers.", "占全部客户比例。", 80),
        _column(c.AMOUNT_SHARE, K.SHARE, "Of the amount", "金额占比", "Of the amount of all.", "占总金额比例。", 90),
        _column(c.MEDIAN_RECENCY_DAYS, K.NUMBER, "Days since", "距今天数", "Median days since the last purchase.", "末次购进距今天数的中位数。", 90, "days"),
        _column(c.MEDIAN_FREQUENCY, K.NUMBER, "Days bought", "购进天数", "Median days with a purchase.", "购进天数的中位数。", 90),
        _column(c.MEDIAN_MONETARY, K.MONEY, "Amount", "购进额", "Median amount.", "购进额的中位数。", 100, "currency"),
    ),
)  # fmt: skip

SEGMENT_MEMBERS = TableSpec(
    id="segment_members", excel_name="SegmentMembers", en="Who is in which group", zh="分群名单", kind="result", key=(c.CUSTOMER_CODE,),
    about_en="The group of each customer.", about_zh="每个客户所属的群。",
    columns=(
        _CODE, _CUSTOMER, _column(c.CLUSTER, K.COUNT, "Group", "群", "The group's number.", "群号。", 60),
        _column(c.NAME, K.TEXT, "Name", "名称", "The group's name.", "群名称。", 170, terms="terms.group_", joint="_"),
    ),
)  # fmt: skip

NOWCAST = TableSpec(
    id="nowcast", excel_name="Nowcast", en="Grades ahead", zh="等级预估", kind="result", key=(c.CUSTOMER_CODE,),
    about_en="The grade that the quarter will likely bring, from the part of it seen so far, with an interval that holds in nine of ten cases.", about_zh="按本季已有购进预估的季末等级，及约九成把握的区间。",
    columns=(
        _CODE, NAME_LOOKUP, _column(c.QUARTER, K.QUARTER, "Quarter", "季度", "The quarter, as 2017Q1.", "季度，写作 2017Q1。", 72),
        _column(c.PREVIOUS_GRADE, K.TEXT, "Earlier", "上季等级", "The latest earlier grade.", "最近一次等级。", 70),
        _column(c.SEEN_QUANTITY, K.QUANTITY, "So far", "已购进量", "Quantity bought so far in the quarter.", "本季至今购进量。", 80),
        _column(c.EXPECTED_QUANTITY, K.QUANTITY, "Expected", "预计购进量", "Quantity expected by the quarter's end.", "预计季末购进量。", 90),
        _column(c.GRADE, K.TEXT, "Likely", "预估等级", "The likeliest grade; – stands for none.", "最可能的等级，– 表示无等级。", 76),
        _column(c.PROBABILITY, K.SHARE, "Probability", "概率", "Of that grade.", "该等级的概率。", 90),
        _column(c.BEST_GRADE, K.TEXT, "At best", "最好", "The upper end of the interval.", "区间上限。", 70),
        _column(c.WORST_GRADE, K.TEXT, "At worst", "最差", "The lower end of the interval.", "区间下限。", 70),
        _column(c.INTERVAL_PROBABILITY, K.SHARE, "Interval", "区间概率", "Probability of the interval.", "区间的概率。", 80),
        _column(c.BETTER_PROBABILITY, K.SHARE, "Better", "上升概率", "Of a better grade than the earlier one.", "高于上季等级的概率。", 80),
        _column(c.WORSE_PROBABILITY, K.SHARE, "Worse", "下降概率", "Of a worse grade than the earlier one.", "低于上季等级的概率。", 80),
    ),
)  # fmt: skip

VALUE_TABLES: tuple[TableSpec, ...] = (
    RFM, RFM_CUTS, ACTIVITY, PARETO, STAGES, TRANSITIONS, WARNINGS, WIN_BACK, CLV, CLV_MODEL, KPIS,
    BASKETS, SUGGESTIONS, SEGMENTS, SEGMENT_MEMBERS, NOWCAST,
)  # fmt: skip
"""What `analyse` fills."""
