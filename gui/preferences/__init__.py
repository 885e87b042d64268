"""What a person chose about the window and what the window remembers: read before the first paint, changed later."""
