"""The licence of xlwings Server, which every server must declare for itself.

xlwings Server and `xlwings.pro` stand under the PolyForm Noncommercial License 1.0.0, or under xlwings' paid licence. Which of the two
holds is for whoever runs the server to say; nothing here says it for them.
"""

from __future__ import annotations

import os

from xlcrm.problems import CannotDo, Problem

VARIABLE = "XLWINGS_LICENSE_KEY"
NONCOMMERCIAL = "noncommercial"
_NONE_FOUND = "Couldn't find"
"""How xlwings says that no key was given at all, neither in the environment nor in its own settings file."""


def require_licence(noncommercial: bool) -> None:
    """Makes sure that a licence was declared: a key in `XLWINGS_LICENSE_KEY` or xlwings' own settings file, or `noncommercial`.

    Raises CannotDo where none was, or where the key is not valid for a server.
    """
    if noncommercial and not os.environ.get(VARIABLE):
        os.environ[VARIABLE] = NONCOMMERCIAL
    try:
        # On a server, the mere import of xlwings checks the licence.
        from xlwings.pro.utils import LicenseHandler

        LicenseHandler.validate_license("pro")
    except Exception as refusal:
        # Its class cannot be imported from a package that refuses to be.
        if type(refusal).__name__ != "LicenseError":
            raise
        key = os.environ.get(VARIABLE, "")
        if not key and _NONE_FOUND in str(refusal):
            raise CannotDo(Problem("server_needs_licence")) from None
        # The key itself is a secret and stays out of the message.
        reason = str(refusal).replace(key, "…") if key else str(refusal)
        raise CannotDo(Problem("server_licence_refused", details={"reason": reason})) from None


def is_noncommercial() -> bool:
    """Whether this server runs under the noncommercial licence."""
    return os.environ.get(VARIABLE) == NONCOMMERCIAL
