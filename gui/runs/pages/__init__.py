"""The page of runs, and the live panel of the current training."""
