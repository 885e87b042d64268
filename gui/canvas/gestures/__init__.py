"""Mouse gestures, one per module; the first that accepts a press gets it."""
