"""A workbook with everything that a user, an add-in or another program may put into it, built part by part.

The parts are written by hand, as spreadsheet programs write them, since no library keeps or makes all of them.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import polars as pl

from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.pages import Page, PageBlock, PageCell, PageLine

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
TYPE = "application/vnd.openxmlformats-officedocument"
CODES = ("0001", "0002", "0003")
VBA = bytes(range(256)) * 8
YELLOW_FORMAT = '<xf numFmtId="0" fontId="0" fillId="{fill}" borderId="0" xfId="0" applyFill="1"/>'


def customers(*codes: str, **columns: list[object]) -> pl.DataFrame:
    """Some customers, named after their codes."""
    return pl.DataFrame(
        {"customer_code": list(codes), "customer_name": [f"Shop {code}" for code in codes], "route": ["1"] * len(codes), **columns}
    )


def route_page(*codes: str) -> Page:
    """A small route sheet: two lines a customer, the second one with room to write."""
    blocks = [
        PageBlock(
            code,
            [
                PageLine(26, [PageCell(0, number, "crm.route.number"), PageCell(1, f"Shop {code}", "crm.route.name"), PageCell(2, None, "crm.route.write")]),
                PageLine(31, [PageCell(1, code, "crm.route.code"), PageCell(2, None, "crm.route.write", span=2)]),
            ],
        )
        for number, code in enumerate(codes, 1)
    ]  # fmt: skip
    head = [PageLine(38, [PageCell(0, "Route 1", "crm.route.band", span=4)])]
    return Page("route:1", "Route 1", "Route 1", [26, 150, 150, 62], head, blocks, blocks_per_page=2, footer_right="Page {page} of {pages}")


def build(path: Path) -> None:
    """Makes the workbook: three customers and a route sheet by us, then everything else."""
    store = FileStore.create(path, "en")
    store.save(WorkbookChanges(tables={"customers": customers(*CODES)}, pages=[route_page(*CODES)]))
    path.with_name(f"{path.stem}.bak{path.suffix}").unlink()
    parts = read_parts(path)
    names = sheet_parts(parts)
    _styles(parts)
    _customers(parts, names["Customers"])
    _route(parts, names["Route 1"])
    _own_sheet(parts)
    _package_parts(parts)
    path.write_bytes(zipped(parts))


def read_parts(path: Path) -> dict[str, bytes]:
    """Every part of a workbook file."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    """A workbook file of parts, packed as Excel does, not as xlcrm does."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for number, (name, data) in enumerate(parts.items()):
            info = zipfile.ZipInfo(name, (2024, 5, 6, 7, 8, 2 * (number % 30)))
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".bin") else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return out.getvalue()


def sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Sheet name -> part."""
    relations = {
        match[1]: match[2]
        for element in re.findall(r"<Relationship\b[^>]*>", parts["xl/_rels/workbook.xml.rels"].decode())
        if (match := re.search(r'Id="([^"]*)".*Target="([^"]*)"|$', _id_first(element))) and match[1]
    }
    found = {}
    for name, relation in re.findall(r'<sheet name="([^"]*)"[^>]*?r:id="([^"]*)"', parts["xl/workbook.xml"].decode()):
        target = relations[relation]
        found[name] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _id_first(element: str) -> str:
    relation, target = re.search(r'\bId="([^"]*)"', element), re.search(r'\bTarget="([^"]*)"', element)
    assert relation
    assert target
    return f'Id="{relation[1]}" Target="{target[1]}"'


def _insert(parts: dict[str, bytes], part: str, before: str, xml: str) -> None:
    text = parts[part].decode()
    assert before in text, (part, before)
    parts[part] = text.replace(before, xml + before, 1).encode()


def _relate(parts: dict[str, bytes], part: str, relations: list[tuple[str, str, str]]) -> None:
    """Adds relationships (id, type, target) to a part."""
    folder, _, base = part.rpartition("/")
    name = f"{folder}/_rels/{base}.rels".lstrip("/")
    empty = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="{PACKAGE_RELATION}"></Relationships>'
    parts.setdefault(name, empty.encode())
    elements = "".join(
        f'<Relationship Id="{relation}" Type="{kind if kind.startswith("http") else f"{RELATION}/{kind}"}" Target="{target}"/>'
        for relation, kind, target in relations
    )
    _insert(parts, name, "</Relationships>", elements)


def _declare(parts: dict[str, bytes], part: str, content_type: str) -> None:
    _insert(parts, "[Content_Types].xml", "</Types>", f'<Override PartName="/{part}" ContentType="{content_type}"/>')


def _default(parts: dict[str, bytes], ending: str, content_type: str) -> None:
    if f'Extension="{ending}"' not in parts["[Content_Types].xml"].decode():
        text = parts["[Content_Types].xml"].decode()
        place = text.index(">", text.index("<Types")) + 1
        parts["[Content_Types].xml"] = f'{text[:place]}<Default Extension="{ending}" ContentType="{content_type}"/>{text[place:]}'.encode()


def yellow(parts: dict[str, bytes]) -> str:
    """The id of the user's own style, the last one of all."""
    block = re.search(r"<cellXfs\b.*?</cellXfs>", parts["xl/styles.xml"].decode(), re.DOTALL)
    assert block
    return str(len(re.findall(r"<xf\b", block[0])) - 1)


