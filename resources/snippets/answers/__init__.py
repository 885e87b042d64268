"""The answers of a network, printed and written."""
