"""The window onto the scene: pan, zoom, what is painted at each zoom, the minimap."""
