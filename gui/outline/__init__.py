"""The project as a tree of texts: for screen readers, and a quick way to any node."""
