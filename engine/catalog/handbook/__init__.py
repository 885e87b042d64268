"""The catalogue as pages to read, and what torch offers beside it."""
