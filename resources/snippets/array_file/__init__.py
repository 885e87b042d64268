"""Arrays in NPZ and IDX files: read part by part, and turned into fields."""
