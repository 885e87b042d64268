"""The sources of a table: a text file in any encoding, or a workbook; and the records of how it was read."""
