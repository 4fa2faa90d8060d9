"""Macros that show and print."""

from __future__ import annotations

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk
from xlcrm.problems import CannotDo, Problem
from xlcrm.texts import text


@declare(group="look", verb="print")
def print_pack(desk: Desk) -> list[str]:
    """Route sheets, change statistics and minimums: as a PDF where files can be written, else brought up to date and shown to print."""
    target = desk.print_file()
    if target is None:
        from xlcrm.jobs.routesheets import build_print_sheets

        built = build_print_sheets(desk.store, progress=desk.progress)
        desk.show_page(built[0])
        return [text("macros.ready_to_print", desk.language, sheets=len(built))]
    from xlcrm.jobs.printing import print_pack as paint

    desk.progress(text("cli.step_print", desk.language), 0, 1)
    sheets = paint(desk.store, target, target)
    return [text("cli.printed", desk.language, sheets=sheets, path=target)]


@declare(group="look")
def why_this_grade(desk: Desk) -> list[str]:
    """Where the selected customer's grade comes from: source rows, rule, threshold, earlier quarter."""
    from xlcrm.jobs.explaining import explain_grade

    codes = desk.selected_codes()
    if not codes:
        raise CannotDo(Problem("no_customer_selected", file=desk.store.name))
    lines: list[str] = []
    for code in codes[:MOST_EXPLAINED]:
        lines += ([""] if lines else []) + explain_grade(desk.store, code)
    if len(codes) > MOST_EXPLAINED:
        lines.append(text("macros.more_customers", desk.language, more=len(codes) - MOST_EXPLAINED))
    return lines


MOST_EXPLAINED = 3
"""What a message box bears."""
