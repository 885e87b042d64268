"""Rules about the optimizers of a training: which weights each learns, and what it does not go together with."""
