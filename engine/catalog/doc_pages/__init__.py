"""The documentation pages of the catalogue, and what it leaves out of torch."""
