"""What nodes say of their weights, against the weights that they have."""