def _styles(parts: dict[str, bytes]) -> None:
    text = parts["xl/styles.xml"].decode()
    fills = len(re.findall(r"<fill>|<fill ", text))
    fill = '<fill><patternFill patternType="solid"><fgColor rgb="FFFFFF00"/><bgColor indexed="64"/></patternFill></fill>'
    parts["xl/styles.xml"] = text.replace("</fills>", fill + "</fills>").encode()
    _insert(parts, "xl/styles.xml", "</cellXfs>", YELLOW_FORMAT.format(fill=fills))
    parts["xl/styles.xml"] = re.sub(
        r'(<fills count=")(\d+)', lambda match: f"{match[1]}{int(match[2]) + 1}", parts["xl/styles.xml"].decode()
    ).encode()
    parts["xl/styles.xml"] = re.sub(
        r'(<cellXfs count=")(\d+)', lambda match: f"{match[1]}{int(match[2]) + 1}", parts["xl/styles.xml"].decode()
    ).encode()


def _customers(parts: dict[str, bytes], part: str) -> None:
    """Restyled cells, an added formula column and an added text column, a tall row, a comment, links, formats, sparklines."""
    style = yellow(parts)
    text = parts[part].decode()
    text = re.sub(r'(<c r="C7")(?: s="\d+")?', rf'\1 s="{style}"', text)
    text = re.sub(r'<row r="8"[^>]*>', '<row r="8" ht="44" customHeight="1">', text)
    text = re.sub(r'(<row r="5".*?)(</row>)', r'\1<c r="AJ5" t="inlineStr"><is><t>Double</t></is></c><c r="AK5" t="inlineStr"><is><t>Remark</t></is></c>\2', text, flags=re.DOTALL)  # fmt: skip
    for row, remark in ((6, "first"), (7, "second"), (8, "third")):
        cells = (
            f'<c r="AJ{row}"><f>Customers[[#This Row],[Visit order]]*2</f><v>{row}</v></c>'
            f'<c r="AK{row}" t="inlineStr"><is><t>{remark}</t></is></c><c r="AM{row}" t="inlineStr"><is><t>beside {remark}</t></is></c>'
        )
        end = text.index("</row>", text.index(f'<row r="{row}"'))
        text = text[:end] + cells + text[end:]
    formats = '<conditionalFormatting sqref="C6:C8"><cfRule type="expression" dxfId="0" priority="99"><formula>$C6="x"</formula></cfRule></conditionalFormatting>'
    links = '<hyperlinks><hyperlink ref="C8" r:id="rIdLink" xmlns:r="' + RELATION + '"/></hyperlinks>'
    text = _before_first(text, ("<dataValidations", "<hyperlinks", "<printOptions", "<pageMargins"), formats)
    text = _before_first(text, ("<printOptions", "<pageMargins"), links)
    text = _before_first(text, ("<tableParts",), f'<legacyDrawing r:id="rIdVml" xmlns:r="{RELATION}"/>')
    sparkline = (
        '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        '<x14:sparklineGroups xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:sparklineGroup type="column"><x14:sparklines>'
        "<x14:sparkline><xm:f>Customers!U6:V6</xm:f><xm:sqref>AK6</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
    )
    parts[part] = text.replace("</worksheet>", sparkline + "</worksheet>").encode()
    folder = part.rpartition("/")[2]
    _relate(parts, part, [("rIdVml", "vmlDrawing", "../drawings/vmlUser1.vml"), ("rIdNotes", "comments", "../commentsUser1.xml")])
    rels = f"xl/worksheets/_rels/{folder}.rels"
    _insert(
        parts,
        rels,
        "</Relationships>",
        f'<Relationship Id="rIdLink" Type="{RELATION}/hyperlink" Target="https://example.com/" TargetMode="External"/>',
    )
    parts["xl/commentsUser1.xml"] = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><comments xmlns="{MAIN}"><authors><author>User</author></authors>'
        '<commentList><comment ref="C7" authorId="0"><text><t>ask for Mr Li</t></text></comment></commentList></comments>'
    ).encode()
    parts["xl/drawings/vmlUser1.vml"] = _note_box(6, 2).encode()
    _declare(parts, "xl/commentsUser1.xml", f"{TYPE}.spreadsheetml.comments+xml")
    _default(parts, "vml", f"{TYPE}.vmlDrawing")
    table = next(name for name, data in parts.items() if name.startswith("xl/tables/") and b'displayName="Customers"' in data)
    added = (
        '<tableColumn id="901" name="Double"><calculatedColumnFormula>Customers[[#This Row],[Visit order]]*2</calculatedColumnFormula></tableColumn>'
        '<tableColumn id="902" name="Remark"/>'
    )
    xml = parts[table].decode().replace("</tableColumns>", added + "</tableColumns>").replace(":AI8", ":AK8")
    parts[table] = re.sub(r'(<tableColumns count=")(\d+)', lambda match: f"{match[1]}{int(match[2]) + 2}", xml).encode()
    names = "<definedName name=\"MyCodes\">'Customers'!$B$6:$B$8</definedName>"
    _insert(parts, "xl/workbook.xml", "</definedNames>", names)


