"""Charts that compare the curves of runs, and their settings."""
