"""What the mouse can do, one module a gesture; the first that wants a press gets it."""