def _note_box(row: int, column: int) -> str:
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/>'
        '<v:shape id="_x0000_s1025" type="#_x0000_t202" style="position:absolute;visibility:hidden" fillcolor="#ffffe1"><v:textbox/>'
        f'<x:ClientData ObjectType="Note"><x:Anchor>3, 15, {row}, 2, 5, 15, {row + 4}, 4</x:Anchor><x:Row>{row}</x:Row><x:Column>{column}</x:Column>'
        "</x:ClientData></v:shape></xml>"
    )


def _before_first(text: str, marks: tuple[str, ...], xml: str) -> str:
    place = min(text.index(mark, text.index("</sheetData>")) for mark in marks if mark in text[text.index("</sheetData>") :])
    return text[:place] + xml + text[place:]


def _route(parts: dict[str, bytes], part: str) -> None:
    """A note in the room to write, a restyled name, a line below the page."""
    style, text = yellow(parts), parts[part].decode()
    text = re.sub(r'<c r="C5" s="(\d+)"/>', r'<c r="C5" s="\1" t="inlineStr"><is><t>called, wants a visit</t></is></c>', text)
    text = re.sub(r'<c r="B2" s="\d+"', f'<c r="B2" s="{style}"', text)
    parts[part] = text.replace(
        "</sheetData>", '<row r="12"><c r="A12" t="inlineStr"><is><t>my own line</t></is></c></row></sheetData>'
    ).encode()


