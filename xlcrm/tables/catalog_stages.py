"""The record table of the rules that say in which stage of its life a customer is."""

from __future__ import annotations

from xlcrm.tables import columns as c
from xlcrm.tables.schema import ColumnKind as K
from xlcrm.tables.schema import ColumnSpec, TableSpec

_FACT = "What the rule looks at of a customer; blank: it holds of everybody left."
_FACT_ZH = "规则所看的客户事实；留空表示适用于其余所有客户。"


def _fact(column_id: str, en: str, zh: str, about_en: str, about_zh: str) -> ColumnSpec:
    return ColumnSpec(id=column_id, kind=K.TEXT, en=en, zh=zh, width_px=200, terms="terms.fact_", about_en=about_en, about_zh=about_zh)


def _bound(column_id: str, en: str, zh: str, about_en: str, about_zh: str) -> ColumnSpec:
    return ColumnSpec(id=column_id, kind=K.NUMBER, en=en, zh=zh, width_px=80, about_en=about_en, about_zh=about_zh)


STAGE_RULES = TableSpec(
    id="stage_rules", excel_name="StageRules", en="Stage rules", zh="阶段规则", key=(c.STAGE_RULE,),
    about_en="Which stage a customer is in: the first rule that holds counts. Each names the stage in three vocabularies.", about_zh="客户处于哪个阶段：以第一条成立的规则为准，每条规则同时给出三套术语的阶段名。",
    columns=(
        ColumnSpec(id=c.STAGE_RULE, kind=K.COUNT, en="Rule no.", zh="规则序号", required=True, group="key", width_px=70, about_en="The order in which rules are tried, 1 first.", about_zh="规则的先后次序，1 最先。"),
        _fact(c.FACT, "Looks at", "所看事实", _FACT, _FACT_ZH),
        _bound(c.AT_LEAST, "At least", "不低于", "Holds from this value on; blank does not matter.", "不低于此值时成立，留空不限。"),
        _bound(c.BELOW, "Below", "低于", "Holds below this value; blank does not matter.", "低于此值时成立，留空不限。"),
        _fact(c.FACT_2, "And at", "并且看", "What must hold besides.", "须同时符合的另一事实。"),
        _bound(c.AT_LEAST_2, "And at least", "并且不低于", "The same of what must hold besides.", "另一事实的下限。"),
        _bound(c.BELOW_2, "And below", "并且低于", "The same of what must hold besides.", "另一事实的上限。"),
        ColumnSpec(id=c.STAGE, kind=K.TEXT, en="Then stage", zh="阶段为", required=True, width_px=150, terms="lifecycle.stage_", about_en="The stage of whoever the rule holds of.", about_zh="符合规则的客户所处阶段。"),
        ColumnSpec(id=c.ACQUISITION_STAGE, kind=K.TEXT, en="Acquisition to exit", zh="获取至退出", width_px=120, terms="lifecycle.acquisition_", about_en="The same from acquisition to exit; blank: that of the stage.", about_zh="按获取至退出的术语；留空则按阶段对应。"),
        ColumnSpec(id=c.STATUS_STAGE, kind=K.TEXT, en="Prospect to lost", zh="潜客至流失", width_px=110, terms="lifecycle.status_", about_en="The same from prospect to lost; blank: that of the stage.", about_zh="按潜客至流失的术语；留空则按阶段对应。"),
    ),
)  # fmt: skip
