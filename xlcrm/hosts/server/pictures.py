"""Serves the icons of macros, for the pane and for the ribbon that the manifest declares."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, HTTPException, Response
from xlwings_server.config import settings

from xlcrm.hosts.server.pane import ICON_SIZES

router = APIRouter(prefix=settings.app_path)


@router.get("/xlcrm/icons/{icon}-{size}.png", name="picture")
async def picture(icon: str, size: int) -> Response:
    """One icon. icon: a macro's id, or `xlcrm` for the add-in itself."""
    file = files("xlcrm.hosts.icons") / f"{icon}-{size}.png"
    if not icon.replace("_", "").isalnum() or size not in ICON_SIZES or not file.is_file():
        raise HTTPException(status_code=404)
    return Response(file.read_bytes(), media_type="image/png")