def _own_sheet(parts: dict[str, bytes]) -> None:
    """A sheet of the user's with a chart, a text box, a form button, a pivot table, and a formula on our table."""
    sheet = "xl/worksheets/sheetUser.xml"
    parts[sheet] = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{MAIN}" xmlns:r="{RELATION}"><sheetData>'
        '<row r="1"><c r="A1"><f>COUNTA(Customers[Code])</f><v>3</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>Route</t></is></c><c r="B3" t="inlineStr"><is><t>Customers</t></is></c></row>'
        '<row r="4"><c r="A4" t="inlineStr"><is><t>1</t></is></c><c r="B4"><v>3</v></c></row>'
        '</sheetData><drawing r:id="rId1"/><legacyDrawing r:id="rId2"/></worksheet>'
    ).encode()
    _relate(parts, sheet, [("rId1", "drawing", "../drawings/drawingUser.xml"), ("rId2", "vmlDrawing", "../drawings/vmlUser2.vml"), ("rId3", "pivotTable", "../pivotTables/pivotTable1.xml")])  # fmt: skip
    _relate(parts, "xl/workbook.xml", [("rIdUser", "worksheet", "worksheets/sheetUser.xml"), ("rIdPivot", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"), ("rIdChain", "calcChain", "calcChain.xml")])  # fmt: skip
    _insert(parts, "xl/workbook.xml", "</sheets>", f'<sheet name="My sheet" sheetId="77" r:id="rIdUser" xmlns:r="{RELATION}"/>')
    _declare(parts, sheet, f"{TYPE}.spreadsheetml.worksheet+xml")
    parts["xl/calcChain.xml"] = (
        f'<?xml version="1.0" encoding="UTF-8"?><calcChain xmlns="{MAIN}"><c r="AJ6" i="2"/><c r="A1" i="77"/></calcChain>'.encode()
    )
    _declare(parts, "xl/calcChain.xml", f"{TYPE}.spreadsheetml.calcChain+xml")
    anchor = "<xdr:from><xdr:col>{0}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>5</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>{1}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>15</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"  # fmt: skip
    parts["xl/drawings/drawingUser.xml"] = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><xdr:wsDr xmlns:xdr="{DRAWING}" xmlns:a="{A}">'
        f"<xdr:twoCellAnchor>{anchor.format(3, 8)}"
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Chart 1"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>'
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:r="{RELATION}" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame>'
        f"<xdr:clientData/></xdr:twoCellAnchor><xdr:twoCellAnchor>{anchor.format(9, 12)}"
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="3" name="TextBox 2"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr><xdr:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:t>a text box</a:t></a:r></a:p></xdr:txBody></xdr:sp>'
        "<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
    ).encode()
    _relate(parts, "xl/drawings/drawingUser.xml", [("rId1", "chart", "../charts/chartUser.xml")])
    _declare(parts, "xl/drawings/drawingUser.xml", f"{TYPE}.drawing+xml")
    parts["xl/charts/chartUser.xml"] = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="{A}"><c:chart><c:plotArea><c:layout/>'
        '<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numRef><c:f>\'My sheet\'!$B$4</c:f></c:numRef></c:val></c:ser>'
        '<c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:axPos val="b"/><c:crossAx val="2"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart></c:chartSpace>'
    ).encode()
    _declare(parts, "xl/charts/chartUser.xml", f"{TYPE}.drawingml.chart+xml")
    parts["xl/drawings/vmlUser2.vml"] = (
        b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        b'<v:shape id="_x0000_s2049" type="#_x0000_t201" style="position:absolute;width:90pt;height:24pt" o:button="t"><v:textbox><div>Refresh</div></v:textbox>'
        b'<x:ClientData ObjectType="Button"><x:Anchor>1, 0, 16, 0, 3, 0, 18, 0</x:Anchor><x:FmlaMacro>Refresh</x:FmlaMacro></x:ClientData></v:shape></xml>'
    )
    _pivot(parts)


def _pivot(parts: dict[str, bytes]) -> None:
    definition = "xl/pivotCache/pivotCacheDefinition1.xml"
    parts[definition] = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{RELATION}" r:id="rId1" refreshOnLoad="1" recordCount="1">'
        '<cacheSource type="worksheet"><worksheetSource ref="A3:B4" sheet="My sheet"/></cacheSource><cacheFields count="2">'
        '<cacheField name="Route" numFmtId="0"><sharedItems count="1"><s v="1"/></sharedItems></cacheField>'
        '<cacheField name="Customers" numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" containsInteger="1" minValue="3" maxValue="3"/></cacheField>'
        "</cacheFields></pivotCacheDefinition>"
    ).encode()
    parts["xl/pivotCache/pivotCacheRecords1.xml"] = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><pivotCacheRecords xmlns="{MAIN}" count="1"><r><x v="0"/><n v="3"/></r></pivotCacheRecords>'.encode()
    )
    parts["xl/pivotTables/pivotTable1.xml"] = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><pivotTableDefinition xmlns="{MAIN}" name="PivotTable1" cacheId="5" dataCaption="Values">'
        '<location ref="E20:F22" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="2"><pivotField axis="axisRow" showAll="0"><items count="2"><item x="0"/><item t="default"/></items></pivotField>'
        '<pivotField dataField="1" showAll="0"/></pivotFields><rowFields count="1"><field x="0"/></rowFields><rowItems count="2"><i><x/></i><i t="grand"><x/></i></rowItems><colItems count="1"><i/></colItems>'
        '<dataFields count="1"><dataField name="Sum of Customers" fld="1" baseField="0" baseItem="0"/></dataFields></pivotTableDefinition>'
    ).encode()
    _relate(parts, definition, [("rId1", "pivotCacheRecords", "pivotCacheRecords1.xml")])
    _relate(parts, "xl/pivotTables/pivotTable1.xml", [("rId1", "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")])
    for name, kind in ((definition, "pivotCacheDefinition"), ("xl/pivotCache/pivotCacheRecords1.xml", "pivotCacheRecords"), ("xl/pivotTables/pivotTable1.xml", "pivotTable")):  # fmt: skip
        _declare(parts, name, f"{TYPE}.spreadsheetml.{kind}+xml")
    caches = f'<pivotCaches><pivotCache cacheId="5" r:id="rIdPivot" xmlns:r="{RELATION}"/></pivotCaches>'
    _insert(parts, "xl/workbook.xml", "</workbook>", caches)


