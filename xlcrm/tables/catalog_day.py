"""The record tables of the working day: intake, visit plan, handovers, playbook, consents, audit."""

from __future__ import annotations

from xlcrm.tables import columns as c
from xlcrm.tables.choices import CONSENT_PURPOSES, FOLLOW_UP_KINDS, PLAYBOOK_CONDITIONS, YES_NO
from xlcrm.tables.schema import ColumnKind as K
from xlcrm.tables.schema import ColumnSpec, TableSpec
from xlcrm.tables.shared_columns import GRADE_LOOKUP, LINKED_CODE, NAME_LOOKUP, ROUTE, python_column

_SAID = ColumnSpec(
    id=c.MESSAGE,
    kind=K.TEXT,
    en="What is wrong",
    zh="问题",
    filled_by="python",
    group="derived",
    width_px=420,
    about_en="Why the row was not taken.",
    about_zh="该行未被处理的原因。",
)

INTAKE = TableSpec(
    id="intake", excel_name="Intake", en="Intake", zh="录入", key=(c.DATE, c.CUSTOMER_CODE, c.KIND), tray=True,
    about_en="Follow-ups as they are typed or pasted; the button checks them and moves the good ones to Follow-ups.", about_zh="录入或粘贴的跟进；按钮检查后把正确的行移入跟进表。",
    columns=(
        ColumnSpec(id=c.DATE, kind=K.DATE, en="Date", zh="日期", width_px=96, about_en="The day it happened; today where it is blank.", about_zh="跟进日期，空白为今天。"),
        LINKED_CODE, NAME_LOOKUP,
        ColumnSpec(id=c.KIND, kind=K.CHOICE, en="Kind", zh="方式", required=True, width_px=90, choices=FOLLOW_UP_KINDS, about_en="How the customer was reached.", about_zh="跟进方式。"),
        ColumnSpec(id=c.OUTCOME, kind=K.TEXT, en="Outcome", zh="结果", width_px=150, about_en="What came of it.", about_zh="跟进结果。"),
        ColumnSpec(id=c.NOTE, kind=K.TEXT, en="Note", zh="记录", width_px=300, about_en="What was said.", about_zh="跟进内容。"),
        ColumnSpec(id=c.NEXT_ACTION, kind=K.TEXT, en="Next action", zh="下一步", width_px=150, about_en="What was agreed.", about_zh="约定的下一步。"),
        ColumnSpec(id=c.NEXT_ACTION_ON, kind=K.DATE, en="Next on", zh="下次日期", width_px=96, about_en="When it is due.", about_zh="下一步的日期。"),
        ColumnSpec(id=c.PRIORITY, kind=K.COUNT, en="Priority", zh="优先级", width_px=70, about_en="How urgent the next action is, 1 first.", about_zh="下一步的优先级，1 为最先。"),
        ColumnSpec(id=c.AUTHOR, kind=K.TEXT, en="Author", zh="记录人", width_px=100, about_en="Who wrote it; the workbook's user where it is blank.", about_zh="记录人，空白为本工作簿的使用者。"),
        _SAID,
    ),
)  # fmt: skip

VISIT_PLAN = TableSpec(
    id="visit_plan", excel_name="VisitPlan", en="Visit plan", zh="拜访计划", key=(c.DATE, c.CUSTOMER_CODE),
    about_en="One row a planned visit, in the order of the day.", about_zh="每次计划拜访一行，按当天顺序排列。",
    columns=(
        python_column(c.DATE, K.DATE, "Date", "日期", 96, "The planned day.", "计划日期。"),
        ROUTE.model_copy(update={"filled_by": "python", "aliases": ()}),
        python_column(c.POSITION, K.COUNT, "Order", "次序", 64, "The place among the visits of the day, 1 is first.", "当天拜访的次序，1 为最先。"),
        LINKED_CODE.model_copy(update={"filled_by": "python", "aliases": ()}),
        python_column(c.MINUTES, K.COUNT, "Minutes", "分钟", 70, "How long the visit takes, without the way.", "拜访所需时间，不含路程。", "minutes"),
        NAME_LOOKUP, GRADE_LOOKUP,
        python_column(c.DONE_ON, K.DATE, "Visited on", "实际拜访日", 96, "The day of the visit that fulfils the plan; blank while it is open.", "完成该计划的拜访日期，未完成为空白。"),
    ),
)  # fmt: skip

