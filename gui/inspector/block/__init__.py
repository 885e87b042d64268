"""The parts of the page of a block: its parameters and its ports."""
