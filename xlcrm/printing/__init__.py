"""Printing: pages as a PDF, by typst or by the spreadsheet program that is there."""
