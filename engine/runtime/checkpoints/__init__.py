"""The checkpoints of a run: their files, what they say of the run, and whether the run folder still fits them."""
