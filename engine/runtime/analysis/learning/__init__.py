"""What training would change: whether any weight, and which phase learns which."""
