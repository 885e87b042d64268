"""The view of the scene: pan, zoom, what is painted at each zoom, the minimap."""
