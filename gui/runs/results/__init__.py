"""Pages for the outputs of a network during training: confusion matrix, single samples, generated pictures."""
