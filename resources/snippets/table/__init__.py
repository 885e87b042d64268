"""A table in a text file or a workbook: opened, split into cells, and each column recognized."""
