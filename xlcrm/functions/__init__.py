"""The functions in cells: one catalogue, whole columns in, whole columns out."""

from xlcrm.functions.calling import call
from xlcrm.functions.catalog import FUNCTIONS, Function

__all__ = ["FUNCTIONS", "Function", "call"]
