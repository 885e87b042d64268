"""How a query is matched with names, and the parameter values in a query."""
