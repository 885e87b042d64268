"""What is wrong with the project, where, and what mends it."""
