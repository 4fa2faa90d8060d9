"""A team's own server: xlwings Server with our functions and macros and a task pane.

`pip install "xlcrm[server]"` brings it. Its licence is not ours: see `licence.py` and the docs.
"""

from xlcrm.hosts.server.serving import serve

__all__ = ["serve"]
