"""Source of our own dialect, back to a project; it is read as a tree and never run."""
