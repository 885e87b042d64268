"""Arrays in NPZ and IDX files: read in chunks, and turned into fields."""
