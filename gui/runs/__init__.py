"""Runs as a person sees them: followed live, drawn as curves, listed and compared."""
