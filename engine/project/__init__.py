"""A project on disk: the .loom file, its journal, and the writer of all durable files."""
