"""Layers in which every position of a sequence looks at every other, and what tells positions apart."""
