"""The histories of runs, kept up to date from their events: curves, state and speed."""
