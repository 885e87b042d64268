"""Projects that ship with the app."""
