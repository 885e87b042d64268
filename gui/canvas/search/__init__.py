"""Search on the canvas: layers to add, and nodes in the graph."""
