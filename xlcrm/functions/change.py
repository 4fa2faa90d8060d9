"""Functions of the change against another quarter. Bodies import what computes only when they run: declaring needs no frame library."""

from __future__ import annotations

from xlcrm.functions.catalog import Argument, Grid, declare
from xlcrm.functions.given import Given
from xlcrm.tables import columns as c

CURRENT = Argument("current", "column", c.GRADE)
PREVIOUS = Argument("previous", "column", c.PREVIOUS_GRADE)
ROUTES = Argument("routes", "column", c.ROUTE)
ROUTE_TABLE = Argument("route_table", "table", "routes", optional=True)
SETTINGS = Argument("settings", "table", "settings", optional=True)


@declare(
    CURRENT, PREVIOUS, SETTINGS, category="change", result="column",
    example="={name}({grade_changes[grade]},{grade_changes[previous_grade]})",
)  # fmt: skip
def grade_change(given: Given) -> Grid:
    """`CS1↑`: the grade with the mark of its state."""
    from xlcrm.functions.changebodies import marked_grades

    return marked_grades(given)


@declare(
    CURRENT, PREVIOUS, SETTINGS, category="change", result="column",
    example="={name}({grade_changes[grade]},{grade_changes[previous_grade]})",
)  # fmt: skip
def arrow(given: Given) -> Grid:
    """The mark of the state alone; nothing where the grade is kept."""
    from xlcrm.functions.changebodies import arrows

    return arrows(given)


@declare(
    CURRENT, PREVIOUS, SETTINGS, category="change", result="column",
    example="={name}({grade_changes[grade]},{grade_changes[previous_grade]})",
)  # fmt: skip
def state(given: Given) -> Grid:
    """The state in words: exactly one of seven."""
    from xlcrm.functions.changebodies import states

    return states(given)


@declare(
    ROUTES, CURRENT, PREVIOUS, ROUTE_TABLE, SETTINGS, category="change", result="table",
    example="={name}({grade_changes[route]},{grade_changes[grade]},{grade_changes[previous_grade]},{routes})",
)  # fmt: skip
def change_stats(given: Given) -> Grid:
    """The change statistics, as on their sheet."""
    from xlcrm.functions.changebodies import statistics_table

    return statistics_table(given)


@declare(
    ROUTES, CURRENT, PREVIOUS,
    Argument("quantity", "column", c.QUANTITY), Argument("amount", "column", c.AMOUNT),
    Argument("previous_quantity", "column", c.PREVIOUS_QUANTITY), Argument("previous_amount", "column", c.PREVIOUS_AMOUNT),
    ROUTE_TABLE, SETTINGS, category="change", result="table",
    example="={name}(B2:B301,C2:C301,D2:D301,E2:E301,F2:F301,G2:G301,H2:H301,{routes})",
)  # fmt: skip
def route_summary(given: Given) -> Grid:
    """The route summary, as on its sheet."""
    from xlcrm.functions.changebodies import summary_table

    return summary_table(given)
