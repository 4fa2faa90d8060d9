"""Makes the macro workbook from the template: VBA project, functions, ribbon, buttons, settings. Pure Python, on any platform."""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path

import xlwings

from xlcrm.functions.catalog import FUNCTIONS
from xlcrm.hosts.classic import vbacode
from xlcrm.hosts.classic.hiddensheets import add_hidden_sheets
from xlcrm.hosts.classic.homebuttons import add_home_buttons
from xlcrm.hosts.classic.naming import FUNCTIONS_MODULE, HELP_MODULE, MACROS_MODULE
from xlcrm.hosts.classic.ribbon import add_ribbon
from xlcrm.hosts.classic.wrappers import wrappers
from xlcrm.macros.catalog import MACROS
from xlcrm.problems import CannotDo, Problem
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import Workbook
from xlcrm.sheets.saving import save_atomically
from xlcrm.sheets.template import template_bytes
from xlcrm.texts import Language, text

SUFFIX = ".xlsm"
_WORKBOOK_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_WORKBOOK_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_CONTENT_TYPES = "[Content_Types].xml"


def pack(out: Path, language: Language) -> list[str]:
    """Makes the macro workbook; see `xlcrm.hosts.classic.pack`."""
    if out.suffix.lower() != SUFFIX:
        raise CannotDo(Problem("not_a_macro_workbook", file=out.name))
    if importlib.util.find_spec("pyopenvba") is None:
        raise CannotDo(Problem("excel_extra_missing"))
    if out.exists():
        raise CannotDo(Problem("workbook_exists", file=out.name))
    data = macro_workbook(language)
    save_atomically(out, lambda stream: _write(stream, data), None)
    return [
        text("classic.packed", language, path=out, functions=len(FUNCTIONS), macros=len(MACROS)),
        text("classic.packed_next", language, xlwings=xlwings.__version__),
    ]


def macro_workbook(language: Language) -> bytes:
    """The macro workbook's bytes; the same for the same catalogues and the same installed xlwings."""
    package = Package.from_bytes(template_bytes(language), "template")
    workbook = Workbook(package)
    add_hidden_sheets(workbook, language)
    add_home_buttons(workbook, language)
    workbook.write()
    types = package.read(_CONTENT_TYPES).replace(_WORKBOOK_TYPE, _MACRO_WORKBOOK_TYPE)
    if b'Extension="png"' not in types:
        types = types.replace(b"<Override", b'<Default Extension="png" ContentType="image/png"/><Override', 1)
    package.replace(_CONTENT_TYPES, types)
    package = Package.from_bytes(_with_vba(package.to_bytes(), language), "template")
    add_ribbon(package, language)
    return package.to_bytes()


def _with_vba(data: bytes, language: Language) -> bytes:
    """The workbook with its VBA project. xlwings' own modules are the installed ones: they must be of the version that runs."""
    from pyopenvba import ExcelFile, VBAModuleKind

    shipped = Path(xlwings.__file__).parent
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"book{SUFFIX}"
        path.write_bytes(data)
        with ExcelFile(path) as book:
            project = book.add_vba_project()
            project.add_module("xlwings", _crlf((shipped / "xlwings.bas").read_text(encoding="utf-8")))
            project.add_module(
                "Dictionary", _crlf((shipped / "addin" / "Dictionary.cls").read_text(encoding="utf-8")), kind=VBAModuleKind.other
            )
            project.add_module(FUNCTIONS_MODULE, _crlf(wrappers(language)))
            project.add_module(MACROS_MODULE, vbacode.macros_module())
            project.add_module(HELP_MODULE, vbacode.help_module())
            book.set_module("ThisWorkbook", vbacode.workbook_module())
            book.save()
        return path.read_bytes()


def _crlf(source: str) -> str:
    """Line ends as VBA has them."""
    return source.replace("\r\n", "\n").replace("\n", "\r\n")


def _write(stream: object, data: bytes) -> None:
    stream.write(data)  # type: ignore[attr-defined]  # a binary stream
