"""The analysis of a graph: shapes, sizes, and what torch would refuse or misread."""
