"""Exported files -> checked frames: read, recognise, check, merge."""
