"""Excel 2021+ and 365 on Windows, macOS and the web: the code inside the workbook, run by xlwings Lite."""
