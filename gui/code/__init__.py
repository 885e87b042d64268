"""The generated source, live."""
