"""What a node can say of its weights: how they begin, and how they are parametrized."""
