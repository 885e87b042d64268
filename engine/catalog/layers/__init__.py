"""The layers, one module for each family; ``LAYERS`` of each has its declarations."""
