"""The buttons: one catalogue; each reads everything, computes, writes once and says what changed."""

# ruff: noqa: I001 - the order of the imports is the order of the buttons, group by group
from xlcrm.macros import today, card, followups, plan  # noqa: F401 - they fill the catalogue: the day
from xlcrm.macros import customers, playbook  # noqa: F401 - customers
from xlcrm.macros import data, quarters, dashboard, viewing, analysis  # noqa: F401 - data, the quarter, looking
from xlcrm.macros import safety, privacy  # noqa: F401 - protection
from xlcrm.macros.catalog import GROUPS, MACROS, Macro
from xlcrm.macros.desk import Desk
from xlcrm.macros.running import Outcome, run

__all__ = ["GROUPS", "MACROS", "Desk", "Macro", "Outcome", "run"]
