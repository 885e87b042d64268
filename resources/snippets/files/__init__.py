"""Files of samples: where they are, and what to do with broken ones."""
