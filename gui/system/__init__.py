"""Helpers around Python, the event loop and the system: slices of work, crash reports, the screen."""
