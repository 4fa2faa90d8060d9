"""Excel on Windows and macOS with a Python of its own: a macro workbook."""
