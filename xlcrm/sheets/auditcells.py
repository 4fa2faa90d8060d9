"""The named cells that the audit reads and writes: the end of its chain, and the pair of quarters on Home."""

from __future__ import annotations

from xlcrm.sheets import places

END_OF_CHAIN = places.AUDIT_HEAD
CURRENT_QUARTER = places.CURRENT_QUARTER
PREVIOUS_QUARTER = places.PREVIOUS_QUARTER
