"""A plan as a workbook: written from the form, read back, and annotated with what was found."""

import os

# openpyxl would use lxml where that happens to be installed, which reads and writes some texts otherwise.
os.environ["OPENPYXL_LXML"] = "False"
