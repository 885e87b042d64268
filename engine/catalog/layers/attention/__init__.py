"""Layers in which every position of a sequence attends to every other, and encodings of positions."""
