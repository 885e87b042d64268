"""Texts as numbers of characters or words."""
