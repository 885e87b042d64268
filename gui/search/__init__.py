"""How a typed text is matched with names, and the values typed along with a name."""