HANDOVERS = TableSpec(
    id="handovers", excel_name="Handovers", en="Handover", zh="客户移交", key=(c.CUSTOMER_CODE, c.FROM_OWNER, c.TO_OWNER, c.DONE_ON),
    about_en="One row a handover: a customer, or all customers of an owner, to another owner. The button carries out the rows without a day.", about_zh="每次移交一行：一个客户或某负责人的全部客户，移交给另一负责人。按钮执行尚无日期的行。",
    columns=(
        LINKED_CODE.model_copy(update={"required": False, "about_en": "The customer; blank for all of an owner.", "about_zh": "客户代码；空白表示该负责人的全部客户。"}), NAME_LOOKUP,
        ColumnSpec(id=c.FROM_OWNER, kind=K.TEXT, en="From", zh="移出人", width_px=110, about_en="Whose customers they are; filled in for a single customer.", about_zh="原负责人；单个客户时自动填写。"),
        ColumnSpec(id=c.TO_OWNER, kind=K.TEXT, en="To", zh="接收人", required=True, width_px=110, about_en="Who takes them over.", about_zh="接收客户的负责人。"),
        ColumnSpec(id=c.NOTE, kind=K.TEXT, en="Note", zh="记录", width_px=260, about_en="Why, or what to mind.", about_zh="移交原因或注意事项。"),
        python_column(c.DONE_ON, K.DATE, "Done on", "完成日期", 96, "The day it was carried out.", "执行日期。"),
        python_column(c.CUSTOMERS, K.COUNT, "Customers", "户数", 80, "How many customers changed their owner.", "变更负责人的客户数。"),
        _SAID,
    ),
)  # fmt: skip

PLAYBOOK = TableSpec(
    id="playbook", excel_name="Playbook", en="Playbook", zh="行动手册", key=(c.RULE,),
    about_en="One row a rule: when this holds of a customer, do that within so many days. The button makes follow-ups of it, once each.", about_zh="每条规则一行：客户符合条件时，在若干天内采取行动。按钮据此生成跟进，每个客户每次只生成一次。",
    columns=(
        ColumnSpec(id=c.RULE, kind=K.TEXT, en="Rule", zh="规则", required=True, group="key", width_px=150, about_en="The rule's own name.", about_zh="规则名称，不可重复。"),
        ColumnSpec(id=c.CONDITION, kind=K.CHOICE, en="When", zh="条件", required=True, width_px=90, choices=PLAYBOOK_CONDITIONS, about_en="What the rule looks at.", about_zh="规则所看的内容。"),
        ColumnSpec(id=c.EQUALS, kind=K.TEXT, en="Is", zh="等于", required=True, width_px=120, about_en="The value at which it holds; several separated by commas.", about_zh="符合条件的取值，多个用逗号分隔。"),
        ColumnSpec(id=c.ACTION, kind=K.TEXT, en="Do", zh="行动", required=True, width_px=240, about_en="What to do then.", about_zh="应采取的行动。"),
        ColumnSpec(id=c.GOAL, kind=K.TEXT, en="Goal", zh="目标", width_px=180, about_en="What it is for.", about_zh="行动的目标。"),
        ColumnSpec(id=c.WITHIN_DAYS, kind=K.COUNT, en="Within days", zh="天数内", required=True, width_px=80, unit="days", about_en="How many days there are to do it.", about_zh="须在多少天内完成。"),
        ColumnSpec(id=c.PRIORITY, kind=K.COUNT, en="Priority", zh="优先级", width_px=70, about_en="How urgent it is, 1 first.", about_zh="优先级，1 为最先。"),
        ColumnSpec(id=c.ACTIVE, kind=K.CHOICE, en="Active", zh="启用", width_px=70, choices=YES_NO, about_en="Only rules that say yes, or nothing, are carried out.", about_zh="填“是”或留空的规则才会执行。"),
    ),
)  # fmt: skip

