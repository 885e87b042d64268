"""What layers usually take, for tests that try every kind."""
