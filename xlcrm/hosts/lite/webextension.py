"""The parts of a workbook that hold an add-in's data: how xlwings Lite finds its code there."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from collections.abc import Mapping

ADD_IN = "wa200008175"
"""xlwings Lite in Microsoft's store of add-ins."""
FOLDER = "xl/webextensions"
EXTENSION = f"{FOLDER}/webextension1.xml"
PANES = f"{FOLDER}/taskpanes.xml"
PANE_LINKS = f"{FOLDER}/_rels/taskpanes.xml.rels"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.microsoft.com/office"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_LINK_TYPES = f"{_OFFICE}/2011/relationships"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def with_properties(workbook: bytes, properties: Mapping[str, object]) -> bytes:
    """The workbook with the add-in's data in it: property name -> text, number or mapping. Its pane opens with the workbook.

    The same workbook and properties give the same bytes. Raises ValueError where the workbook holds add-in data already.
    """
    parts = {
        EXTENSION: _extension(properties, str(uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(properties, sort_keys=True)))),
        PANES: _panes(),
        PANE_LINKS: f'{_HEAD}<Relationships xmlns="{_LINKS}">{_link("rId1", "webextension", "webextension1.xml")}</Relationships>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        if any(name.startswith(FOLDER) for name in source.namelist()):
            raise ValueError("the workbook holds add-in data already")
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "[Content_Types].xml":
                data = _before_end(data, "Types", _content_type(PANES, "webextensiontaskpanes") + _content_type(EXTENSION, "webextension"))
            elif entry.filename == "_rels/.rels":
                data = _before_end(data, "Relationships", _link("rIdAddIn", "webextensiontaskpanes", PANES))
            target.writestr(entry, data, zipfile.ZIP_DEFLATED)
        for name, xml in parts.items():
            target.writestr(zipfile.ZipInfo(name, _EPOCH), xml.encode(), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _extension(properties: Mapping[str, object], instance: str) -> str:
    written = "".join(f'<we:property name="{_attribute(name)}" value="{_attribute(_json(value))}"/>' for name, value in properties.items())
    written += '<we:property name="Office.AutoShowTaskpaneWithDocument" value="true"/>'
    return (
        f'{_HEAD}<we:webextension xmlns:we="{_OFFICE}/webextensions/webextension/2010/11" id="{{{instance.upper()}}}">'
        f'<we:reference id="{ADD_IN}" version="1.0.0.0" store="en-US" storeType="OMEX"/>'
        f'<we:alternateReferences><we:reference id="{ADD_IN.upper()}" version="1.0.0.0" store="{ADD_IN.upper()}" storeType="OMEX"/>'
        f"</we:alternateReferences><we:properties>{written}</we:properties><we:bindings/>"
        '<we:snapshot xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></we:webextension>'
    )


def _panes() -> str:
    return (
        f'{_HEAD}<wetp:taskpanes xmlns:wetp="{_OFFICE}/webextensions/taskpanes/2010/11">'
        '<wetp:taskpane dockstate="right" visibility="1" width="438" row="3"><wetp:webextensionref '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"/></wetp:taskpane></wetp:taskpanes>'
    )


def _link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_LINK_TYPES}/{kind}" Target="{target}"/>'


def _content_type(part: str, kind: str) -> str:
    return f'<Override PartName="/{part}" ContentType="application/vnd.ms-office.{kind}+xml"/>'


def _before_end(xml: bytes, element: str, added: str) -> bytes:
    changed, count = re.subn(rf"</{element}>\s*$", lambda _: f"{added}</{element}>", xml.decode("utf-8"))
    if count != 1:
        raise ValueError(f"no end of {element} found")
    return changed.encode()


def _json(value: object) -> str:
    """A value as Office writes it into a property."""
    return json.dumps(value, ensure_ascii=False).replace("/", "\\/")


def _attribute(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
