"""The ribbon tab: a group a group of macros, a button a macro, each with its icon and its help."""

from __future__ import annotations

from xlcrm.functions.catalog import NAMESPACE
from xlcrm.hosts.classic.naming import RIBBON_CALLBACK, control_id
from xlcrm.hosts.icons import icon_png
from xlcrm.macros.catalog import GROUPS, MACROS
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import OFFICE, add_relationship
from xlcrm.sheets.xmlbits import quote
from xlcrm.texts import Language, text

PART = "customUI/customUI14.xml"
_SCHEMA = "http://schemas.microsoft.com/office/2009/07/customui"
_ROOT_KIND = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_ICON_PX = 64
"""A large button shows 32 px; twice that stays sharp on a screen at 200 %."""


def ribbon_xml(language: Language, images: dict[str, str]) -> str:
    """The tab. images: macro id -> id of the relationship to its picture."""
    groups = []
    for group in GROUPS:
        buttons = "".join(
            f'<button id="{control_id(macro)}" label="{quote(macro.label(language))}" size="large" image="{images[macro.id]}" '
            f'onAction="{RIBBON_CALLBACK}" screentip="{quote(macro.label(language))}" supertip="{quote(macro.help(language))}"/>'
            for macro in MACROS.values()
            if macro.group == group
        )
        if buttons:
            label = quote(text(f"macros.group_{group}", language))
            groups.append(f'<group id="{NAMESPACE.lower()}_group_{group}" label="{label}">{buttons}</group>')
    tab = f'<tab id="{NAMESPACE.lower()}_tab" label="{quote(text("classic.tab", language))}">{"".join(groups)}</tab>'
    tabs = f'<customUI xmlns="{_SCHEMA}"><ribbon><tabs>{tab}</tabs></ribbon></customUI>'
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{tabs}'


def add_ribbon(package: Package, language: Language) -> None:
    """Puts the tab and its pictures into the workbook; the last step, since programs expect its relationship behind the others."""
    package.replace(PART, b"")
    images = {}
    for macro in MACROS.values():
        picture = f"images/{macro.id}.png"
        package.replace(f"customUI/{picture}", icon_png(macro.id, _ICON_PX))
        images[macro.id] = add_relationship(package, PART, f"{OFFICE}/image", picture)
    package.replace(PART, ribbon_xml(language, images).encode())
    add_relationship(package, "", _ROOT_KIND, PART)
