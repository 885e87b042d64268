"""The declarations of data: kinds of data sets, their fields, and the transforms of a field."""
