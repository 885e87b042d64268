"""Runs: creation, training, checkpoints, resumption."""
