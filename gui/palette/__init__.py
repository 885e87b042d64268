"""Every kind of node, to find and to drag onto the canvas, and the project's data to choose."""
