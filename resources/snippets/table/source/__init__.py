"""Where the text of a table comes from: a text file in any encoding, a workbook, lines of records."""
