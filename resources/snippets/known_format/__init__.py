"""Reads files whose form is known, for exported programs."""
