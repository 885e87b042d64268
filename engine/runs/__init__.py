"""The run folder: its layout, its events, its checkpoints; the trainer writes it, and viewers read it."""
