"""What a network answers: the confusion matrix, and single samples with their pictures."""
