"""The declarations for the weights of a node: initializers and parametrizations."""
