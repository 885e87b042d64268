"""What is open, what is selected, and what is known of it: every panel reads this, and none is known here."""
