"""The palette: every kind of node, to search and to drag onto the canvas, and the choice of the data."""
