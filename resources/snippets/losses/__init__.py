"""Losses that torch lacks."""
