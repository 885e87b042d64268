"""Which runs there are, which belong to the open drawing, and which one is shown."""
