"""Pages painted onto the sheets of an open workbook."""

from __future__ import annotations

import re

from xlcrm.sheets import places
from xlcrm.sheets.livegrid import LiveBook


def page_sheets(book: LiveBook) -> dict[str, str]:
    """The sheets of pages that the workbook has: page id -> name of the sheet."""
    return {page_id_of(name): sheet for name, (sheet, _) in book.names.items() if name.startswith(places.PAGE_PREFIX)}


def page_id_of(name: str) -> str:
    """The page that a defined name marks: `crm.page.route.3` -> `route:3`."""
    kept = name[len(places.PAGE_PREFIX) :].replace(".", ":", 1)
    return re.sub(r"_x([0-9a-f]+)_", lambda match: chr(int(match[1], 16)), kept)
