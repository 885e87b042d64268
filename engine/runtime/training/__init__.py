"""A run: made, trained, saved at every moment, gone on with."""
