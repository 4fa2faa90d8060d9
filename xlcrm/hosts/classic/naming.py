"""What a macro and a function are called inside a macro workbook: one place for VBA, ribbon, buttons and help."""

from __future__ import annotations

from xlcrm.functions import Function
from xlcrm.functions.catalog import NAMESPACE
from xlcrm.macros.catalog import Macro
from xlcrm.texts import Language

MACROS_MODULE = f"{NAMESPACE}_Macros"
HELP_MODULE = f"{NAMESPACE}_Help"
FUNCTIONS_MODULE = "xlwings_udfs"
"""The name that xlwings itself gives the module, and replaces on `Import Functions`."""
RIBBON_CALLBACK = f"{NAMESPACE}_Ribbon"
HELP_SHEET = "xlcrm.help"
CONFIG_SHEET = "xlwings.conf"
"""The name under which xlwings reads its settings from a workbook."""

# fmt: off
_RESERVED = frozenset({
    "addressof", "alias", "and", "any", "as", "attribute", "boolean", "byref", "byte", "byval", "call", "case", "cbool", "cbyte",
    "ccur", "cdate", "cdbl", "cdec", "cint", "class", "clng", "close", "const", "csng", "cstr", "currency", "cvar", "cverr", "date",
    "debug", "decimal", "declare", "defbool", "defint", "deflng", "defobj", "defsng", "defstr", "defvar", "dim", "do", "double", "each",
    "else", "elseif", "empty", "end", "endif", "enum", "eqv", "erase", "error", "event", "exit", "false", "fix", "for", "friend",
    "function", "get", "global", "gosub", "goto", "if", "imp", "implements", "in", "input", "int", "integer", "is", "lbound", "len",
    "let", "lib", "like", "line", "lock", "long", "longlong", "longptr", "loop", "lset", "me", "mid", "mod", "name", "new", "next",
    "not", "nothing", "null", "object", "on", "open", "option", "optional", "or", "paramarray", "preserve", "print", "private",
    "property", "ptrsafe", "public", "put", "raiseevent", "redim", "rem", "resume", "return", "rset", "scale", "seek", "select", "set",
    "sgn", "shared", "single", "spc", "static", "stop", "string", "sub", "tab", "then", "time", "to", "true", "type", "typeof",
    "ubound", "unlock", "until", "variant", "wend", "while", "width", "with", "withevents", "write", "xor",
})
# fmt: on
"""Words of VBA that cannot name an argument, or that would hide something of the language."""


def sub_name(macro: Macro) -> str:
    """The Sub of a macro: `close_quarter` is `CRM_CloseQuarter`."""
    return f"{NAMESPACE}_" + "".join(part.capitalize() for part in macro.id.split("_"))


def control_id(macro: Macro) -> str:
    """The id of a macro's ribbon button and of its button on Home."""
    return f"{NAMESPACE.lower()}_{macro.id}"


def function_name(function: Function) -> str:
    """The name in a cell: `grade_change` is `CRM_GRADE_CHANGE`, since VBA has no namespaces."""
    return f"{NAMESPACE}_{function.excel_name}"


def argument_name(name: str) -> str:
    """An argument's name in VBA: one that is a word of the language gets `_` behind it."""
    return f"{name}_" if name.lower() in _RESERVED else name


def functions_python_module(language: Language) -> str:
    """The Python module that answers a cell's function; one a language, since the wrapper can only name a module."""
    return f"xlcrm.hosts.classic.functions_{language}"
