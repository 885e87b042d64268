"""Declarations of data: kinds of data sets, what their fields are, and the transforms of a field."""
