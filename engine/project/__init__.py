"""A project on disk: the .loom file, its journal, and the one writer of durable files."""
