"""Numbers, shapes, durations and sentences as text for the user."""
