"""Serves the icons of macros: drawn sharp for the pane, in pixels for the ribbon that the manifest declares."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, HTTPException, Response
from xlwings_server.config import settings

from xlcrm.hosts.icons import icon_png
from xlcrm.hosts.server.pane import ICON_SIZES, icon_names

router = APIRouter(prefix=settings.app_path)


@router.get("/xlcrm/icons/{icon}-{size}.png", name="picture")
async def picture(icon: str, size: int) -> Response:
    """One icon of so many pixels a side. icon: a macro's id, or that of the add-in itself."""
    _require(icon in icon_names() and size in ICON_SIZES)
    return Response(icon_png(icon, size), media_type="image/png")


@router.get("/xlcrm/icons/{icon}.svg", name="drawing")
async def drawing(icon: str) -> Response:
    """One icon for any size."""
    _require(icon in icon_names())
    return Response((files("xlcrm.hosts.icons") / f"{icon}.svg").read_bytes(), media_type="image/svg+xml")


def _require(known: bool) -> None:
    if not known:
        raise HTTPException(status_code=404)
