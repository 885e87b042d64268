"""The results of a run: the answers of its network for samples whose truth is known, and what they are worth."""
