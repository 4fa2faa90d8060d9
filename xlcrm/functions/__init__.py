"""The functions in cells: one catalogue, whole columns in, whole columns out. Importing it needs no frame library."""

from xlcrm.functions import change, cleaning, customer, tiers, value, voice
from xlcrm.functions.calling import call
from xlcrm.functions.catalog import CATEGORIES, FUNCTIONS, Function

# Importing the modules declares their functions; the docs go by `CATEGORIES`.
DECLARING = (change, tiers, customer, value, voice, cleaning)

__all__ = ["CATEGORIES", "FUNCTIONS", "Function", "call"]
