"""Rules about the values of nodes, their expressions, and the parameters of blocks."""
