"""xlwings Server looks here for scripts; every macro of the catalogue is one."""

from xlcrm.hosts.server.registered import scripts

globals().update(scripts())
