"""How numbers, shapes, durations and sentences are written for a person."""
