"""A project's samples: read, split, transformed, moved to a device, and described."""
