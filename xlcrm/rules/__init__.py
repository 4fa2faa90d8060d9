"""The rules of grades, changes, minimums, gaps and routes: frames in, frames out; no file, no clock, no workbook."""
