"""Functions of what customers answer: how satisfied they are, and whether they would recommend us."""

from __future__ import annotations

from xlcrm.functions.catalog import Argument, Grid, declare
from xlcrm.functions.given import Given
from xlcrm.tables import columns as c

ANSWERS = Argument("answers", "column", c.SCORE)


@declare(ANSWERS, category="voice", result="table", example="={name}(B2:B301)")
def nps(given: Given) -> Grid:
    """The net promoter score with its interval."""
    from xlcrm.functions.voicebodies import nps_block

    return nps_block(given)


@declare(ANSWERS, category="voice", result="table", example="={name}(B2:B301)")
def csat(given: Given) -> Grid:
    """The share of satisfied customers with its interval."""
    from xlcrm.functions.voicebodies import csat_block

    return csat_block(given)
