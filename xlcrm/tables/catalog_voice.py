"""What customers say of us: the record table of their answers, and the results of it."""

from __future__ import annotations

from xlcrm.tables import columns as c
from xlcrm.tables.choices import SENTIMENTS, SURVEY_KINDS
from xlcrm.tables.schema import ColumnKind as K
from xlcrm.tables.schema import ColumnSpec, TableSpec
from xlcrm.tables.shared_columns import LINKED_CODE, NAME_LOOKUP, python_column

SURVEYS = TableSpec(
    id="surveys", excel_name="Surveys", en="Surveys", zh="满意度调查", key=(c.SURVEY_ID,),
    about_en="One row an answer of a customer: satisfaction, recommendation, or words.", about_zh="客户的每份回答一行：满意度、推荐意愿或意见。",
    columns=(
        ColumnSpec(id=c.DATE, kind=K.DATE, en="Date", zh="日期", required=True, width_px=96, aliases=("survey date", "answer date", "response date", "feedback date", "submitted on", "submitted at", "调查日期", "回答日期", "反馈日期", "评价日期", "提交日期", "提交时间", "答卷日期", "調查日期", "回答時間", "回饋日期", "評價日期", "提交時間"), about_en="The day of the answer.", about_zh="回答日期。"),
        LINKED_CODE, NAME_LOOKUP,
        ColumnSpec(id=c.KIND, kind=K.CHOICE, en="Kind", zh="类别", required=True, width_px=90, choices=SURVEY_KINDS, aliases=("survey kind", "survey type", "survey", "question", "调查类别", "调查类型", "问卷类型", "調查類別", "調查類型", "問卷類型", "類別"), about_en="CSAT: how satisfied, 1 to 5; NPS: whether he would recommend us, 0 to 10; feedback: words alone.", about_zh="满意度：1 至 5 分；净推荐值：0 至 10 分；意见：仅文字。"),
        ColumnSpec(id=c.SCORE, kind=K.COUNT, en="Score", zh="评分", width_px=70, aliases=("rating", "nps", "nps score", "csat", "csat score", "satisfaction", "satisfaction score", "likelihood to recommend", "打分", "得分", "分数", "满意度", "满意度评分", "满意度得分", "推荐度", "推荐意愿", "推荐评分", "評分", "分數", "滿意度", "滿意度評分", "推薦度", "推薦意願"), about_en="1 to 5 of CSAT, 0 to 10 of NPS; blank for words alone.", about_zh="满意度 1 至 5 分，净推荐值 0 至 10 分；仅有文字时为空白。"),
        ColumnSpec(id=c.FEEDBACK, kind=K.TEXT, en="Feedback", zh="意见", width_px=340, aliases=("customer feedback", "verbatim", "review", "open answer", "反馈", "客户反馈", "客户意见", "意见建议", "意见与建议", "评价", "评价内容", "留言", "反馈内容", "意見", "客戶意見", "意見回饋", "回饋", "評價", "評價內容"), about_en="What the customer said, in his words.", about_zh="客户原话。"),
        ColumnSpec(id=c.CHANNEL, kind=K.TEXT, en="Channel", zh="渠道", width_px=100, aliases=("survey channel", "asked by way of", "调查渠道", "调查方式", "反馈渠道", "調查管道", "調查方式", "管道"), about_en="How it was asked: visit, call, WeChat, web form.", about_zh="调查方式：拜访、电话、微信、网页等。"),
        ColumnSpec(id=c.AUTHOR, kind=K.TEXT, en="Author", zh="记录人", width_px=100, aliases=("written by", "interviewer", "asked by", "调查人", "訪員", "記錄人", "調查人"), about_en="Who wrote it down.", about_zh="记录人。"),
        python_column(c.SENTIMENT, K.CHOICE, "Sentiment", "情感", 84, "Of the words: positive, neutral or negative; three of four are right.", "文字的情感：正面、中性或负面；约四分之三判断正确。", choices=SENTIMENTS),
        python_column(c.SENTIMENT_SCORE, K.NUMBER, "Strength", "情感强度", 80, "From -1, worst, to 1, best.", "-1 最差，1 最好。"),
        ColumnSpec(id=c.SURVEY_ID, kind=K.CODE, en="Survey ID", zh="调查编号", group="key", width_px=124, aliases=("answer id", "response id", "问卷编号", "答卷编号", "答卷序号", "問卷編號", "答卷編號"), about_en="Unique number of the answer; an import makes one where it is missing.", about_zh="回答的唯一编号；导入时缺少则自动生成。"),
    ),
)  # fmt: skip

