"""A run is a folder: its layout, its events, its checkpoints; read by every viewer, written by the trainer."""
