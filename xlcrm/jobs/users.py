"""Who works in a workbook."""

from __future__ import annotations

import os

from xlcrm.settings import Settings

USER_VARIABLE = "XLCRM_USER"


def user_of(settings: Settings) -> str:
    """The name that the environment variable XLCRM_USER says, else the workbook's setting, else the computer; empty where none does."""
    named = os.environ.get(USER_VARIABLE, "").strip() or settings.user_name
    if named:
        return named
    try:
        import getpass

        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a browser has no users
        return ""
