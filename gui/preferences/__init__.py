"""The user's preferences, and what the window remembers."""
