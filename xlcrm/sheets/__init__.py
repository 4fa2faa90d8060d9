"""The workbook: its template, its tables and pages, and how a file is read and written."""
