"""Samples that are computed where no free data set is at hand: the same seed gives the same samples."""
