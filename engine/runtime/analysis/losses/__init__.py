"""What losses and metrics compare, and whether it can be compared."""
