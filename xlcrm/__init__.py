"""xlcrm: the CRM that lives inside an Excel workbook."""

__version__ = "0.1.0"
