"""The analysis of a drawing: shapes, sizes, and what torch would refuse or misread."""
