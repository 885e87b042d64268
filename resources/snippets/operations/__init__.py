"""Operations on tensors that torch lacks, or computes in another form."""
