"""The settings of weights, against the weights that there are."""
