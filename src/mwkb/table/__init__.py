"""The facts as tables that people fill in with a spreadsheet: written, read back, and the difference put into the files."""

from mwkb.table.kind import Kind, find, kinds

__all__ = ["Kind", "find", "kinds"]