VOICE = TableSpec(
    id="voice", excel_name="Voice", en="CSAT and NPS", zh="满意度与净推荐值", kind="result", key=(c.QUARTER, c.MEASURE),
    about_en="Satisfaction and recommendation per quarter, with the 95 % interval.", about_zh="各季度的满意度与净推荐值及 95% 区间。",
    columns=(
        python_column(c.QUARTER, K.QUARTER, "Quarter", "季度", 72, "The quarter, as 2017Q1.", "季度，写作 2017Q1。"),
        python_column(c.MEASURE, K.TEXT, "Measure", "指标", 80, "csat: percent of answers 4 and 5, 0 to 100; nps: percent of 9 and 10 minus that of 0 to 6, -100 to 100.", "csat：4、5 分占比（0 至 100）；nps：9、10 分占比减 0 至 6 分占比（-100 至 100）。", terms="choices."),
        python_column(c.RESPONSES, K.COUNT, "Answers", "回答数", 80, "How many answers.", "回答份数。"),
        python_column(c.VALUE, K.NUMBER, "Value", "取值", 80, "The figure; blank without an answer.", "指标值，无回答时为空白。"),
        python_column(c.LOWEST, K.NUMBER, "Lowest", "区间下限", 80, "Lower end of the interval.", "区间下限。"),
        python_column(c.HIGHEST, K.NUMBER, "Highest", "区间上限", 80, "Upper end of the interval.", "区间上限。"),
        python_column(c.NOTE, K.TEXT, "Note", "说明", 330, "Whether the answers are few, and how many were left out.", "回答是否过少，及未计入的份数。"),
    ),
)  # fmt: skip

LOYALTY = TableSpec(
    id="loyalty", excel_name="Loyalty", en="Loyalty", zh="忠诚度", kind="result", key=(c.CUSTOMER_CODE,),
    about_en="Loyalty of every customer with a purchase, 0 to 100, with its parts.", about_zh="有购进的客户的忠诚度（0 至 100）及其组成。",
    columns=(
        python_column(c.CUSTOMER_CODE, K.CODE, "Code", "客户代码", 112, "The customer.", "客户。"), NAME_LOOKUP,
        python_column(c.LOYALTY, K.NUMBER, "Loyalty", "忠诚度", 80, "0 to 100 of days bought, amount, customers brought and months with a purchase.", "由购进天数、购进额、带来客户数与有购进月份占比得出，0 至 100。"),
        python_column(c.FREQUENCY, K.COUNT, "Days bought", "购进天数", 80, "Days with a purchase.", "有购进的天数。", "days"),
        python_column(c.MONETARY, K.MONEY, "Amount", "购进额", 100, "Net amount bought.", "净购进额。", "currency"),
        python_column(c.REFERRALS, K.COUNT, "Brought", "带来客户", 80, "Customers whose Source is this customer's code; blank where no Source is one.", "来源为本客户代码的客户数；无人填写时为空白。"),
        python_column(c.REPEAT_RATE, K.SHARE, "Months bought", "购进月占比", 90, "Share of the months since the first purchase in which something was bought.", "首次购进以来有购进的月份占比。"),
    ),
)  # fmt: skip

VOICE_TABLES: tuple[TableSpec, ...] = (VOICE, LOYALTY)
"""What `analyse` makes of the answers and the purchases."""
