"""What the window needs of Python, the event loop and the system: slices of work, crash reports, the screen."""
