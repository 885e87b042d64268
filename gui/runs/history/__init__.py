"""What the events of a run tell, kept up to date: its curves, its state, and how fast it goes."""
