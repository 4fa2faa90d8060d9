"""The buttons: one catalogue; each reads everything, computes, writes once and says what changed."""

from xlcrm.macros import data, quarters, viewing  # noqa: F401 - they fill the catalogue, in the order of the buttons
from xlcrm.macros.catalog import GROUPS, MACROS, Macro
from xlcrm.macros.desk import Desk
from xlcrm.macros.running import Outcome, run

__all__ = ["GROUPS", "MACROS", "Desk", "Macro", "Outcome", "run"]
