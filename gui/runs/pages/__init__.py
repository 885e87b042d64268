"""The page of runs, and the panel of the training at work."""
