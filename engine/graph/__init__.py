"""The drawing as plain data, the edits that change it, and what can be said about it without torch."""
