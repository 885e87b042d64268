"""The project as a tree of words: what a screen reader sees, and a quick way to any node."""
