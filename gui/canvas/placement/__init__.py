"""Places of nodes: alignment, spacing, and what moves with them."""