def _package_parts(parts: dict[str, bytes]) -> None:
    """The ribbon, Lite's code, and the bytes of a VBA project."""
    parts["customUI/customUI14.xml"] = b'<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon/></customUI>'
    parts["xl/webextensions/webextension1.xml"] = (
        b'<?xml version="1.0" encoding="UTF-8"?><we:webextension xmlns:we="http://schemas.microsoft.com/office/webextensions/webextension/2010/11" id="{1}">'
        b'<we:reference id="wa200008175" version="1.0.0.0" store="en-US" storeType="OMEX"/><we:properties><we:property name="main.py" value="&quot;print(1)&quot;"/></we:properties></we:webextension>'
    )
    parts["xl/webextensions/taskpanes.xml"] = (
        f'<?xml version="1.0" encoding="UTF-8"?><wetp:taskpanes xmlns:wetp="http://schemas.microsoft.com/office/webextensions/taskpanes/2010/11">'
        f'<wetp:taskpane dockstate="right" visibility="0" width="350" row="1"><wetp:webextensionref xmlns:r="{RELATION}" r:id="rId1"/></wetp:taskpane></wetp:taskpanes>'
    ).encode()
    parts["xl/vbaProject.bin"] = VBA
    web = "http://schemas.microsoft.com/office/2011/relationships"
    _relate(parts, "xl/webextensions/taskpanes.xml", [("rId1", f"{web}/webextension", "webextension1.xml")])
    _relate(parts, "xl/workbook.xml", [("rIdVba", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin")])
    _relate(parts, "", [("rIdPanes", f"{web}/webextensiontaskpanes", "xl/webextensions/taskpanes.xml"), ("rIdRibbon", "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility", "customUI/customUI14.xml")])  # fmt: skip
    _declare(parts, "xl/webextensions/webextension1.xml", "application/vnd.ms-office.webextension+xml")
    _declare(parts, "xl/webextensions/taskpanes.xml", "application/vnd.ms-office.webextensiontaskpanes+xml")
    _default(parts, "bin", "application/vnd.ms-office.vbaProject")
    types = parts["[Content_Types].xml"].decode()
    parts["[Content_Types].xml"] = types.replace(
        f"{TYPE}.spreadsheetml.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    ).encode()
