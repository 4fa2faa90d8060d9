"""What xlwings Server is told before it is imported: it reads its settings once, from the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from xlcrm.functions.catalog import NAMESPACE
from xlcrm.texts import Language

PROJECT = Path(__file__).parent / "project"
"""Where xlwings Server finds our functions, scripts, pages and pictures."""

_OURS = {
    "XLWINGS_ON_SERVER": "true",
    "XLWINGS_PROJECT_DIR": str(PROJECT),
    "XLWINGS_FUNCTIONS_NAMESPACE": NAMESPACE,
    "XLWINGS_PROJECT_NAME": "xlcrm",
}
# The pane brings its own style and script; nothing streams. What is off is neither loaded nor reachable.
_DEFAULTS = {
    "XLWINGS_ENVIRONMENT": "prod",
    "XLWINGS_ENABLE_ALPINEJS_CSP": "false",
    "XLWINGS_ENABLE_BOOTSTRAP": "false",
    "XLWINGS_ENABLE_EXAMPLES": "false",
    "XLWINGS_ENABLE_HTMX": "false",
    "XLWINGS_ENABLE_SOCKETIO": "false",
    "XLWINGS_LOG_LEVEL": "WARNING",
    # A rule that fails fails again: a second call would only make the user wait longer.
    "XLWINGS_CUSTOM_FUNCTIONS_MAX_RETRIES": "1",
}


def prepare(language: Language) -> None:
    """Sets the environment. What the user set there already stays, except what names our own files.

    language: of function help and of the pane until the user's Office says otherwise.
    """
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    os.environ.update(_OURS)
    os.environ["XLCRM_LANG"] = language
    # Never written to a file: whoever runs several servers behind one address gives them one key through the environment.
    os.environ.setdefault("XLWINGS_SECRET_KEY", secrets.token_urlsafe(32))
