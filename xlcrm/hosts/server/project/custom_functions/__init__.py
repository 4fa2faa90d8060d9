"""xlwings Server looks here for functions in cells; every one comes from the catalogue."""

from xlcrm.hosts.server.registered import functions

globals().update(functions())
