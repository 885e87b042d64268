"""Processes that work for the window: the analysis worker, trainers and exports."""
