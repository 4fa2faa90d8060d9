"""xlwings Server looks here for further pages: our pictures, and what its page templates may call."""

from xlwings_server.templates import templates

from xlcrm.hosts.server import pane
from xlcrm.hosts.server.pictures import router

__all__ = ["router"]

templates.env.globals["crm"] = pane
