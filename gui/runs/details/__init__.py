"""What one run was, with a person's notes, and in what several runs differ."""
