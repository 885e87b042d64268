"""Operations on tensors that learn nothing, one module for each family."""
