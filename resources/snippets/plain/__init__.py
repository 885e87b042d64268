"""Reads files whose form is known, as an export knows that of the data it was made for."""
