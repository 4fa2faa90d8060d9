"""Answers the functions in the cells of a workbook in English; xlwings imports it by name."""

from __future__ import annotations

from xlcrm.hosts.classic.functions_of import functions_of

globals().update(functions_of("en"))
