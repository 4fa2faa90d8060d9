"""The licence of xlwings Server, which every server must declare for itself.

xlwings Server and `xlwings.pro` stand under the PolyForm Noncommercial License 1.0.0, or under xlwings' paid licence. Which of the two
holds is for whoever runs the server to say; nothing here says it for them.
"""

from __future__ import annotations

import os

from xlcrm.problems import CannotDo, Problem

VARIABLE = "XLWINGS_LICENSE_KEY"
NONCOMMERCIAL = "noncommercial"


def require_licence(noncommercial: bool) -> None:
    """Makes sure that a licence was declared: a key in `XLWINGS_LICENSE_KEY` or xlwings' own settings file, or `noncommercial`.

    Raises CannotDo where none was, or where the key is not valid for a server.
    """
    if noncommercial and not os.environ.get(VARIABLE):
        os.environ[VARIABLE] = NONCOMMERCIAL
    import xlwings
    from xlwings.pro.utils import LicenseHandler

    try:
        key: str = LicenseHandler.get_license()  # type: ignore[no-untyped-call]  # xlwings leaves it untyped
    except xlwings.LicenseError:
        raise CannotDo(Problem("server_needs_licence")) from None
    try:
        LicenseHandler.validate_license("pro")
    except xlwings.LicenseError as refusal:
        # The key itself is a secret and stays out of the message.
        raise CannotDo(Problem("server_licence_refused", details={"reason": str(refusal).replace(key, "…")})) from None


def is_noncommercial() -> bool:
    """Whether this server runs under the noncommercial licence."""
    return os.environ.get(VARIABLE) == NONCOMMERCIAL