CONSENTS = TableSpec(
    id="consents", excel_name="Consents", en="Consents", zh="授权", key=(c.CUSTOMER_CODE, c.PURPOSE),
    about_en="What a customer agreed to, and until when; one row a customer and purpose.", about_zh="客户同意的用途及起止日期，每个客户每种用途一行。",
    columns=(
        LINKED_CODE, NAME_LOOKUP,
        ColumnSpec(id=c.PURPOSE, kind=K.CHOICE, en="Purpose", zh="用途", required=True, width_px=110, choices=CONSENT_PURPOSES, about_en="What the consent is for; erasure is a request to be forgotten.", about_zh="授权用途；“删除”表示客户要求删除其资料。"),
        ColumnSpec(id=c.GIVEN_ON, kind=K.DATE, en="Given on", zh="同意日期", width_px=96, about_en="The day it was given, or the request was made.", about_zh="同意或提出要求的日期。"),
        ColumnSpec(id=c.WITHDRAWN_ON, kind=K.DATE, en="Withdrawn on", zh="撤回日期", width_px=110, about_en="The day it ended; of a request, the day it was carried out.", about_zh="撤回日期；对删除要求为执行日期。"),
        ColumnSpec(id=c.NOTE, kind=K.TEXT, en="Note", zh="记录", width_px=260, about_en="How it was given.", about_zh="取得授权的方式。"),
    ),
)  # fmt: skip

AUDIT = TableSpec(
    id="audit", excel_name="Audit", en="Audit", zh="审计", key=(c.ENTRY,),
    about_en="What each run changed: who, when, which cell, what stood there before. Every row is sealed by the one before it.", about_zh="每次运行的改动：何人、何时、哪个单元格、原值与新值。每行由上一行封存。",
    columns=(
        python_column(c.ENTRY, K.COUNT, "Entry", "序号", 64, "Number of the entry.", "记录序号。"),
        python_column(c.JOB_ID, K.CODE, "Run", "运行", 70, "The run it belongs to; undo takes it.", "所属的运行编号，用于撤销。"),
        python_column(c.WRITTEN_AT, K.TEXT, "When", "时间", 150, "Day and time of the run.", "运行的日期与时间。"),
        python_column(c.AUTHOR, K.TEXT, "Who", "操作人", 100, "Who started it.", "操作人。"),
        python_column(c.JOB, K.TEXT, "Job", "操作", 110, "What was done.", "所做的操作。"),
        python_column(c.TABLE, K.TEXT, "Table", "表", 100, "The table.", "所在的表。"),
        python_column(c.ROW_KEY, K.TEXT, "Row", "行", 160, "The key of the row.", "行的键。"),
        python_column(c.COLUMN, K.TEXT, "Column", "列", 110, "The column; blank for a whole row.", "列；整行为空白。"),
        python_column(c.OLD, K.TEXT, "Before", "原值", 200, "What stood there.", "改动前的内容。"),
        python_column(c.NEW, K.TEXT, "After", "新值", 200, "What stands there since.", "改动后的内容。"),
        python_column(c.SALT, K.CODE, "Salt", "盐", 90, "Keeps the seal of an erased value from being guessed; hidden.", "防止被删除的值由封存码推出；隐藏列。", hidden=True),
        python_column(c.DIGEST, K.CODE, "Value seal", "值封存码", 90, "The salted hash of the values; hidden.", "取值的加盐哈希；隐藏列。", hidden=True),
        python_column(c.HASH, K.CODE, "Seal", "封存码", 120, "The hash of this entry and all before it; hidden.", "本行及之前各行的哈希；隐藏列。", hidden=True),
    ),
)  # fmt: skip
