"""A project's rows: read, split, transformed, moved to a device, and described."""
