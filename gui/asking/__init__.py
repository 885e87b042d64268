"""The panel that asks the network of a run: a drawing, a row, a sample, and what the network makes of it."""
