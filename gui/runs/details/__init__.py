"""The details of one run, with the user's notes, and the differences of several runs."""
