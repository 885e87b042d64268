"""The list of runs as a table."""
