"""A plan as a workbook: written from the form, read back, and annotated with what was found."""
