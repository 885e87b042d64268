"""The checkpoints of a run: their files, what they record of the run, and whether the run folder still fits them."""
