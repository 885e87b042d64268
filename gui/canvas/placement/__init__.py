"""Where things go: alignment, spacing, what moves along with what."""
