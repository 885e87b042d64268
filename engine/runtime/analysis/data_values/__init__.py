"""Warnings and errors about the values of the data: their range, their types, what transforms make of them."""
